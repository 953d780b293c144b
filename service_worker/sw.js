// The service worker: the app's own files, the pages that may be read and the forms that may wait without a network,
// and one page for all others. Everything else passes through.
import { dropOlderThan } from "./box.js";
import { post } from "./later.js";
import { finish } from "./leaving.js";
import { askForSync, flush } from "./outbox.js";
import { dropOld, open } from "./pages.js";
import { opened as tapped, shown } from "./push.js";
import { classify } from "./routes.js";
import { signOut } from "./sign_out.js";

const SHELL = `shell-${__BUILD__}`;
const MONTH = 30 * 24 * 3600 * 1000;
const PATIENCE = 4000; // for a page that this phone can draw by itself
const SHELLS_KEPT = 2; // pages kept from the build before need its files
const OFFLINE = "/offline";
const UNSENT = "/offline/unsent";
const OUTBOX = "/outbox";
const FILES = /\/static\/dist\/[\w-]+\.(?:css|js)/g;
const WITHOUT_NETWORK = [OFFLINE, UNSENT, OUTBOX];
const ANSWERS = { asset: kept, page: opened, "sign-out": signedOut, later: sentLater, form: sent };

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOldShells(), dropAged()]).then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "skip") self.skipWaiting(); // somebody has asked for the new build: update.js
  if (event.data.flush) event.waitUntil(flush(event.data).catch(askForSync));
});

self.addEventListener("fetch", (event) => {
  const answer = ANSWERS[classify(event.request, self.location.origin)];
  if (answer) event.respondWith(answer(event));
});

self.addEventListener("sync", (event) => {
  event.waitUntil(flush());
});

self.addEventListener("push", (event) => event.waitUntil(shown(event.data, self.registration)));
self.addEventListener("notificationclick", (event) => event.waitUntil(tapped(event.notification, self)));

/** While a city goes over to a new release, a node of the old one may answer: its pages name files that this worker does
 * not have. Then this one is not installed; the browser tries again. */
async function keepShell() {
  const shell = await caches.open(SHELL);
  const pages = WITHOUT_NETWORK.map((path) => new Request(path, { cache: "reload", credentials: "omit" }));
  await shell.addAll([...__SHELL__, ...pages]);
  const texts = await Promise.all(pages.map(async (page) => (await shell.match(page)).text()));
  if (texts.join("").match(FILES).every((file) => __SHELL__.includes(file))) return;
  await caches.delete(SHELL);
  throw new Error("pages of another release");
}

async function dropOldShells() {
  const shells = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
  await Promise.all(shells.slice(0, 1 - SHELLS_KEPT).map((name) => caches.delete(name)));
}

let hasLooked = false;

/** What is too old leaves this phone: looked for once each time this worker is woken. */
async function dropAged() {
  if (hasLooked) return;
  hasLooked = true;
  await Promise.all([dropOld(), dropOlderThan(MONTH)]);
}

async function kept({ request }) {
  return (await caches.match(request)) ?? fetch(request);
}

async function opened(event) {
  const isOutbox = new URL(event.request.url).pathname === OUTBOX;
  try {
    await finish();
    const heard = { request: event.request, waitUntil: (work) => event.waitUntil(work) };
    const page = await open(heard, isOutbox ? { longest: PATIENCE, drawn: true } : {});
    event.waitUntil(dropAged());
    return page;
  } catch {
    return ofShell(isOutbox ? OUTBOX : OFFLINE);
  }
}

async function signedOut({ request }) {
  try {
    return await signOut(request);
  } catch {
    return ofShell(OFFLINE);
  }
}

async function sentLater({ request }) {
  try {
    return await post(request);
  } catch {
    return request.mode === "navigate" ? ofShell(UNSENT) : Response.error();
  }
}

async function sent({ request }) {
  try {
    return await fetch(request);
  } catch {
    return ofShell(UNSENT);
  }
}

async function ofShell(page) {
  const shell = await caches.open(SHELL);
  return (await shell.match(page)) ?? Response.error();
}
