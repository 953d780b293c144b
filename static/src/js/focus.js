/** After an answer, puts the reader where the answer is: the errors, the result, or where they were. */

let before = "";

/** What deserves the focus in a region that a form's answer has just replaced. */
export function goalOf(region) {
  if (!region) return null;
  return region.id === "notice" ? region : region.querySelector(".summary, [data-result]");
}

function remember() {
  before = document.activeElement?.id || "";
}

function place(event) {
  const { requestConfig, target } = event.detail;
  if (!requestConfig || requestConfig.verb === "get" || !target) return;
  if (target.id !== "notice") document.getElementById("notice")?.replaceChildren();
  const goal = goalOf(document.getElementById(target.id));
  if (goal) goal.focus();
  else if (document.activeElement === document.body) document.getElementById(before)?.focus({ preventScroll: true });
}

export function start() {
  document.body.addEventListener("htmx:beforeRequest", remember);
  document.body.addEventListener("htmx:afterSettle", place);
  document.querySelector("main:not(.gaya) .summary")?.focus();
}
