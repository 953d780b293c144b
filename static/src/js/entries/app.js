/** Every page: htmx and the small improvements that all pages share. */

import htmx from "htmx.org";
import { start as startBusy } from "../busy.js";
import { start as startClock } from "../clock.js";
import { start as startCountdown } from "../countdown.js";
import { start as startExtras } from "../extras.js";
import { start as startFocus } from "../focus.js";
import { start as startInstall } from "../install.js";
import { start as startNotice } from "../notice.js";
import { start as startOpened } from "../opened.js";
import { start as startOutbox } from "../outbox.js";
import { start as startBell } from "../push.js";
import { start as startWorker } from "../pwa.js";
import { start as startRestored } from "../restored.js";
import { start as startUpload } from "../upload.js";

window.htmx = htmx; // its extensions in the other entries look for it there
startClock();
startBell();
startBusy();
startCountdown();
startExtras();
startFocus();
startInstall();
startNotice();
startOpened();
startOutbox();
startRestored();
startUpload();
startWorker();
