// How long a phone keeps a page for reading.

const WEEK = 7 * 24 * 3600 * 1000;

/** Whether a page that was kept is older than a week, by the hour at which the city made it. */
export function isOld(kept) {
  return !(Date.now() - Date.parse(kept.headers.get("Date")) < WEEK);
}
