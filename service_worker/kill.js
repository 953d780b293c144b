// The worker that ends the worker: served in its place when a city must be rid of it (SERVICE_WORKER=off). It deletes
// what the phone has kept for reading and leaves; from then on pages come from the network alone. What waits to be sent
// stays for a worker that comes later: nobody has told its owner that it is given up.
import { isBox } from "./box.js";
import { finish } from "./leaving.js";
import { empty } from "./owner.js";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  await finish().catch(() => {}); // a sign-out that waits for a network is not forgotten, if it can be sent
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !isBox(name)).map(empty));
  await self.registration.unregister();
}
