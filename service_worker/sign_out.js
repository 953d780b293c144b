// Signing out: first everything private leaves this phone, then the city hears of it, at once or when the network is back.
import { forget } from "./owner.js";

const PLACE = "sign-out";
const KEY = "/sign-out";

/** Forget the reader, then tell the city. Without a network the form waits and is sent before anything else. */
export async function signOut(request) {
  const body = await request.clone().text();
  await forget();
  try {
    return await fetch(request);
  } catch (lost) {
    await (await caches.open(PLACE)).put(KEY, new Response(body));
    throw lost;
  }
}

/** Send a sign-out that waits. Until that has worked nothing else of the city is asked for. */
export async function finish() {
  const kept = await (await caches.open(PLACE)).match(KEY);
  if (!kept) return;
  const type = "application/x-www-form-urlencoded";
  await fetch(KEY, { method: "POST", body: await kept.text(), headers: { "Content-Type": type }, redirect: "manual" });
  await caches.delete(PLACE);
}
