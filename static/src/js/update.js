/** A new build of the app waits, a toast asks, one reload follows. Never over something that is typed and not sent. */

/** Call `offer` when a newer worker waits beside the one at work. The first worker of a phone asks nobody. */
export function whenWaiting(registration, workers, offer) {
  const look = () => registration.waiting && workers.controller && offer();
  const follow = () => registration.installing?.addEventListener("statechange", look);
  registration.addEventListener("updatefound", follow);
  follow();
  look();
}

/** Let the worker that waits take over; where it has done so already, for another tab, only the page is old. */
export function takeOver(registration, reload) {
  if (registration.waiting) registration.waiting.postMessage("skip");
  else reload();
}

const LEAVES = 5000; // for so long a page that somebody leaves may still be there; a download only looks like it

/** Reload once when another worker takes over: not for the first one of a phone, not what would be lost, and not in the
 * way of somebody who is going to another page. */
export function reloadOnChange(workers, { unsent, reload }, view = window) {
  let served = Boolean(workers.controller);
  let reloading = false;
  let left = -LEAVES;
  view.addEventListener("beforeunload", () => { left = Date.now(); });
  workers.addEventListener("controllerchange", () => {
    const first = !served;
    served = true;
    if (first || reloading || unsent() || Date.now() - left < LEAVES) return;
    reloading = true;
    reload();
  });
}

/** Put the toast into its place: it asks, or says that it waits for the form. */
export function showToast(place, { unsent, accept }, page = document) {
  if (!place || place.querySelector("[data-asks]")) return;
  place.append(place.querySelector("template").content.cloneNode(true));
  const draw = () => {
    if (!place.querySelector("[data-asks]")) return true; // not now
    const waits = unsent();
    place.querySelectorAll("[data-asks]").forEach((each) => each.toggleAttribute("hidden", waits));
    place.querySelector("[data-waits]").toggleAttribute("hidden", !waits);
    return waits;
  };
  place.querySelector("button").addEventListener("click", () => draw() || accept());
  place.querySelector("[data-later]").addEventListener("click", () => place.querySelector(".toast").remove());
  for (const change of ["input", "change", "htmx:afterSettle"]) page.addEventListener(change, draw);
  draw();
}
