/** The desk of doctor and nurse: live list and keyboard. */

import "htmx-ext-sse/dist/sse.js"; // the one that uses the page's own htmx
import { say } from "../announce.js";
import { start as heedFingers } from "../finger.js";
import { start } from "../keys.js";
import { watch } from "../stream.js";
import { start as startStreams } from "../streams/start.js";

const STAYS = 8000;
let told = note(); // a page that answers a plain form brings one along

function note() {
  const said = document.querySelector("#queue .calling [role=status]");
  return said && { said, until: Date.now() + STAYS };
}

/** What was said after a press stays for a while, though the list is drawn anew meanwhile. */
function keep({ detail }) {
  if (!detail.requestConfig) return;
  const isNews = detail.requestConfig.verb === "get";
  const stays = isNews && told && Date.now() < told.until;
  if (stays && !note()) document.querySelector("#queue .calling")?.prepend(told.said);
  else told = note();
}

heedFingers();
startStreams();
start();
document.body.addEventListener("htmx:afterSwap", keep);
watch("queue-stale");
document.body.addEventListener("htmx:afterSettle", () => say(document.getElementById("queue")?.dataset.say));
