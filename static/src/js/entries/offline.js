/** The page for when there is no network. */

import { start } from "../readable.js";
import { comeBack } from "../unattended.js";

start();
comeBack();
