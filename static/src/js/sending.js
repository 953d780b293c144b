/** What waits is sent now and, while somebody looks, again and again until nothing waits. */

const FIRST_PAUSE = 3000; // a phone says that it is back before the city can be reached
const LONGEST_PAUSE = 60_000;
const isSeen = () => document.visibilityState === "visible";

/** `waits()` tells whether something waits, `send()` sends it. Returns how to begin anew, after a short pause. */
export function keepSending(waits, send) {
  let timer;
  function sendIn(pause) {
    clearTimeout(timer);
    timer = setTimeout(sendAfter, pause, pause);
  }
  async function sendAfter(pause) {
    const more = await waits();
    await send();
    if (more && isSeen()) sendIn(Math.min(2 * pause || FIRST_PAUSE, LONGEST_PAUSE));
  }
  window.addEventListener("online", () => sendAfter(0));
  document.addEventListener("visibilitychange", () => isSeen() && sendAfter(0));
  sendAfter(0);
  return () => sendIn(FIRST_PAUSE);
}
