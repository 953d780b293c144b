/** What is opened is read: the page says so, once somebody sees it. Whether that arrives is nobody's business here. */

export function start() {
  const form = document.querySelector("[data-opened]");
  const isKept = document.querySelector("[data-offline-note]:not([hidden])"); // shown again from this phone's memory
  if (form && !isKept) navigator.sendBeacon?.(form.action, new FormData(form));
}
