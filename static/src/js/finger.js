/** What draws itself anew waits for the finger that is on it: the press would be for something that is gone. */

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

  function lift() {
    pressed = null;
    if (late) window.htmx.ajax("GET", late.path, { source: late.elt });
    late = null;
  }
}
