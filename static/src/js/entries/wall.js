/** The command centre's wall. */

import "htmx-ext-sse/dist/sse.js"; // the one that uses the page's own htmx
import { start as startStreams } from "../streams/start.js";
import { start } from "../wall.js";

startStreams();
start();
