/** The ticket page: moves by itself when the doctor calls. */

import "htmx-ext-sse/dist/sse.js"; // the one that uses the page's own htmx
import { start as heedFingers } from "../finger.js";
import { watch } from "../stream.js";
import { start as startStreams } from "../streams/start.js";
import { start } from "../ticket.js";

heedFingers();
startStreams();
start();
watch("ticket-moved");
