/** The desk of doctor and nurse: live list and keyboard. */

import "htmx-ext-sse/dist/sse.js"; // the one that uses the page's own htmx
import { say } from "../announce.js";
import { start } from "../keys.js";
import { watch } from "../stream.js";

start();
watch("queue-stale");
document.body.addEventListener("htmx:afterSettle", () => say(document.getElementById("queue")?.dataset.say));
