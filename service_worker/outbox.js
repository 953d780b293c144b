// What waits on this phone goes out once there is a network: by its owner only, oldest first. Sent at least once from
// here; the city's own memory of each form's key makes that one effect.
import { all, bytesOf, mark, readers, remove } from "./box.js";

const BUSY = [408, 425, 429, 500, 502, 503, 504];
const PAUSE = 30_000;
const LONGEST_PAUSE = 3600_000;
const TOO_OLD = 14 * 24 * 3600_000; // the city remembers the keys of forms for longer

/** Send all that waits for whoever is signed in, oldest first. Rejects where something must wait on. */
export function flush({ now = false } = {}) {
  return navigator.locks.request("outbox", () => sendAll(now));
}

async function sendAll(now) {
  if ((await readers()).length === 0) return;
  const session = await (await fetch("/session", { cache: "no-store" })).json();
  let sent = 0;
  try {
    for (const form of await all(session.reader)) {
      if (form.state === "waiting") sent += await send(session, form, now);
    }
  } finally {
    await tell({ sent });
  }
}

/** Returns how many went out: 1, or 0 where the city said no. Throws where this form and all after it must wait. */
async function send({ reader, token }, form, now) {
  if (Date.now() - form.at > TOO_OLD) return reject(reader, form, "");
  if (!now && form.after > Date.now()) throw new Error("not yet");
  const body = await bytesOf(reader, form.key);
  const headers = { "Content-Type": form.type, "X-CSRFToken": token, "HX-Request": "true" };
  const answer = await fetch(form.to, { method: "POST", body, headers, redirect: "manual" });
  if (answer.ok) {
    await remove(reader, form.key);
    return 1;
  }
  if (answer.status === 401 || answer.type === "opaqueredirect") throw new Error("signed out meanwhile");
  if (BUSY.includes(answer.status)) return postpone(reader, form, answer);
  return reject(reader, form, await answer.text());
}

async function postpone(reader, form, answer) {
  const asked = Number(answer.headers.get("Retry-After") ?? 0) * 1000;
  const pause = Math.max(asked, Math.min(PAUSE * 2 ** form.tries, LONGEST_PAUSE));
  await mark(reader, form, { tries: form.tries + 1, after: Date.now() + pause });
  throw new Error(`the city is busy: ${answer.status}`);
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
