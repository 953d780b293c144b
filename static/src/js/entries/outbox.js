/** The page of what waits on this phone to be sent. */

import { start } from "../waiting.js";

start();
