/* A page of the stage that stays fresh: its parts follow the live frames, its buttons act without leaving it. */

import { listen } from "../js/live.js";
import { say } from "../js/words.js";
import { sendAct } from "./acting.js";
import { swapParts } from "./parts.js";

const EVERY = 5_000; // Who was heard of last and what another desk did do not come with a frame.
const FACES = { live: "pill--done", polling: "pill--due", offline: "pill--bad" };
const DOTS = { live: "dot--good", polling: "dot--warn", offline: "dot--live" };

/** Keeps the parts inside `root` as the server shows them; `after` runs whenever some were taken over. */
export function keepFresh(page, root, after) {
  let etag = null, asked = 0, shown = 0;

  async function refresh() {
    const mine = ++asked;
    try {
      const answer = await fetch(page.parts, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (mine < shown || answer.status === 304 || !answer.ok || answer.redirected) return;
      shown = mine;
      const html = await answer.text();
      etag = swapParts(root, html) ? answer.headers.get("ETag") : null;
      after?.();
    } catch { /* The pill already says that the line is cut. */ }
  }

  const pill = document.getElementById("link");
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
    sendAct(form, event.submitter, page.csrf, refresh).then((done) => { if (done) refresh(); });
  });
}
