// Who wants to be told in this browser, and what the city then knew of it: else a phone that loses its subscription would
// be silent for good. Goes with all that is private: see owner.js.

const PLACE = "bell";
const KEY = "/bell";

/** This reader wants it. `mark` names the subscription of which the city knows. */
export async function remember(reader, mark) {
  await (await caches.open(PLACE)).put(KEY, new Response(`${reader} ${mark}`));
}

/** The mark that was remembered for this reader; nothing where they do not want it. */
export async function wishOf(reader) {
  const kept = await caches.match(KEY, { cacheName: PLACE });
  const [whose, mark] = ((await kept?.text()) ?? "").split(" ");
  return whose === reader ? mark : undefined;
}

export async function forgetWish() {
  if (await caches.has(PLACE)) await (await caches.open(PLACE)).delete(KEY);
}
