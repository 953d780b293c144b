/** Keeps the wall honest: clock, age of each tile, stale when the stream is silent, present again by itself. */

import { elapsed } from "./elapsed.js";
import { start as startNight } from "./night.js";
import { SILENT, draw, overall, wallClock, zoneMinutes } from "./tiles.js";
import { presentPage, standByItself } from "./unattended.js";

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
  const day = () => Math.floor((now() + zone * 60000) / 86400000);
  const today = day();
  let beat = elapsed(); // when the stream was last heard
  let turning = false;
  let fetched = -Infinity; // when the page was last asked instead

  document.body.addEventListener("htmx:sseMessage", () => {
    beat = elapsed();
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
    const stale = elapsed() - beat > SILENT && elapsed() - fetched > REFETCH + 5000;
    clock.textContent = wallClock(now(), zone);
    if (day() !== today) turnTheDay();
    draw(tiles, now(), stale, words);
    tell(tiles, stale);
  }

  /** Another date, another morning; not while the server is away: nobody would bring this page back. */
  async function turnTheDay() {
    if (turning) return;
    turning = true;
    turning = Boolean(await presentPage());
    if (turning) window.location.reload();
  }

  /** The stream is refused or dead: read the page itself, without leaving it, until the stream is back. */
  async function refetch() {
    const silence = elapsed() - beat;
    if (silence < REFETCH) return;
    const page = await presentPage();
    const fresh = page?.getElementById("tiles"); // none where the session has ended: reloading shows the way in
    if (page && silence > GIVE_UP) window.location.reload();
    if (!fresh) return;
    document.getElementById("tiles").replaceWith(document.adoptNode(fresh));
    window.htmx.process(fresh);
    fetched = elapsed();
  }

  setInterval(tick, 1000);
  setInterval(refetch, REFETCH);
  startNight(now, zone, presentPage);
  standByItself();
  tick();
}
