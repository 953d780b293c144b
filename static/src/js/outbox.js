/** What waits on this phone to be sent: told on every page, sent whenever there may be a network. */

import { all, bytesOf, readers } from "../../../service_worker/box.js";
import { owner } from "../../../service_worker/owner.js";
import { isChanged } from "./unsent.js";

const KEY = "idempotency_key";
const UNSENT = /^#unsent=([\w-]+)$/;

/** Ask the worker to send what waits. */
async function send() {
  const registration = await navigator.serviceWorker.getRegistration();
  registration?.active?.postMessage({ flush: true });
}

/** A used key would make the next form look like the last one sent again. */
function renew(form) {
  const key = form.querySelector(`[name=${KEY}]`);
  if (key) key.value = crypto.randomUUID();
}

const renewAll = () => document.querySelectorAll("form").forEach(renew);

async function count(place) {
  const reader = await owner();
  const forms = await all(reader);
  const refused = forms.some(({ state }) => state === "rejected");
  place.hidden = forms.length === 0;
  place.querySelector("[data-unsent-count]").textContent = forms.length;
  place.querySelector("[data-unsent-waits]").hidden = refused;
  place.querySelector("[data-unsent-refused]").hidden = !refused;
}

function sayItWent() {
  const notice = document.getElementById("notice");
  notice?.replaceChildren(document.querySelector("template[data-outbox-sent]").content.cloneNode(true));
}

/** A press was kept. Pressed again, the same form takes its place; a message is another one each time. */
async function kept({ target }) {
  const place = document.querySelector("[data-unsent]");
  await count(place);
  navigator.storage?.persist?.(); // so that the phone does not clear it away when it needs room
  place.tabIndex = -1;
  place.focus();
  const form = target.closest?.("form[data-fresh]");
  if (!form) return;
  form.reset();
  renew(form);
}

/** Fill the form on this page with what was typed and not taken: "#unsent=<key>". */
async function refill(key) {
  const reader = await owner();
  const about = (await all(reader)).find((each) => each.key === key);
  const own = about && [...document.forms].find((each) => new URL(each.action).pathname === about.to);
  if (!own) return;
  const form = new Response(await bytesOf(reader, key), { headers: { "Content-Type": about.type } });
  const fields = await form.formData();
  for (const [name, value] of fields) if (typeof value === "string") fill(own, name, value);
  own.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

/** Whoever was quicker and has typed already keeps their words. */
function fill(form, name, value) {
  const field = form.elements.namedItem(name);
  const controls = field instanceof RadioNodeList ? [...field] : [field];
  if (field && !controls.some(isChanged)) field.value = value; // of a group of radio buttons, this chooses one
}

export function start() {
  const place = document.querySelector("[data-unsent]");
  if (!place || !("serviceWorker" in navigator) || !("caches" in window)) return;
  const look = () => count(place);
  const sendAny = async () => (await readers()).length > 0 && send();
  const again = () => look().then(sendAny);
  again();
  window.addEventListener("online", again);
  window.addEventListener("pageshow", (event) => event.persisted && renewAll());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  document.body.addEventListener("outbox-kept", kept);
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (!data.outbox) return;
    look();
    if (!data.outbox.sent) return;
    renewAll();
    sayItWent();
  });
  if (document.querySelector("[data-offline-note]:not([hidden])")) renewAll(); // a kept page: its keys may be used
  const unsent = UNSENT.exec(window.location.hash);
  if (unsent) refill(unsent[1]);
}
