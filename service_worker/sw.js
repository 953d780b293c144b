// The service worker: keeps the app's own files and one page for when there is no network. Everything else passes through.
import { classify } from "./routes.js";

const SHELL = `shell-${__BUILD__}`;
const OFFLINE = "/offline";

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const kind = classify(event.request, self.location.origin);
  if (kind === "asset") event.respondWith(kept(event.request));
  if (kind === "page") event.respondWith(pageOrOffline(event.request));
});

async function keepShell() {
  const shell = await caches.open(SHELL);
  await shell.addAll([...__SHELL__, new Request(OFFLINE, { cache: "reload", credentials: "omit" })]);
}

async function dropOldShells() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function pageOrOffline(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}
