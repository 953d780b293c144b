/** The server's clock in the browser: countdowns and ages never trust the telephone's own hour. */

/** How far the server's clock is from ours stands on <html data-clock>, where the other entries read it too. */
const shelf = () => document.documentElement.dataset;

/** Learn the server's time. Unreadable text changes nothing. */
export function sync(iso, here = Date.now(), place = shelf()) {
  const there = Date.parse(iso);
  if (!Number.isNaN(there)) place.clock = String(there - here);
}

/** The server's present time in milliseconds. */
export function now(here = Date.now(), place = shelf()) {
  return here + Number(place.clock || 0);
}

/** Begin with the time in the page's head; each beat of a stream sets it again. */
export function start() {
  const meta = document.querySelector('meta[name="server-time"]');
  if (meta) sync(meta.content);
  document.body.addEventListener("htmx:sseMessage", (event) => {
    if (event.detail.type === "beat") sync(event.detail.data);
  });
}
