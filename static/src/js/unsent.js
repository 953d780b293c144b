/** Whether something on this page was typed and not sent: what a reload would lose. */

const CONTROLS = "input:not([type=hidden]), textarea, select";

/** Whether a control holds something else than the page brought. */
export function isChanged(control) {
  if (control.type === "file") return control.files.length > 0;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control.options) return !(brought(control.options) ?? { selected: true }).selected;
  return control.value !== control.defaultValue;
}

/** The option that a list shows when nobody has chosen: the marked one, else the first. */
function brought(options) {
  return [...options].find((option) => option.defaultSelected) ?? options[0];
}

let cameBack = false; // what somebody filled in was turned down: it stands in the form as if the page had brought it

/** Follow the answers to forms that htmx sends. */
export function start(body = document.body) {
  body.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { verb, elt } = detail.requestConfig; // the form itself: the answer may have taken its place
    if (verb !== "get" && elt.querySelector(CONTROLS)) cameBack = !detail.successful;
  });
}

/** An answer to a form sent without htmx is such a page too: base.html says so with data-sent. */
export function isUnsent(page = document) {
  return cameBack || "sent" in page.body.dataset || [...page.querySelectorAll(CONTROLS)].some(isChanged);
}

/** The service worker asks before it leads this window to what a notice speaks of. */
export function answer(workers, page = document) {
  workers.addEventListener("message", ({ data, ports }) => data === "unsent" && ports[0].postMessage(isUnsent(page)));
}
