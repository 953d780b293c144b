// What the city says while nobody looks: always shown, the newest word on a thing in the place of the one before.

const PLAIN = { title: "Kota", text: "Ada kabar dari kota.", tag: "kabar", path: "/inbox" };
const PATIENCE = 2000;

/** Show it, also when it cannot be read: a browser takes the right away from whoever gets a push and shows nothing. */
export function shown(data, registration) {
  const { title, text, tag, path } = { ...PLAIN, ...read(data) };
  const look = { body: text, tag, renotify: true, icon: __ICON__, badge: __ICON__, data: { path }, lang: "id" };
  return registration.showNotification(title, look);
}

function read(data) {
  try {
    return Object(data.json());
  } catch {
    return {};
  }
}

/** A tap: the page it speaks of, in a window of ours that is open, else in a new one. */
export async function opened(notification, { clients, location }) {
  notification.close();
  const url = ownUrl(notification.data?.path, location.origin);
  const [open] = await clients.matchAll({ type: "window" });
  if (!open) return clients.openWindow(url);
  await open.focus().catch(() => {}); // a browser may refuse that, and show the window all the same
  return open.navigate(url).catch(() => clients.openWindow(url)); // a window that this worker does not hold yet
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
export function unsubscribe(registration = globalThis.registration, patience = PATIENCE) {
  const manager = registration?.pushManager;
  if (!manager) return Promise.resolve();
  const gone = manager.getSubscription().then((subscription) => subscription?.unsubscribe());
  return Promise.race([gone.catch(() => {}), new Promise((late) => setTimeout(late, patience))]);
}
