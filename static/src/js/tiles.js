/** How old a tile's numbers are, and whether the wall may still be believed. */

export const SILENT = 20000; // a beat comes every 15 s

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
