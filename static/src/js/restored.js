/** Back brings whole pages again out of the browser's memory: not to somebody else than read them before. */

import { owner } from "../../../service_worker/owner.js";

const PUT_AWAY = "is-put-away"; // a page that was left is not seen until it is known who looks

export function start() {
  if (!("caches" in window)) return;
  const reader = owner();
  const { classList } = document.documentElement;
  async function look() {
    if (!classList.contains(PUT_AWAY)) return;
    if ((await owner()) === (await reader)) classList.remove(PUT_AWAY);
    else window.location.reload();
  }
  window.addEventListener("pagehide", ({ persisted }) => persisted && classList.add(PUT_AWAY));
  window.addEventListener("pageshow", look);
  document.addEventListener("visibilitychange", look);
}
