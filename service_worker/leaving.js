// A sign-out that the city has not heard of yet: noted on this phone, told before anything else is asked of the city.
import { fetchWithin } from "./patience.js";

const PLACE = "sign-out";
const KEY = "/sign-out";
const PATIENCE = 15_000;

/** From now on the city has to hear of it. */
export async function note() {
  await (await caches.open(PLACE)).put(KEY, new Response());
}

/** Tell the city of a sign-out that waits. Rejects until that has worked: nothing else is asked for before. */
export async function finish() {
  if (await caches.match(KEY, { cacheName: PLACE })) await endSession();
}

/** End the session in the city. Rejects where it does not say that this is done. */
export async function endSession() {
  const { reader, token } = await (await fetchWithin(PATIENCE, "/session", { cache: "no-store" })).json();
  if (reader) {
    const headers = { "X-CSRFToken": token };
    const answer = await fetchWithin(PATIENCE, KEY, { method: "POST", headers, redirect: "manual" });
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(`still signed in: ${answer.status}`);
  }
  await caches.delete(PLACE);
}
