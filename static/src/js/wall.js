/** Keeps the wall honest: clock, age of each tile, stale when the stream is silent, present again by itself. */

import { SILENT, draw, overall, wallClock, zoneMinutes } from "./tiles.js";

const REFETCH = 30000;
const GIVE_UP = 300000;

/** The server's time; app.js keeps how far it is from ours on <html data-clock>. */
const now = () => Date.now() + Number(document.documentElement.dataset.clock || 0);

export function start() {
  const wall = document.querySelector("[data-wall]");
  const clock = wall.querySelector("[data-clock]");
  const word = wall.querySelector("[data-overall]");
  const words = wall.dataset;
  const zone = zoneMinutes(document.querySelector('meta[name="server-time"]').content, clock.dataset.hour);
  let beat = Date.now(); // when the stream was last heard
  let fetched = 0; // when the page was last asked instead

  document.body.addEventListener("htmx:sseMessage", () => {
    beat = Date.now();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) fetched = Date.now();
  });

  function tell(tiles, stale) {
    const tones = [...tiles].map((tile) => tile.querySelector("[data-tone]")?.dataset.tone);
    const [tone, count] = overall(tones);
    const shown = stale ? "attention" : tone;
    word.className = `wall-word shape shape-${shown}`;
    word.textContent = stale ? words.cut : words[tone].replace("{n}", count);
  }

  function tick() {
    const tiles = wall.querySelectorAll("[data-tile]");
    const stale = Date.now() - beat > SILENT && Date.now() - fetched > REFETCH + 5000;
    clock.textContent = wallClock(now(), zone);
    draw(tiles, now(), stale, words);
    tell(tiles, stale);
  }

  /** The stream is refused or dead: read the page itself, without leaving it, until the stream is back. */
  function refetch() {
    const silence = Date.now() - beat;
    if (silence < REFETCH) return;
    if (silence > GIVE_UP && Date.now() - fetched < 2 * REFETCH) window.location.reload();
    else window.htmx.ajax("GET", window.location.pathname, { target: "#tiles", select: "#tiles", swap: "outerHTML" });
  }

  setInterval(tick, 1000);
  setInterval(refetch, REFETCH);
  tick();
}
