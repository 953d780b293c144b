/** A chosen file goes to the city at once: with a bar that tells how far it is, and a way to stop. */

import { say } from "./announce.js";
import { smaller } from "./shrink.js";

const part = (form, name) => form.querySelector(`[data-upload-${name}]`);
const formOf = (element) => element?.closest?.("[data-upload]");

/** "Uploading {n}" at 60.4 -> "Uploading 60 %"; when all is sent, the words for what comes then. */
export function progressWords(percent, words) {
  return percent < 100 ? words.sending.replace("{n}", `${Math.floor(percent)} %`) : words.checking;
}

/** Where scripts run there are two large buttons in place of the browser's own and of the one that sends. */
function dress() {
  const forms = [...document.querySelectorAll("[data-upload]")];
  forms.filter((form) => !part(form, "plain").hidden).forEach((form) => {
    part(form, "plain").hidden = true;
    part(form, "ways").hidden = false;
  });
  pause(forms.some((form) => !part(form, "progress").hidden));
}

/** While one file travels no other is begun: the answer may draw the whole region anew. */
function pause(on) {
  document.querySelectorAll("[data-upload-ways] button").forEach((button) => {
    button.disabled = on;
  });
}

function browse(button) {
  const input = part(formOf(button), "input");
  const camera = button.matches("[data-upload-camera]");
  input.accept = camera ? "image/*" : input.dataset.accept;
  if (camera) input.setAttribute("capture", "environment");
  else input.removeAttribute("capture");
  input.click();
}

function working(form, on) {
  part(form, "progress").hidden = !on;
  part(form, "ways").hidden = on;
  pause(on);
}

function show(form, words, value = null) {
  const bar = part(form, "bar");
  if (value === null) bar.removeAttribute("value");
  else bar.value = value;
  part(form, "words").textContent = words;
}

/** Back to the choice, with a word on why. */
function rest(form, words, wrong = true) {
  const error = part(form, "error");
  working(form, false);
  part(form, "input").value = "";
  error.hidden = !(words && wrong);
  error.querySelector("span").textContent = wrong ? words : "";
  say(words);
  part(form, "ways").querySelector("[data-upload-browse]").focus();
}

async function send(form) {
  const input = part(form, "input");
  const chosen = input.files[0];
  if (!chosen) return;
  part(form, "error").hidden = true;
  working(form, true);
  show(form, form.dataset.preparing);
  say(form.dataset.preparing);
  part(form, "cancel").focus();
  const file = await smaller(chosen);
  if (input.files[0] !== chosen) return; // stopped meanwhile
  if (file.size > Number(form.dataset.most)) return rest(form, form.dataset.heavy);
  if (file !== chosen) {
    const one = new DataTransfer();
    one.items.add(file);
    input.files = one.files;
  }
  show(form, progressWords(0, form.dataset), 0);
  form.focus(); // where the reader is put back when the region is drawn anew
  form.requestSubmit();
  part(form, "cancel").focus();
}

function stop(form) {
  rest(form, form.dataset.stopped, false);
  window.htmx.trigger(form, "htmx:abort");
}

function progressed({ target, detail }) {
  const form = formOf(target);
  const bar = form && part(form, "bar");
  if (!bar?.hasAttribute("value") || !detail.lengthComputable) return;
  const percent = Math.max(bar.value, (100 * detail.loaded) / detail.total);
  show(form, progressWords(percent, form.dataset), percent < 100 ? percent : null);
}

/** Where the answer has not put something else in its place. */
function answered({ target, detail }) {
  const form = formOf(target);
  if (!form || part(form, "progress").hidden) return;
  if (detail.successful) working(form, false);
  else rest(form, { 0: form.dataset.lost, 413: form.dataset.heavy, 507: form.dataset.unkept }[detail.xhr.status] ?? "");
}

export function start() {
  dress();
  document.body.addEventListener("htmx:afterSettle", dress);
  document.body.addEventListener("htmx:xhr:progress", progressed);
  document.body.addEventListener("htmx:afterRequest", answered);
  document.addEventListener("change", ({ target }) => target.matches?.("[data-upload-input]") && send(formOf(target)));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-upload] button");
    if (button?.closest("[data-upload-ways]")) browse(button);
    if (button?.matches("[data-upload-cancel]")) stop(formOf(button));
  });
}
