/** «Tell me»: asks the browser only after a tap, does not leave anybody waiting for it, and says how it went. */

import { forgetWish, remember, wishOf } from "../../../service_worker/wish.js";

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

/** What to tell the city where what it knew (`mark`) holds no more; null where it does; undefined: no answer. */
export async function renewed(browser, key, mark) {
  try {
    const found = facts(await subscribed(browser, key));
    return (await markOf(found.endpoint, browser.crypto)) === mark ? null : found;
  } catch {
    return undefined;
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

/** The city has spoken: the bell shows it, and this phone keeps in mind whether its reader wants it. */
export async function settle(bell, browser = window) {
  const { mark, reader } = bell.dataset;
  show(bell, stateOf(browser, Boolean(mark)));
  await (mark ? remember(reader, mark) : forgetWish());
}

/**
 * On each visit: the city is told of the browser's other subscription, or of a new one where both have lost the old one.
 * Where the browser still has the one that was known, and the city tells it nothing, its reader has said «off» elsewhere.
 */
export async function begin(bell, browser = window) {
  const { key, mark, reader } = bell.dataset;
  show(bell, stateOf(browser, Boolean(mark)));
  const known = browser.Notification?.permission === "granted" && (mark || (await wishOf(reader)));
  const said = known ? await renewed(browser, key, known) : undefined;
  if (!bell.isConnected) return; // pressed meanwhile: another one says how it stands now
  if (said) tellTheCity(bell, said, browser);
  if (said === null) await settle(bell, browser);
}

/** The bell may be drawn anew at any time, so its buttons are heard at the page. */
export function start() {
  document.body.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-bell-ask]");
    if (button) pressed(button.closest("[data-bell]"));
  });
  document.body.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.id === "bell") settle(target);
  });
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful && detail.elt.matches("[data-bell-form]")) show(detail.elt.closest("[data-bell]"), "late");
  });
  window.addEventListener("load", () => { // htmx, which tells the city, stands behind this script in the page
    const bell = document.querySelector("[data-bell]");
    if (bell) begin(bell);
  });
}
