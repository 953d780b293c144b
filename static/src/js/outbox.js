/** What waits on this phone to be sent: told on every page, sent whenever there may be a network. */

import { all, bytesOf, changing, isWaiting, readers } from "../../../service_worker/box.js";
import { owner } from "../../../service_worker/owner.js";
import { keepSending } from "./sending.js";
import { isChanged } from "./unsent.js";

const [KEY, REPLACES] = ["idempotency_key", "replaces"];
const UNSENT = /^#unsent=([\w-]+)$/;

/** Ask the worker to send what waits, whoever's it is. */
async function send() {
  if ((await readers()).length === 0) return;
  const registration = await navigator.serviceWorker.getRegistration();
  registration?.active?.postMessage({ flush: true });
}

/** A used key would make the next form look like the last one sent again. */
function renew(form) {
  const key = form.querySelector(`[name=${KEY}]`);
  if (key) key.value = newKey();
}

/** Phones of five years ago have no crypto.randomUUID. */
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");

const renewAll = () => document.querySelectorAll("form").forEach(renew);

/** Returns whether something waits to be sent. */
async function count(place) {
  const reader = await owner();
  const forms = await all(reader);
  const refused = forms.some(({ state }) => state === "rejected");
  place.hidden = forms.length === 0;
  place.querySelector("[data-unsent-count]").textContent = forms.length;
  place.querySelector("[data-unsent-waits]").hidden = refused;
  place.querySelector("[data-unsent-refused]").hidden = !refused;
  return forms.some(isWaiting);
}

function sayItWent() {
  const notice = document.getElementById("notice");
  notice?.replaceChildren(document.querySelector("template[data-outbox-sent]").content.cloneNode(true));
}

/** A press was kept: the next one is another one, and a message begins empty. */
async function kept({ target }) {
  const place = document.querySelector("[data-unsent]");
  await count(place);
  navigator.storage?.persist?.(); // so that the phone does not clear it away when it needs room
  place.tabIndex = -1;
  place.focus();
  const form = target.closest?.("form");
  if (!form) return;
  renew(form);
  if ("fresh" in form.dataset) form.reset();
}

/** Fill the form on this page with what was typed and not taken: "#unsent=<key>". */
async function refill(key) {
  const reader = await owner();
  const about = (await all(reader)).find((each) => each.key === key);
  const own = about && formTo(about.to);
  if (!own) return;
  navigator.locks?.request(changing(key), () => new Promise(() => {})); // not sent while this page is open
  document.body.addEventListener("htmx:afterSettle", () => takesPlace(about));
  takesPlace(about);
  const form = new Response(await bytesOf(reader, key), { headers: { "Content-Type": about.type } });
  const fields = await form.formData();
  for (const [name, value] of fields) if (typeof value === "string") fill(own, name, value);
  own.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

const formTo = (path) => [...document.forms].find((each) => new URL(each.action).pathname === path);

/** What is sent from this form takes the place of what waits, also after the city has drawn it anew. */
function takesPlace({ key, to }) {
  const form = formTo(to);
  if (!form || form.elements.namedItem(REPLACES)) return;
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: REPLACES, value: key }));
}

/** Whoever was quicker and has typed already keeps their words; what the city wrote into this page stays. */
function fill(form, name, value) {
  const field = form.elements.namedItem(name);
  if (!field || field.type === "hidden") return;
  const controls = field instanceof RadioNodeList ? [...field] : [field];
  if (!controls.some(isChanged)) field.value = value; // of a group of radio buttons, this chooses one
}

export function start() {
  const place = document.querySelector("[data-unsent]");
  if (!place || !("serviceWorker" in navigator) || !("caches" in window)) return;
  const sendAgain = keepSending(() => count(place), send);
  window.addEventListener("pageshow", (event) => event.persisted && renewAll());
  document.body.addEventListener("outbox-kept", kept);
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (!data.outbox) return;
    count(place);
    if (data.outbox.kept) sendAgain();
    if (!data.outbox.sent) return;
    renewAll();
    sayItWent();
  });
  if (document.querySelector("[data-offline-note]:not([hidden])")) renewAll(); // a kept page: its keys may be used
  const unsent = UNSENT.exec(window.location.hash);
  if (unsent) refill(unsent[1]);
}
