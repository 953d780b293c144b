// Whose phone this is now. Every answer of the city carries an opaque tag of its reader; at any change all that was
// kept for the reader before is deleted, before the new page is shown.

import { unsubscribe } from "./push.js";

const PLACE = "owner";
const KEY = "/owner";
const PRIVATE = "private-";
const NOBODY = "";

let turn = Promise.resolve();

/** The cache that holds this reader's pages. */
export const cacheOf = (tag) => PRIVATE + tag;

/** The tag of whoever reads here now; nothing when nobody is signed in. */
export async function owner() {
  const kept = await caches.match(KEY, { cacheName: PLACE }); // asking makes no cache where there is none
  return kept ? await kept.text() : NOBODY;
}

/** The reader an answer was made for; null when it does not say (a file, an answer of something before the city). */
export function readerOf(response) {
  if (response.headers.has("X-Anon")) return NOBODY;
  return response.headers.get("X-User-Tag");
}

/** Take note of whom this answer is for. One after the other: two pages may come at once. */
export function notice(response) {
  const reader = readerOf(response);
  if (reader === null) return turn;
  return inTurn(async () => {
    if ((await owner()) !== reader) await become(reader);
  });
}

/** Forget everybody: somebody signs out. */
export function forget() {
  return inTurn(() => become(NOBODY));
}

/** One that failed does not stand in the way of those after it. */
function inTurn(act) {
  turn = turn.catch(() => {}).then(act);
  return turn;
}

async function become(reader) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PRIVATE)).map(empty));
  await remember(reader).catch(() => caches.delete(PLACE)); // a full phone knows nobody, and keeps nothing
  await unsubscribe();
}

async function remember(reader) {
  await (await caches.open(PLACE)).put(KEY, new Response(reader));
}

/** Page by page: of a cache that is deleted as a whole, Chromium leaves the files until it is started the next time. */
export async function empty(name) {
  const cache = await caches.open(name);
  await Promise.all((await cache.keys()).map((request) => cache.delete(request)));
  await caches.delete(name);
}
