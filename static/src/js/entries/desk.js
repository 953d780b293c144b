/** The officer's page of a case: where one stands, and photos that travel light. */

import { start as startPlace } from "../locate.js";
import { start as startPhotos } from "../photos.js";

startPlace();
startPhotos();
