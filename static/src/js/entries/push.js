/** The bell: where somebody can ask to be told. */

import { start } from "../push.js";

start();
