// The service worker: the app's own files, the pages that may be read without a network, and one for all others.
// Everything else passes through.
import { dropOld, open } from "./pages.js";
import { opened as tapped, shown } from "./push.js";
import { classify } from "./routes.js";
import { finish, signOut } from "./sign_out.js";

const SHELL = `shell-${__BUILD__}`;
const SHELLS_KEPT = 2; // pages kept from the build before need its files
const OFFLINE = "/offline";
const ANSWERS = { asset: kept, page: opened, "sign-out": signedOut };

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOldShells(), dropOld()]).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const answer = ANSWERS[classify(event.request, self.location.origin)];
  if (answer) event.respondWith(answer(event));
});

self.addEventListener("push", (event) => event.waitUntil(shown(event.data, self.registration)));
self.addEventListener("notificationclick", (event) => event.waitUntil(tapped(event.notification, self)));

async function keepShell() {
  const shell = await caches.open(SHELL);
  await shell.addAll([...__SHELL__, new Request(OFFLINE, { cache: "reload", credentials: "omit" })]);
}

async function dropOldShells() {
  const shells = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
  await Promise.all(shells.slice(0, 1 - SHELLS_KEPT).map((name) => caches.delete(name)));
}

async function kept({ request }) {
  return (await caches.match(request)) ?? fetch(request);
}

async function opened(event) {
  try {
    await finish();
    return await open({ request: event.request, waitUntil: (work) => event.waitUntil(work) });
  } catch {
    return offline();
  }
}

async function signedOut({ request }) {
  try {
    return await signOut(request);
  } catch {
    return offline();
  }
}

async function offline() {
  const shell = await caches.open(SHELL);
  return (await shell.match(OFFLINE)) ?? Response.error();
}
