/* Scene "score": tiles flip one by one, dropped marks sink, changes appear, the final score counts up, then the place. */

import { pick, say, signed, topic } from "../js/words.js";
import { footing } from "./screen-contestant.js";
import { called, copy, plate, put, refit, slot } from "./screen-text.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const FLIP_GAP = 120, FLIP = 420, SINK = 500, COUNT = 900;

let played = null; // the release on the screen
let timers = [];

const later = (ms, what) => timers.push(setTimeout(what, ms));

function stop() {
  timers.forEach(clearTimeout);
  timers = [];
}

function tile(label, value, how, dropped) {
  const node = copy("tile");
  put(node, "label", label);
  put(node, "value", value);
  put(node, "how", how);
  slot(node, "how").hidden = !how;
  if (dropped) {
    node.dataset.dropped = dropped;
    put(node, "tab", say(dropped));
  } else slot(node, "tab").remove();
  node.style.setProperty("--chars", value.length);
  return node;
}

function tiles(release) {
  if (release.sheets.length) return release.sheets.map((sheet) => tile(say("seat", { seat: sheet.seat }), sheet.score, "", sheet.dropped));
  return release.components.map((part) => tile(pick(part.title), part.scaled, part.factor ? `${part.value} × ${part.factor}` : "", null));
}

function sum(title, value, change) {
  const node = copy("sum");
  put(node, "title", title);
  put(node, "value", change ? signed(value) : value);
  if (change) node.classList.add(value.startsWith("-") ? "sum--less" : "sum--more");
  return node;
}

/** The sentence 第%(place)s名 with its figure set large. */
function standing(place) {
  const [before, after] = say("standing", { place: "|" }).split("|");
  return [before, place, after].map((text, at) => {
    const node = document.createElement("span");
    node.textContent = text ?? "";
    if (at === 1) node.className = "result__figure";
    return node;
  });
}

function fill(root, frame) {
  const release = frame.release;
  plate(root, release.number);
  put(root, "name", called(release));
  put(root, "topic", topic(release.title));
  put(root, "unit", release.unit);
  put(root, "division", release.division);
  const list = slot(root, "tiles");
  list.replaceChildren(...tiles(release));
  const count = list.children.length;
  list.classList.toggle("tiles--parts", release.sheets.length === 0);
  const panel = release.panel ? [sum(pick(release.panel_title), release.panel, false)] : [];
  slot(root, "sums").replaceChildren(...panel, ...release.adjustments.map((change) => sum(pick(change.title), change.value, true)));
  const final = slot(root, "score");
  final.textContent = release.score;
  final.style.setProperty("--chars", release.score.replace(/[.\-]/g, "").length + (/[.]/.test(release.score) ? 0.5 : 0));
  put(root, "note", release.note ? say("corrected", { note: release.note }) : "");
  slot(root, "note").hidden = !release.note;
  root.classList.toggle("score--noted", Boolean(release.note));
  slot(root, "standing").replaceChildren(...(release.place ? standing(release.place) : []));
  root.classList.toggle("score--unplaced", !release.place);
  put(root, "count", say("released", frame.counts));
  put(root, "contest", footing(frame));
}

/** Choose how the tiles stand: in one row, with a label of two lines where they are narrow, or in two rows. */
function arrange(root) {
  const list = slot(root, "tiles");
  const parts = list.classList.contains("tiles--parts");
  const count = list.children.length;
  const stand = (two, narrow) => {
    list.style.setProperty("--columns", Math.max(1, two ? Math.ceil(count / 2) : count));
    list.classList.toggle("tiles--two", two);
    list.classList.toggle("tiles--narrow", narrow);
  };
  const wide = (selector) => [...list.querySelectorAll(selector)].some((node) => node.scrollWidth > node.clientWidth + 1);
  stand(count > 9, false);
  if (count > 9) return;
  if (parts && wide(".tile__label")) stand(true, false);
  else if (!parts && wide(".tile__tab")) {
    stand(false, true);
    if (wide(".tile__tab")) stand(true, false);
  }
}

/** Count a decimal string up from zero; what stands there at the end is the string itself. */
function countUp(node, exact) {
  const places = (exact.split(".")[1] || "").length;
  const began = performance.now();
  const step = (now) => {
    const t = Math.min(1, (now - began) / COUNT);
    node.textContent = t < 1 ? (Number(exact) * (1 - (1 - t) ** 3)).toFixed(places) : exact;
    if (t < 1 && played?.counting === node) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function play(root, release) {
  const list = [...slot(root, "tiles").children];
  root.classList.add("score--hushed");
  for (const node of list) node.classList.add("tile--hidden");
  list.forEach((node, at) => later(300 + at * FLIP_GAP, () => node.classList.replace("tile--hidden", "tile--shown")));
  let at = 300 + list.length * FLIP_GAP + FLIP + 300;
  const dropped = list.filter((node) => node.dataset.dropped);
  dropped.forEach((node, n) => later(at + n * 250, () => node.classList.add("tile--sunk")));
  if (dropped.length) at += dropped.length * 250 + SINK;
  later(at, () => root.classList.add("score--sums"));
  at += 500;
  later(at, () => {
    root.classList.add("score--final");
    played.counting = slot(root, "score");
    countUp(played.counting, release.score);
  });
  later(at + COUNT + 300, () => root.classList.remove("score--hushed", "score--sums", "score--final"));
}

function settle(root) {
  root.classList.remove("score--hushed", "score--sums", "score--final");
  for (const node of slot(root, "tiles").children) {
    node.classList.remove("tile--hidden");
    node.classList.toggle("tile--sunk", Boolean(node.dataset.dropped));
  }
}

export const score = {
  show(root, frame, { entering, settled }) {
    const key = JSON.stringify([frame.release, frame.counts]);
    const appearance = frame.release.appearance;
    if (!entering && played?.key === key) return;
    const again = !entering && played?.appearance === appearance;
    stop();
    played = { key, appearance, counting: null };
    settle(root);
    fill(root, frame);
    arrange(root);
    refit(root);
    // A correction of what already stands there, a reload, or a viewer who wants no motion: straight to the end.
    if (again || settled || calm.matches) settle(root);
    else play(root, frame.release);
  },
  resize: arrange,
  leave() {
    stop();
    played = null;
  },
};
