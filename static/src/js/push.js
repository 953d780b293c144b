/** «Tell me»: asks the browser only after a tap, does not leave anybody waiting for it, and says how it went. */

const PATIENCE = 10000; // then the phone is said not to answer; an answer that comes after all counts all the same

/** Which state the bell is in before anything is pressed. `on`: the city believes that this browser is told. */
export function stateOf(browser, on) {
  const known = "serviceWorker" in browser.navigator && "PushManager" in browser && "Notification" in browser;
  if (!known) return isApple(browser.navigator) ? "home" : "unsupported";
  const { permission } = browser.Notification;
  if (permission === "denied") return "denied";
  return on && permission === "granted" ? "on" : "ask";
}

const isApple = ({ userAgent, maxTouchPoints }) =>
  /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1); // an iPad says it is a Mac

/** Ask the browser. Resolves to what the city is to be told, or to the name of the state that came of it. */
export async function ask(browser, key) {
  try {
    const said = await browser.Notification.requestPermission();
    if (said !== "granted") return said === "denied" ? "denied" : "ask";
    return facts(await subscribed(browser, key));
  } catch (refused) {
    return refused.name === "NotAllowedError" ? "denied" : "late";
  }
}

/** What to tell the city where that which it knows (`mark`) does not hold any more; null where it does. */
export async function renewed(browser, key, mark) {
  try {
    const found = facts(await subscribed(browser, key));
    return (await markOf(found.endpoint, browser.crypto)) === mark ? null : found;
  } catch {
    return null;
  }
}

/** The browser's subscription to this very key: after the city has changed its key, a new one. */
async function subscribed({ navigator }, key) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old && keyOf(old) === key) return old;
  await old?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

const keyOf = ({ options }) => text(new Uint8Array(options?.applicationServerKey ?? []));
const text = (raw) => btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const bytes = (key) => Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

function facts(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

export async function markOf(endpoint, crypto) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function show(bell, state) {
  bell.hidden = false;
  for (const part of bell.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
}

function tellTheCity(bell, said, browser) {
  const form = bell.querySelector("[data-bell-form]");
  for (const [name, value] of Object.entries(said)) form.elements[name].value = value;
  browser.htmx.trigger(form, "subscribed");
}

export async function pressed(bell, browser = window, patience = PATIENCE) {
  show(bell, "asking");
  const late = setTimeout(show, patience, bell, "late");
  const said = await ask(browser, bell.dataset.key);
  clearTimeout(late);
  if (typeof said === "string") show(bell, said);
  else tellTheCity(bell, said, browser);
}

export async function begin(bell, browser = window) {
  const { key, mark } = bell.dataset;
  const state = stateOf(browser, Boolean(mark));
  show(bell, state);
  const said = state === "on" ? await renewed(browser, key, mark) : null;
  if (said) tellTheCity(bell, said, browser);
}

/** The bell may be drawn anew at any time, so its buttons are heard at the page. */
export function start() {
  document.body.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-bell-ask]");
    if (button) pressed(button.closest("[data-bell]"));
  });
  document.body.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.id === "bell" && !target.dataset.mark) begin(target);
  });
  window.addEventListener("load", () => { // htmx, which tells the city, stands behind this script in the page
    const bell = document.querySelector("[data-bell]");
    if (bell) begin(bell);
  });
}
