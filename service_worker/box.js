// Forms that wait on this phone to be sent: one cache per reader, two entries per form. The form itself is written once;
// how it stands is a small entry of its own, so that nothing is lost while that changes. A cache and not IndexedDB: of
// an entry that is deleted here no file is left, while IndexedDB keeps what was deleted in its log.

const BOX = "outbox-";
const PLACE = "/outbox/";
const STATE = "/state";
const FRESH = { state: "waiting", tries: 0, after: 0 };

/** Keep a form: `about` is {key, to, page, title, at, editable}, `body` a Blob. One with the same key is replaced. */
export async function put(reader, about, body) {
  const box = await caches.open(BOX + reader);
  await write(box, about.key, FRESH);
  await box.put(PLACE + about.key, new Response(body, { headers: { "X-About": encodeURIComponent(JSON.stringify(about)) } }));
}

/** All that waits for this reader, oldest first: what `put` was told, and {state, tries, after, answer}. */
export async function all(reader) {
  if (!reader || !(await caches.has(BOX + reader))) return [];
  const box = await caches.open(BOX + reader);
  const places = (await box.keys()).map((request) => new URL(request.url).pathname);
  const forms = places.filter((place) => !place.endsWith(STATE)).map((place) => read(box, place));
  return (await Promise.all(forms)).sort((one, other) => one.at - other.at);
}

async function read(box, place) {
  const about = JSON.parse(decodeURIComponent((await box.match(place)).headers.get("X-About")));
  const state = await box.match(place + STATE);
  return { ...about, ...(state ? await state.json() : FRESH) };
}

/** The form as it was filled in: a Response whose body and type are to be sent. */
export async function formOf(reader, key) {
  return (await caches.open(BOX + reader)).match(PLACE + key);
}

/** How a form stands now: "waiting" or "rejected"; `tries` so far, not `after` so many ms, the city's `answer`. */
export async function mark(reader, key, state) {
  await write(await caches.open(BOX + reader), key, { ...FRESH, ...state });
}

async function write(box, key, state) {
  await box.put(PLACE + key + STATE, new Response(JSON.stringify(state)));
}

/** Take a form out: it was sent, or its owner does not want it any more. */
export async function remove(reader, key) {
  const box = await caches.open(BOX + reader);
  await Promise.all([PLACE + key, PLACE + key + STATE].map((place) => box.delete(place)));
}

/** Take out all that waits for this reader. */
export async function clear(reader) {
  await Promise.all((await all(reader)).map(({ key }) => remove(reader, key)));
}

/** The tags of all readers for whom something waits. */
export async function readers() {
  const tags = (await caches.keys()).filter((name) => name.startsWith(BOX)).map((name) => name.slice(BOX.length));
  const counts = await Promise.all(tags.map(async (tag) => (await all(tag)).length));
  return tags.filter((_tag, place) => counts[place] > 0);
}

/** Nothing stays for ever on a phone, also not what somebody left who never came back. */
export async function dropOlderThan(age) {
  for (const reader of await readers()) {
    for (const { key, at } of await all(reader)) if (Date.now() - at > age) await remove(reader, key);
  }
}
