// Forms that wait on this phone to be sent: one cache per reader, two entries per form. What was filled in is written
// once and read only to send or to change it; how it stands is a small entry of its own. A cache and not IndexedDB: of
// an entry that is deleted here no file is left, while IndexedDB keeps what was deleted in its log. But an entry that
// somebody has opened and not read to its end would stay, so bodies are always read whole.

const BOX = "outbox-";
const FORM = "/outbox/form/";
const STATE = "/outbox/state/";
const FRESH = { state: "waiting", tries: 0, after: 0 };

/** Whether a cache of this name holds what waits to be sent. */
export const isBox = (name) => name.startsWith(BOX);

/** The name of the lock that a page holds while somebody changes this form: it is not sent meanwhile. */
export const changing = (key) => `changing-${key}`;

/** Keep a form: `about` is {key, to, page, title, at, editable, soon}, `body` what a form sends. The same key is replaced. */
export async function put(reader, about, body) {
  const box = await caches.open(BOX + reader);
  const form = new Response(body);
  const type = form.headers.get("Content-Type"); // of a Blob the type would lose its capital letters
  await box.put(FORM + about.key, form);
  await write(box, { ...about, type, ...FRESH, version: Math.random() });
}

/** All that waits for this reader, oldest first: what `put` was told, and {type, state, tries, after, answer}. */
export async function all(reader) {
  if (!reader || !(await caches.has(BOX + reader))) return [];
  const box = await caches.open(BOX + reader);
  const states = (await box.keys()).filter((request) => new URL(request.url).pathname.startsWith(STATE));
  const forms = await Promise.all(states.map(async (request) => (await box.match(request))?.json()));
  return forms.filter(Boolean).sort((one, other) => one.at - other.at);
}

/** Whether this form is to be sent; else the city did not accept it. */
export const isWaiting = ({ state }) => state === "waiting";

/** What was filled in, as the bytes that are to be sent; nothing where it was taken out meanwhile. */
export async function bytesOf(reader, key) {
  const box = await caches.open(BOX + reader);
  return (await box.match(FORM + key))?.arrayBuffer();
}

/** How a form stands now: "waiting" or "rejected"; `tries` so far, not to be sent `after`, the city's `answer`. */
export async function mark(reader, form, state) {
  if (await stillIs(reader, form)) await write(await caches.open(BOX + reader), { ...form, ...FRESH, ...state });
}

/** This form was sent. What was filled in anew under its key while it was on its way stays. */
export async function done(reader, form) {
  if (await stillIs(reader, form)) await remove(reader, form.key);
}

async function stillIs(reader, { key, version }) {
  return (await all(reader)).some((form) => form.key === key && form.version === version);
}

async function write(box, form) {
  await box.put(STATE + form.key, new Response(JSON.stringify(form)));
}

/** Take a form out: its owner does not want it any more, or another has taken its place. */
export async function remove(reader, key) {
  const box = await caches.open(BOX + reader);
  await Promise.all([FORM + key, STATE + key].map((place) => box.delete(place)));
}

/** Take out all that waits for this reader. */
export async function clear(reader) {
  await Promise.all((await all(reader)).map(({ key }) => remove(reader, key)));
}

/** The tags of all readers for whom something waits. */
export async function readers() {
  const tags = (await caches.keys()).filter(isBox).map((name) => name.slice(BOX.length));
  const counts = await Promise.all(tags.map(async (tag) => (await all(tag)).length));
  return tags.filter((_tag, place) => counts[place] > 0);
}

/** Nothing stays for ever on a phone, also not what somebody left who never came back. */
export async function dropOlderThan(age) {
  for (const reader of await readers()) {
    for (const { key, at } of await all(reader)) if (Date.now() - at > age) await remove(reader, key);
  }
}
