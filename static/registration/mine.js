/** An entry's page: its file slots, and the time that is left when the deadline is near. */

import { startCountdowns } from "./countdown.js";
import { startUploads } from "./uploads.js";

startUploads();
startCountdowns();
