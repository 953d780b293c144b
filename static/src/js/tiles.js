/** How old a tile's numbers are, and whether the wall may still be believed. */

export const SILENT = 20000; // a beat comes every 15 s

/** Minutes between UTC and the city's wall clock, from one moment told both ways: ("…T00:12:00Z", "07.12") -> 420. */
export function zoneMinutes(iso, hour) {
  const moment = new Date(iso);
  const [h, m] = hour.split(/[.:]/).map(Number);
  const difference = h * 60 + m - (moment.getUTCHours() * 60 + moment.getUTCMinutes());
  return Math.round((((difference + 2160) % 1440) - 720) / 15) * 15;
}

/** "07.12.05" by the city's wall clock. */
export function wallClock(milliseconds, minutes) {
  return new Date(milliseconds + minutes * 60000).toISOString().slice(11, 19).replace(/:/g, ".");
}

/** 125000 ms -> words.minutes with its number in place. `words`: seconds, minutes, hours, each with "{n}". */
export function age(milliseconds, words) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return words.seconds.replace("{n}", seconds);
  if (seconds < 3600) return words.minutes.replace("{n}", Math.floor(seconds / 60));
  return words.hours.replace("{n}", Math.floor(seconds / 3600));
}

/** The one word over the whole wall: ["late" | "attention" | "good", how many tiles]. */
export function overall(tones) {
  for (const tone of ["late", "attention"]) {
    const count = tones.filter((each) => each === tone).length;
    if (count) return [tone, count];
  }
  return ["good", 0];
}

/** Write the age under each tile and mark those that are no longer live. */
export function draw(tiles, time, stale, words) {
  tiles.forEach((tile) => {
    const at = Date.parse(tile.querySelector("[data-at]")?.dataset.at ?? "");
    const text = Number.isNaN(at) ? "" : age(time - at, words);
    tile.querySelector("[data-age]").textContent = stale && text ? words.old.replace("{age}", text) : text;
    tile.classList.toggle("tile-stale", stale);
  });
}
