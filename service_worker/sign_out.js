// Signing out: first everything private leaves this phone, then the city hears of it, at once or when the network is back.
import { all, clear } from "./box.js";
import { flush } from "./outbox.js";
import { forget, owner } from "./owner.js";

const PLACE = "sign-out";
const KEY = "/sign-out";

/** Forget the reader, then tell the city. What waits to be sent is not forgotten unasked. */
export async function signOut(request) {
  const asked = await whatWaits((await request.formData()).get("outbox"));
  if (asked) return asked;
  await (await caches.open(PLACE)).put(KEY, new Response());
  await forget();
  await finish();
  return Response.redirect("/", 303);
}

/** Do with the outbox what its owner has chosen. Returns the page that asks, where something would still be left. */
async function whatWaits(choice) {
  const reader = await owner();
  if (choice === "delete") await clear(reader);
  if (choice === "send") await flush({ now: true }).catch(() => {});
  if (choice === "keep" || (await all(reader)).length === 0) return null;
  return Response.redirect(choice ? "/outbox#unsent" : "/outbox#leaving", 303);
}

/** Send a sign-out that waits. Until that has worked nothing else of the city is asked for. */
export async function finish() {
  if (!(await caches.match(KEY, { cacheName: PLACE }))) return;
  const { reader, token } = await (await fetch("/session", { cache: "no-store" })).json();
  if (reader) await fetch(KEY, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
  await caches.delete(PLACE);
}
