/** The outbox: what waits on this phone, why, and what its owner can do with it. */

import { all, isWaiting, readers, remove } from "../../../service_worker/box.js";
import { owner } from "../../../service_worker/owner.js";
import { keepSending } from "./sending.js";

const PATIENCE = 8000;
const part = (name, root = document) => root.querySelector(`[data-${name}]`);

/** "07.12" on the reader's own clock. */
export function hour(milliseconds) {
  const at = new Date(milliseconds);
  return [at.getHours(), at.getMinutes()].map((each) => String(each).padStart(2, "0")).join(".");
}

/** The city's reason in the answer to a form: a fragment or a page. */
export function reasonIn(html, parser = new DOMParser()) {
  const answer = parser.parseFromString(html ?? "", "text/html");
  const words = [...answer.querySelectorAll(".error, [role=alert], #notice")].map((each) => each.textContent.trim());
  return words.find(Boolean)?.replace(/\s+/g, " ") ?? "";
}

function rowOf(reader, form) {
  const row = part("row").content.cloneNode(true);
  part("title", row).textContent = form.title;
  part("at", row).textContent = hour(form.at);
  part("waits", row).hidden = !isWaiting(form);
  part("refused", row).hidden = isWaiting(form);
  part("reason", row).textContent = reasonIn(form.answer) || part("reason", row).textContent;
  const edit = part("edit", row);
  edit.hidden = !form.editable;
  edit.href = `${form.page}#unsent=${form.key}`;
  part("delete", row).addEventListener("click", () => remove(reader, form.key).then(draw));
  return row;
}

let drawn = ""; // what the rows show: the same is not drawn anew under a finger, or away from the focus

async function draw() {
  const reader = await owner();
  const forms = await all(reader);
  const others = (await readers()).filter((each) => each !== reader);
  const now = JSON.stringify(forms);
  if (now !== drawn) part("rows").replaceChildren(...forms.map((form) => rowOf(reader, form)));
  drawn = now;
  part("own").hidden = forms.length === 0;
  part("send").hidden = !forms.some(isWaiting);
  part("nothing").hidden = forms.length > 0;
  part("others").hidden = others.length === 0;
  part("leaving").hidden = forms.length === 0 || !["#leaving", "#unsent"].includes(window.location.hash);
  part("kept").hidden = forms.length === 0 || window.location.hash !== "#kept";
}

const anyWaits = async () => (await all(await owner())).some(isWaiting);

async function askToSend(how) {
  const registration = await navigator.serviceWorker.ready;
  registration.active.postMessage({ flush: true, ...how });
}

/** The reader wants it now. The worker answers by a message, or not at all where there is no network. */
async function sendNow() {
  await new Promise((done) => {
    navigator.serviceWorker.addEventListener("message", ({ data }) => data.outbox && done(), { once: true });
    setTimeout(done, PATIENCE);
    askToSend({ now: true });
  });
  part("still").hidden = !(await anyWaits());
  part("went").hidden = (await all(await owner())).length > 0;
  await draw();
}

export function start() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  part("send").addEventListener("click", sendNow);
  navigator.serviceWorker.addEventListener("message", draw);
  navigator.serviceWorker.startMessages();
  window.addEventListener("online", () => part("own").hidden || sendNow());
  if (window.location.hash === "#unsent") part("still").hidden = false;
  keepSending(anyWaits, askToSend);
  draw();
}
