/** The desk of doctor and nurse: live list and keyboard. */

import "htmx-ext-sse/dist/sse.js"; // the one that uses the page's own htmx
import { say } from "../announce.js";
import { start } from "../keys.js";
import { watch } from "../stream.js";
import { start as startStreams } from "../streams/start.js";

const STAYS = 8000;
let told = null;

/** What was said after a press stays for a while, though the list is drawn anew meanwhile. */
function keep({ detail }) {
  if (!detail.requestConfig) return;
  const calling = document.querySelector("#queue .calling");
  const note = calling?.querySelector("[role=status]");
  if (note) told = { note, until: Date.now() + STAYS };
  else if (detail.requestConfig.verb === "get" && told && Date.now() < told.until) calling?.prepend(told.note);
  else told = null;
}

startStreams();
start();
document.body.addEventListener("htmx:afterSwap", keep);
watch("queue-stale");
document.body.addEventListener("htmx:afterSettle", () => say(document.getElementById("queue")?.dataset.say));
