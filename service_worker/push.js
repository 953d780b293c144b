// What the city says while nobody looks: always shown, the newest word on a thing in the place of the one before.
import { inTime } from "./patience.js";
import { forgetWish } from "./wish.js";

const PLAIN = { title: "Kota", text: "Ada kabar dari kota.", lang: "id", tag: "kabar", path: "/inbox" };
const PATIENCE = 2000;
const ANSWER = 1000; // how long a window may take to say whether something would be lost

/** Show it, also when it cannot be read: a browser takes the right away from whoever gets a push and shows nothing. */
export function shown(data, registration) {
  const { title, text, lang, tag, path } = { ...PLAIN, ...read(data) };
  const look = { body: text, tag, renotify: true, icon: __ICON__, badge: __ICON__, data: { path }, lang };
  return registration.showNotification(title, look);
}

function read(data) {
  try {
    return Object(data.json());
  } catch {
    return {};
  }
}

/**
 * A tap: the page it speaks of, in a window of ours that is open, best in one that shows it already; drawn anew, for there
 * is news of it. What somebody has typed and not sent stays where it stands.
 */
export async function opened(notification, { clients, location }) {
  notification.close();
  const url = ownUrl(notification.data?.path, location.origin);
  const windows = await clients.matchAll({ type: "window" });
  const there = windows.find((each) => each.url.split("#")[0] === url);
  const open = there ?? windows[0];
  const unsent = open && (await holdsUnsent(open));
  if (!open || (unsent && !there)) return clients.openWindow(url);
  await open.focus().catch(() => {}); // a browser may refuse that, and show the window all the same
  if (!unsent) await open.navigate(url).catch(() => clients.openWindow(url)); // a window that this worker does not hold yet
}

/** Whether a window holds what leaving would lose: unsent.js answers. One that says nothing may hold it. */
async function holdsUnsent(window) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((hear) => {
    port1.onmessage = ({ data }) => hear(data);
  });
  window.postMessage("unsent", [port2]);
  const unsent = await inTime(answer, ANSWER).catch(() => true);
  port1.close();
  return unsent;
}

/** The address if it is one of ours, else the inbox: no message leads out. */
export function ownUrl(path, origin) {
  try {
    const url = new URL(path ?? PLAIN.path, origin);
    if (url.origin === origin) return url.href;
  } catch {
    // no address at all
  }
  return new URL(PLAIN.path, origin).href;
}

/** Nobody is told in this browser any more, whatever the city still believes. Never waits long: it may never answer. */
export async function unsubscribe(registration = globalThis.registration, patience = PATIENCE) {
  await forgetWish().catch(() => {});
  const manager = registration?.pushManager;
  if (!manager) return;
  const gone = manager.getSubscription().then((subscription) => subscription?.unsubscribe());
  await inTime(gone, patience).catch(() => {});
}
