/** What draws itself anew gives way to a press: drawn under the finger, it would be for something that is gone. */

/** Hold back what the server sends for a region in which somebody presses just now; ask for it anew afterwards. */
export function start(body = document.body) {
  let pressed = null;
  let late = null;

  body.addEventListener("pointerdown", ({ target }) => { pressed = target; });
  for (const end of ["pointerup", "pointercancel"]) body.addEventListener(end, () => setTimeout(lift)); // after its click

  body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { target, requestConfig } = detail;
    if (requestConfig?.verb !== "get" || !target.contains(pressed)) return;
    detail.shouldSwap = false;
    late = requestConfig;
  });

  // A press ends the drawing that is under way, says hx-sync; but then the one that waits behind it begins, and would take
  // the button away before its press was sent.
  body.addEventListener("htmx:confirm", ({ defaultPrevented, detail }) => {
    const [drawn] = detail.elt.closest("[hx-sync$=':replace']")?.getAttribute("hx-sync").split(":") ?? [];
    if (drawn && !defaultPrevented) window.htmx.trigger(drawn, "htmx:abort");
  });

  function lift() {
    pressed = null;
    if (late) window.htmx.ajax("GET", late.path, { source: late.elt });
    late = null;
  }
}
