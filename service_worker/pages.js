// Pages that may be read without a network: those that the city marks, each in the cache of its own reader.
import { isOld } from "./age.js";
import { cacheOf, empty, notice, owner, readerOf } from "./owner.js";
import { inTime, isAway } from "./patience.js";

const MOST = 20;
const PATIENCE = 4000;
const LONG_PATIENCE = 15_000; // where there is nothing else to show
const NOBODY_THERE = "X-Away"; // how nginx.conf marks its own words
const NOTE = "data-offline-note hidden"; // what base.html holds ready: the hour at which this page was made

/**
 * The page from the network; without one, where the city is away, or after `patience`, the copy that was kept. Rejects
 * where there is none and nothing has come after `longest`, nobody is there, or the city is away and this phone can draw
 * the page by itself. However late the network answers, what it says of the reader is heard, and the page is kept if it
 * may be.
 */
export async function open({ request, waitUntil }, { patience = PATIENCE, longest = LONG_PATIENCE, drawn = false } = {}) {
  const answer = fetch(request);
  const heard = answer.then(async (response) => {
    await notice(response);
    return response;
  });
  waitUntil(heard.then((response) => keep(request, response.clone())).catch(() => {}));
  const kept = await readable(request);
  try {
    const page = await inTime(heard, kept ? patience : longest);
    const isOfUse = !isAway(page) || !(kept || drawn || page.headers.has(NOBODY_THERE));
    if (isOfUse) return page.clone();
  } catch (lost) {
    if (!kept) throw lost;
  }
  if (!kept) throw new Error("the city is away");
  return kept;
}

/** Keep a copy, if the city allows it for this page and it is the present reader's. */
async function keep(request, response) {
  const reader = readerOf(response);
  if (!response.headers.has("X-Keep") || response.status !== 200 || response.redirected) return;
  if (!reader || reader !== (await owner())) return;
  const cache = await caches.open(cacheOf(reader));
  await cache.delete(request.url); // so that it stands last again
  await cache.put(request.url, response);
  const urls = await cache.keys();
  await Promise.all(urls.slice(0, -MOST).map((old) => cache.delete(old)));
  if (reader !== (await owner())) await empty(cacheOf(reader)); // signed out meanwhile
}

/** What was kept of this address for the present reader, with its hour shown; null when there is nothing. */
export async function readable(request) {
  const reader = await owner();
  if (!reader) return null;
  const cache = await caches.open(cacheOf(reader));
  const kept = await cache.match(request.url);
  if (!kept) return null;
  const text = await kept.text(); // whole, before anything is deleted: of a file that is open the browser leaves a copy
  if (isOld(kept)) {
    await cache.delete(request.url);
    return null;
  }
  const html = text.replace(NOTE, "data-offline-note");
  return new Response(html, { status: 200, headers: { "Content-Type": "text/html; charset=utf-8", ...policy(kept) } });
}

/** Delete what is older than a week, whoever's it is. */
export async function dropOld() {
  for (const name of (await caches.keys()).filter((each) => each.startsWith(cacheOf("")))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      await kept.text();
      if (isOld(kept)) await cache.delete(request);
    }
  }
}

function policy(kept) {
  const name = "Content-Security-Policy";
  return kept.headers.has(name) ? { [name]: kept.headers.get(name) } : {};
}
