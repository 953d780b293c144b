/** Counts down to the opening by the server's clock, then opens the page again once. */

import { now } from "./clock.js";

const LATEST = 2000; // so that a whole city does not ask in the same instant

/** 754000 ms -> "12 menit 34 detik"; above an hour the seconds are left out. */
export function timeLeft(milliseconds, words) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (h > 0) return `${h} ${words.hours} ${m} ${words.minutes}`;
  return m > 0 ? `${m} ${words.minutes} ${s} ${words.seconds}` : `${s} ${words.seconds}`;
}

function run(box) {
  const until = Date.parse(box.dataset.until);
  const left = box.querySelector("[data-left]");
  if (Number.isNaN(until) || until <= now()) return;
  box.querySelector("[data-itself]").hidden = false;
  const timer = setInterval(tick, 1000);
  function tick() {
    const remaining = until - now();
    left.textContent = timeLeft(remaining, box.dataset);
    if (remaining > 0) return;
    clearInterval(timer);
    setTimeout(() => window.location.reload(), Math.random() * LATEST);
  }
  tick();
}

export function start() {
  document.querySelectorAll("[data-until]").forEach(run);
}
