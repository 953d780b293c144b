/** Finds this ticket's own place in what the whole waiting room hears. */

import { say } from "./announce.js";

const NEAR = 3; // from here on the ticket's own words change with each step

/** "29 30 33" -> [29, 30, 33] */
export function numbersIn(text) {
  return (text ?? "").split(" ").filter(Boolean).map(Number);
}

/** How many wait before this number, or null when it waits no more. */
export function aheadOf(number, waiting) {
  const place = waiting.indexOf(number);
  return place < 0 ? null : place;
}

/** The sentence a screen reader hears when the place has changed. */
export function sentence(ahead, words) {
  if (ahead === 0) return words.sayNext;
  return ahead === 1 ? words.sayOne : words.sayMany.replace("{n}", ahead);
}

function show(status, ahead) {
  const figure = status.querySelector("[data-ahead]");
  if (!figure || figure.textContent.trim() === String(ahead)) return false;
  figure.textContent = ahead;
  const progress = status.querySelector("[data-progress]");
  if (progress) progress.value = Math.max(progress.max - ahead, 0);
  say(sentence(ahead, status.dataset));
  return true;
}

function heard(event) {
  const status = document.querySelector("[data-ticket]");
  const news = event.target.querySelector?.("[data-waiting]");
  if (!status || !news) return;
  const ahead = aheadOf(Number(status.dataset.number), numbersIn(news.dataset.waiting));
  const waits = ahead !== null && status.dataset.state === "waiting";
  const moved = waits && show(status, ahead);
  const changed = (news.dataset.standing ?? "") !== (status.dataset.standing ?? ""); // late, or closed
  if (!waits || changed || (moved && ahead <= NEAR)) window.htmx.trigger(document.body, "ticket-moved");
}

function redrawn() {
  const status = document.querySelector("[data-ticket]");
  if (!status || status.dataset.state === redrawn.state) return;
  if (status.dataset.state === "called") {
    say(status.dataset.sayCalled);
    document.title = status.dataset.sayCalled;
    navigator.vibrate?.([300, 150, 300]);
    window.scrollTo({ top: 0 });
  }
  redrawn.state = status.dataset.state;
}

export function start() {
  redrawn.state = document.querySelector("[data-ticket]")?.dataset.state;
  document.body.addEventListener("htmx:sseMessage", heard);
  document.body.addEventListener("htmx:afterSettle", redrawn);
}
