/** Every page: htmx and the small improvements that all pages share. */

import htmx from "htmx.org";
import * as busy from "../busy.js";
import * as clock from "../clock.js";
import * as countdown from "../countdown.js";
import * as extras from "../extras.js";
import * as focus from "../focus.js";
import * as notice from "../notice.js";
import * as pwa from "../pwa.js";

window.htmx = htmx; // its extensions in the other entries look for it there
for (const part of [clock, busy, countdown, extras, focus, notice, pwa]) part.start();
