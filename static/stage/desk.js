/* The desk: its parts stay fresh, its buttons act without leaving the page, its keys press them, its clocks run. */

import { keepTime } from "../js/servertime.js";
import { data } from "../js/words.js";
import { playPreview, startClock } from "./clock.js";
import { keepFresh } from "./keeping.js";
import { startDeskKeys } from "./keys.js";
import { revealOnStage } from "./parts.js";
import { startTicking, tick } from "./ticking.js";

const page = data("page");

keepFresh(page, document.getElementById("main"), () => { playPreview(); tick(); });
startDeskKeys();
revealOnStage(document);
startClock(document.getElementById("clock"));
playPreview();
keepTime(page.time).then(startTicking);
