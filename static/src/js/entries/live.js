/** The ticket page: moves by itself when the doctor calls. */

import "htmx-ext-sse";
import { watch } from "../stream.js";
import { start } from "../ticket.js";

start();
watch("ticket-moved");
