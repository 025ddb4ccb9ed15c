/* Scene "timer": how much time is left, as ring, digits, colour, word and bar; past the limit it counts the time over.
   The frame says since when the clock runs; the server's time, not this machine's, says how long that is. */

import { reading, serverNow } from "../js/servertime.js";
import { pick, say, topic } from "../js/words.js";
import { called, put, slot } from "./screen-text.js";

const SOON = 30; // seconds before the end
const TICK = 100;
const LARGEST = 0.385, ROOM = 0.8; // of the ring's width: how tall the digits are at most, how wide they may be
let timer = null;

function elapsed(part) {
  return part.before + (part.since ? Math.max(0, serverNow() - Date.parse(part.since)) : 0);
}

/** fine | soon | over for the colour, and the word that says the same. */
function state(part, left) {
  if (!part.pressed) return ["ready", say("clock.ready")];
  if (left < 0 || (left === 0 && part.since)) return ["over", say(left < 0 ? "clock.over" : "clock.end")];
  if (!part.since) return [left <= SOON ? "soon" : "fine", say("clock.stopped")];
  return left <= SOON ? ["soon", say("clock.left", { seconds: left })] : ["fine", say("clock.running")];
}

/** The digits as large as their number and the machine's font let them stand inside the ring. */
function fit(root) {
  const digits = slot(root, "digits");
  root.style.setProperty("--digits", LARGEST);
  const room = root.querySelector(".timer__ring").clientWidth * ROOM;
  if (digits.scrollWidth > room) root.style.setProperty("--digits", (LARGEST * room / digits.scrollWidth).toFixed(4));
}

function tick(root, part) {
  const spent = elapsed(part);
  const left = part.limit - Math.floor(spent / 1000);
  const [name, word] = state(part, left);
  const digits = left < 0 ? `+${reading(-left)}` : reading(left);
  root.dataset.state = name;
  const shown = slot(root, "digits");
  if (shown.textContent !== digits) {
    const longer = shown.textContent.length !== digits.length;
    shown.textContent = digits;
    if (longer) fit(root);
  }
  const said = slot(root, "word");
  if (said.textContent !== word) said.textContent = word;
  const rest = name === "over" ? 1 : Math.max(0, 1 - spent / (part.limit * 1000));
  root.style.setProperty("--rest", rest.toFixed(4));
}

function parts(root, clock) {
  slot(root, "parts").replaceChildren(...clock.parts.map((part, at) => {
    const item = document.createElement("li");
    item.className = at === clock.at ? "is-now" : part.pressed ? "is-done" : "";
    item.textContent = `${pick(part.title)} ${reading(part.limit)}`;
    return item;
  }));
}

export const talk = {
  show(root, frame) {
    clearInterval(timer);
    const part = frame.clock.parts[frame.clock.at];
    put(root, "number", frame.now.number);
    put(root, "name", called(frame.now));
    put(root, "topic", topic(frame.now.title));
    put(root, "part", pick(part.title));
    put(root, "of", say("clock.of", { time: reading(part.limit) }));
    parts(root, frame.clock);
    tick(root, part);
    fit(root);
    if (part.since) timer = setInterval(() => tick(root, part), TICK);
  },
  resize: fit,
  leave() {
    clearInterval(timer);
  },
};
