/** The officer's page of a case. */

import { start } from "../locate.js";

start();
