/* The desk: its parts stay fresh, its buttons act without leaving the page, its keys press them. */

import { data, say } from "../js/words.js";
import { listen } from "../js/live.js";
import { sendAct } from "./acting.js";
import { startKeys } from "./keys.js";
import { revealOnStage, swapParts } from "./parts.js";
import { startClock, playPreview } from "./clock.js";

const page = data("page");
const EVERY = 5_000; // Who was heard of last and what another desk did do not come with a frame.

let etag = null;
let asked = 0;
let shown = 0;

/** Takes over the parts as the server shows them now; an answer that is overtaken by a newer one is dropped. */
async function refresh() {
  const mine = ++asked;
  try {
    const answer = await fetch(page.parts, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
    if (mine < shown || answer.status === 304 || !answer.ok || answer.redirected) return;
    shown = mine;
    const html = await answer.text();
    etag = swapParts(document.getElementById("main"), html) ? answer.headers.get("ETag") : null;
    playPreview();
  } catch { /* The pill already says that the line is cut. */ }
}

const pill = document.getElementById("link");
const FACES = { live: "pill--done", polling: "pill--due", offline: "pill--bad" };
const DOTS = { live: "dot--good", polling: "dot--warn", offline: "dot--live" };

listen({
  stream: page.stream, frame: page.frame, revision: page.revision,
  onFrame: refresh,
  onState(state) {
    pill.dataset.state = state;
    pill.className = `pill ${FACES[state] ?? ""}`;
    pill.firstElementChild.className = `dot ${DOTS[state] ?? ""}`;
    pill.querySelector("[data-slot=word]").textContent = say(`link.${state}`);
    if (state === "live") refresh();
  },
});
setInterval(refresh, EVERY);

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  sendAct(form, event.submitter, page.csrf).then((done) => { if (done) refresh(); });
});

startKeys();
revealOnStage(document);
startClock(document.getElementById("clock"));
playPreview();
