/** A button that has been pressed says so, and is not pressed twice. */

const resting = new Map();

function buttonOf(form, submitter) {
  return submitter?.dataset.busy ? submitter : form.querySelector("button[data-busy]");
}

export function work(button) {
  if (!button || resting.has(button)) return;
  const label = button.querySelector("[data-label]");
  resting.set(button, label?.textContent);
  button.setAttribute("aria-busy", "true");
  if (label) label.textContent = button.dataset.busy;
}

export function rest(button) {
  if (!resting.has(button)) return;
  const label = button.querySelector("[data-label]");
  if (label) label.textContent = resting.get(button);
  button.removeAttribute("aria-busy");
  resting.delete(button);
}

function plainSubmit(event) {
  const form = event.target;
  const button = buttonOf(form, event.submitter);
  if (event.defaultPrevented || form.method === "dialog" || !button) return;
  if (resting.has(button)) event.preventDefault();
  else setTimeout(() => work(button));
}

export function start() {
  document.addEventListener("submit", plainSubmit);
  document.body.addEventListener("htmx:confirm", (event) => {
    if (resting.size && event.detail.elt.matches("form")) event.preventDefault(); // one press at a time
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (form.matches("form")) work(buttonOf(form));
  });
  document.body.addEventListener("htmx:afterRequest", () => [...resting.keys()].forEach(rest));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) [...resting.keys()].forEach(rest);
  });
}
