// Signing out: first everything private leaves this phone, then the city hears of it, at once or when the network is back.
import { all, clear } from "./box.js";
import { endSession, note } from "./leaving.js";
import { askForSync, flush } from "./outbox.js";
import { forget, owner } from "./owner.js";

/** Forget the reader, then tell the city. What waits to be sent is not forgotten unasked. */
export async function signOut(request) {
  const asked = await whatWaits((await request.formData()).get("outbox"));
  if (asked) return asked;
  await note().catch(() => {}); // a full phone: then the city hears of it now or not at all
  await forget();
  await askForSync();
  await endSession();
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
