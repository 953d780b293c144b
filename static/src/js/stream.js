/** Watches a page's live stream; while it is cut, asks for the present state every 30 s and says so. */

import { elapsed } from "./elapsed.js";

const AGAIN = 30000;
const PATIENCE = 3000; // a short reconnect is nobody's business
const SILENCE = 40000; // more than two missed beats: the line is dead though nobody closed it

/** Trigger `event` on the body whenever the stream may have missed something. Returns nothing to undo: pages end. */
export function watch(event, { body = document.body, clock = elapsed } = {}) {
  let heard = clock();
  let asking = null;
  let telling = null;

  const ask = () => window.htmx.trigger(body, event);
  const show = (cut) => body.querySelectorAll("[data-cut]").forEach((note) => { note.hidden = !cut; });

  function down() {
    if (asking) return;
    asking = setInterval(ask, AGAIN);
    telling = setTimeout(() => {
      telling = null;
      show(true);
    }, PATIENCE);
  }

  function up() {
    heard = clock();
    if (!asking) return;
    clearInterval(asking);
    clearTimeout(telling);
    asking = telling = null;
    show(false);
    ask();
  }

  body.addEventListener("htmx:sseError", down);
  body.addEventListener("htmx:sseOpen", up);
  body.addEventListener("htmx:sseMessage", up);
  body.addEventListener("htmx:afterSettle", () => asking && !telling && show(true));
  setInterval(() => clock() - heard > SILENCE && down(), 5000);
  window.addEventListener("pageshow", (shown) => shown.persisted && ask());
}
