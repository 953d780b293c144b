// The worker that ends the worker: served in its place when a city must be rid of it (SERVICE_WORKER=off). It deletes
// what the phone has kept for reading and leaves; from then on pages come from the network alone.
import { empty } from "./owner.js";
import { finish } from "./sign_out.js";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  await finish().catch(() => {}); // a sign-out that waits for a network is not forgotten, if it can be sent
  await Promise.all((await caches.keys()).map(empty));
  await self.registration.unregister();
}
