/** «Tell me»: asks the browser only after a tap, never waits for it longer than ten seconds, and says how it went. */

const PATIENCE = 10000;
const LATE = Symbol("late");

/** Which state the bell is in before anything is pressed. */
export function stateOf(browser, on) {
  const known = "serviceWorker" in browser.navigator && "PushManager" in browser && "Notification" in browser;
  if (!known) return isApple(browser.navigator) ? "home" : "unsupported";
  if (browser.Notification.permission === "denied") return "denied";
  return on && browser.Notification.permission === "granted" ? "on" : "ask";
}

const isApple = ({ userAgent, maxTouchPoints }) =>
  /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1); // an iPad says it is a Mac

/** Ask the browser. Resolves to what the city is told, or to the name of the state that came of it. */
export async function ask(browser, key, patience = PATIENCE) {
  const answer = await inTime(permitted(browser, key), patience);
  if (answer === LATE) return "late";
  return typeof answer === "string" ? answer : facts(answer);
}

async function permitted(browser, key) {
  try {
    if ((await browser.Notification.requestPermission()) !== "granted") return "denied";
    return await subscribed(browser, key);
  } catch (refused) {
    return refused.name === "NotAllowedError" ? "denied" : "late";
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

/** Whether what the city knows of this browser (`mark`) still holds; if not, what to tell it. */
export async function renewed(browser, key, mark, patience = PATIENCE) {
  const found = await inTime(subscribed(browser, key).catch(() => LATE), patience);
  if (found === LATE) return null;
  const { endpoint } = found.toJSON();
  return (await markOf(endpoint, browser.crypto)) === mark ? null : facts(found);
}

export async function markOf(endpoint, crypto) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function inTime(promise, patience) {
  return Promise.race([promise, new Promise((done) => setTimeout(done, patience, LATE))]);
}

function show(bell, state) {
  bell.hidden = false;
  for (const part of bell.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
}

function tellTheCity(bell, said) {
  const form = bell.querySelector("[data-bell-form]");
  for (const [name, value] of Object.entries(said)) form.elements[name].value = value;
  window.htmx.trigger(form, "subscribed");
}

async function pressed(bell) {
  show(bell, "asking");
  const said = await ask(window, bell.dataset.key);
  if (typeof said === "string") show(bell, said);
  else tellTheCity(bell, said);
}

async function begin(bell) {
  const { key, mark } = bell.dataset;
  const state = stateOf(window, Boolean(mark));
  show(bell, state);
  if (state !== "on") return;
  const said = await renewed(window, key, mark);
  if (said && bell.isConnected) tellTheCity(bell, said);
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
  const bell = document.querySelector("[data-bell]");
  if (bell) begin(bell);
}
