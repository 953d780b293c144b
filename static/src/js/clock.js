/** The server's clock in the browser: countdowns and ages never trust the telephone's own hour. */

let offset = 0;

/** Learn how far the server's clock is from ours. Unreadable text changes nothing. */
export function sync(iso, here = Date.now()) {
  const there = Date.parse(iso);
  if (!Number.isNaN(there)) offset = there - here;
}

/** The server's present time in milliseconds. */
export function now(here = Date.now()) {
  return here + offset;
}

/** Minutes between UTC and the city's wall clock, from one moment told both ways: ("…T00:12:00Z", "07.12") -> 420. */
export function zoneMinutes(iso, hour) {
  const moment = new Date(iso);
  const [h, m] = hour.split(/[.:]/).map(Number);
  const difference = h * 60 + m - (moment.getUTCHours() * 60 + moment.getUTCMinutes());
  return Math.round((((difference + 1440 + 720) % 1440) - 720) / 15) * 15;
}

/** "07.12.05" by the city's wall clock. */
export function wallClock(milliseconds, minutes) {
  return new Date(milliseconds + minutes * 60000).toISOString().slice(11, 19).replaceAll(":", ".");
}

/** Begin with the time that stands in the page's head. */
export function start(doc = document) {
  const meta = doc.querySelector('meta[name="server-time"]');
  if (meta) sync(meta.content);
}
