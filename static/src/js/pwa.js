/** Registers the service worker, which answers when there is no network, and looks for newer builds of it. */

import { answer, isUnsent, start as startUnsent } from "./unsent.js";
import { reloadOnChange, showToast, takeOver, whenWaiting } from "./update.js";

const HOUR = 3600000;
const reload = () => window.location.reload();

/** The registration; where the city has switched the worker off, what this phone still has of it, if anything. */
function registered(workers) {
  if (document.querySelector("meta[name=service-worker][content=off]")) return workers.getRegistration();
  return workers.register("/sw.js", { updateViaCache: "none" });
}

function keepFresh(registration) {
  const look = () => registration.update().catch(() => {});
  setInterval(look, HOUR);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
}

async function follow(workers) {
  const registration = await registered(workers);
  if (!registration) return;
  keepFresh(registration);
  const place = document.querySelector("[data-update]");
  const accept = () => takeOver(registration, reload);
  whenWaiting(registration, workers, () => showToast(place, { unsent: isUnsent, accept }));
}

export function start() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  startUnsent();
  answer(workers);
  reloadOnChange(workers, { unsent: isUnsent, reload });
  window.addEventListener("load", () => follow(workers).catch(() => {}));
}
