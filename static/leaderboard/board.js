/* The public board: who is on stage, the last released score, the ranking; kept current by one live link. */

import { listen, remembering } from "../js/live.js";
import { data, pick, say, topic } from "../js/words.js";
import { showRounds, showRows, showTop } from "./board-list.js";
import { called, fillMarks, put } from "./board-marks.js";

const page = data("page");
const fetchBoard = remembering(page.urls.board);
const now = document.getElementById("now");
const last = document.getElementById("last");
const ended = new Set(["locked", "sealed", "published"]);
const official = (round) => ["sealed", "published"].includes(round?.state);
let frame = data("frame");
let wanted = null;

function showNow() {
  put(now, "round", pick(frame.round?.title));
  const over = ended.has(frame.round?.state); // Nobody is on stage any more, whoever was called last.
  const body = now.querySelector('[data-part="person"]');
  body.hidden = over || !frame.now;
  if (frame.now) {
    put(body, "state", say(frame.scene?.name === "dots" ? "judging" : "onstage"));
    put(body, "number", frame.now.number);
    put(body, "name", called(frame.now));
    put(body, "title", topic(frame.now.title));
    put(body, "unit", [frame.now.unit, frame.now.division].filter(Boolean).join(" · "));
  }
  const idle = now.querySelector('[data-part="idle"]');
  idle.hidden = Boolean(frame.now) && !over;
  idle.textContent = say(over ? "over" : "idle");
  const next = now.querySelector('[data-part="next"]');
  next.hidden = over || !frame.next;
  if (frame.next) {
    put(next, "number", frame.next.number);
    put(next, "name", frame.next.name || "");
  }
}

function showLast(before) {
  const release = frame.release;
  last.hidden = !release;
  if (!release) return;
  put(last, "place", release.place ? say(official(frame.round) ? "place" : "standing", { place: release.place }) : "");
  put(last, "number", release.number);
  put(last, "name", called(release));
  put(last, "title", topic(release.title));
  put(last, "score", release.score);
  fillMarks(last, release);
  if (before?.appearance !== release.appearance || before?.score !== release.score) {
    last.animate([{ opacity: 0.3, transform: "translateY(6px)" }, { opacity: 1, transform: "none" }], { duration: 200, easing: "ease-out" });
    document.getElementById("said").textContent = say("said", { ...release, name: release.name || "", place: release.place ?? "" });
  }
}

function showBoard(board) {
  const round = board.rounds.find((one) => one.code === page.round) || board.rounds[0];
  const view = page.view && board.result ? "result" : "";
  showRounds(board, round?.code, view);
  document.getElementById("ranking-title").textContent = say(view ? "result" : official(round) ? "official" : "ranking");
  document.getElementById("corrected").hidden = Boolean(view) || (round?.seal || 1) < 2;
  const recount = document.getElementById("recount"); // the page behind the hall's code has none
  if (recount) recount.hidden = round?.state !== "published";
  document.getElementById("count").textContent = view || !round ? "" : say("released", { released: round.released, appearances: round.appearances });
  const fresh = !view && round?.code === frame.round?.code ? frame.release?.entry : null;
  showRows(view ? board.result.rows : round?.rows || [], fresh);
}

function askForBoard(within) {
  clearTimeout(wanted);
  // A hall full of phones asks over a second and a half, not in the same instant.
  wanted = setTimeout(async () => {
    const board = await fetchBoard();
    if (board) showBoard(board);
  }, Math.random() * within);
}

function onFrame(newer) {
  const before = frame;
  frame = newer;
  showNow();
  const part = (f) => JSON.stringify([f.round, f.release, f.top, f.counts]);
  if (part(before) === part(frame)) return;
  showLast(before.release);
  const current = !page.view && (!page.round || page.round === frame.round?.code);
  if (current && before.round?.code === frame.round?.code && frame.counts.released >= before.counts.released) {
    document.getElementById("count").textContent = say("released", frame.counts);
    showTop(frame.top, frame.release?.entry);
  }
  askForBoard(1500);
}

function onState(state) {
  const pill = document.getElementById("link");
  pill.hidden = false;
  pill.dataset.state = state;
  put(pill, "word", say(state));
  // A page that was cut off has perhaps missed releases whose frames it never saw.
  if (state === "live" && pill.dataset.was === "offline") askForBoard(1500);
  pill.dataset.was = state;
}

listen({ ...page.urls, revision: frame.revision, onFrame, onState, rests: true });
