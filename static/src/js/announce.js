/** Speaks to screen readers through the page's one live region. */

let last = "";

/** Say it once; the same sentence twice in a row is said once only. */
export function say(text, doc = document) {
  const region = doc.getElementById("live");
  if (!region || !text || text === last) return;
  last = text;
  region.textContent = text;
}
