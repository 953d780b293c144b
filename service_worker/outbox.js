// What waits on this phone goes out once there is a network: by its owner only, at each address the oldest first. Sent
// at least once from here; the city's own memory of each form's key makes that one effect.
import { all, bytesOf, changing, done, isWaiting, mark, readers } from "./box.js";
import { finish } from "./leaving.js";
import { fetchWithin } from "./patience.js";

const BUSY = [408, 425, 429, 500, 502, 503, 504];
const STUMBLES = 5; // so often a form may find the city stumbling over it before its owner is told
const PATIENCE = 15_000;
const LONG_PATIENCE = 300_000; // for a file
const PAUSE = 30_000;
const LONGEST_PAUSE = 3600_000;
const TOO_OLD = 14 * 24 * 3600_000; // the city remembers the keys of forms for longer

/** Send all that waits for whoever is signed in. Rejects where something must wait on. */
export function flush({ now = false } = {}) {
  return locked("outbox", () => sendAll(now));
}

let turn = Promise.resolve();

/** One after the other. Browsers of 2021 have no locks, but one worker, and its turns. */
function locked(name, act) {
  if (navigator.locks) return navigator.locks.request(name, act);
  const mine = turn.catch(() => {}).then(act);
  turn = mine;
  return mine;
}

/** Ask the browser to wake this worker when there is a network, also with no page open. */
export async function askForSync() {
  await self.registration.sync?.register("outbox").catch(() => {});
}

async function sendAll(now) {
  await finish(); // nothing goes out in a session that its owner has ended
  if ((await readers()).length === 0) return;
  const session = await (await fetchWithin(PATIENCE, "/session", { cache: "no-store" })).json();
  const stuck = new Set(); // addresses at which something must wait on, and with it what is younger
  let sent = 0;
  try {
    for (const form of filesLast(await all(session.reader))) {
      if (!isWaiting(form) || stuck.has(form.to)) continue;
      const went = await send(session, form, now);
      if (went === null) stuck.add(form.to);
      sent += went ?? 0;
    }
  } finally {
    await tell({ sent });
  }
  if (stuck.size > 0) throw new Error("something must wait on");
}

/** A photo takes minutes where a word takes a second. */
const filesLast = (forms) => [...forms.filter(({ soon }) => soon), ...forms.filter(({ soon }) => !soon)];

/** Returns how many went out: 1; 0 where the city said no; null where it must wait. Throws where all must wait. */
async function send({ reader, token }, form, now) {
  if (Date.now() - form.at > TOO_OLD) return reject(reader, form, "");
  if ((!now && form.after > Date.now()) || (await isBeingChanged(form))) return null;
  const body = await bytesOf(reader, form.key);
  if (!body) return 0;
  const answer = await carry(form, body, token);
  if (answer?.ok || answer?.headers.has("X-Saved")) {
    await done(reader, form);
    return 1;
  }
  if (answer?.status === 401 || answer?.type === "opaqueredirect") throw new Error("signed out meanwhile");
  if (!answer || (BUSY.includes(answer.status) && !isTheForms(form, answer))) return postpone(reader, form, answer);
  return reject(reader, form, await answer.text());
}

/** The city's answer; nothing where a file did not get through. */
async function carry(form, body, token) {
  const headers = { "Content-Type": form.type, "X-CSRFToken": token, "HX-Request": "true" };
  const options = { method: "POST", body, headers, redirect: "manual" };
  try {
    return await fetchWithin(form.soon ? PATIENCE : LONG_PATIENCE, form.to, options);
  } catch (lost) {
    if (form.soon) throw lost;
    return null;
  }
}

/** Whether it is this form over which the city stumbles, time and again. */
const isTheForms = (form, { status }) => status === 500 && form.tries >= STUMBLES;

async function isBeingChanged({ key }) {
  const { held } = (await navigator.locks?.query()) ?? { held: [] };
  return held.some(({ name }) => name === changing(key));
}

async function postpone(reader, form, answer) {
  const asked = Number(answer?.headers.get("Retry-After") ?? 0) * 1000;
  const pause = Math.max(asked, Math.min(PAUSE * 2 ** form.tries, LONGEST_PAUSE));
  await mark(reader, form, { tries: form.tries + 1, after: Date.now() + pause });
  return null;
}

async function reject(reader, form, answer) {
  await mark(reader, form, { state: "rejected", answer });
  return 0;
}

/** Tell all open pages. */
export async function tell(news) {
  const pages = await self.clients.matchAll({ includeUncontrolled: true });
  pages.forEach((page) => page.postMessage({ outbox: news }));
}
