/** The command centre's wall. */

import "htmx-ext-sse";
import { start as startClock } from "../clock.js";
import { start } from "../wall.js";

startClock();
start();
