/* The big screen: shows the scene of the newest frame, moves on by itself where the frame says so, keeps the last good frame. */

import { listen } from "../js/live.js";
import { keepTime } from "../js/servertime.js";
import { data } from "../js/words.js";
import { contestant } from "./screen-contestant.js";
import { dots } from "./screen-dots.js";
import { black, message, pause } from "./screen-plain.js";
import { ranking } from "./screen-ranking.js";
import { score } from "./screen-score.js";
import { refit } from "./screen-text.js";
import { talk } from "./screen-timer.js";
import { waiting } from "./screen-waiting.js";

const page = data("page");
const scenes = { waiting, contestant, timer: talk, dots, score, ranking: ranking(page.urls.board), message, pause, black };
const OLD = 20_000; // A scene that began longer ago than this is shown settled: the screen was opened or reloaded in the middle of it.

let frame = null;
let shown = null; // name of the scene on the screen
let cue = null; // identity of the scene the desk asked for
let timer = null;

/** What can be shown: a scene whose matter is missing gives way to the one before it. */
function possible(name) {
  if (name === "score" && !frame.release) return possible("contestant");
  if (name === "timer" && !frame.clock) return possible("contestant");
  if ((name === "timer" || name === "contestant" || name === "dots") && !frame.now) return "waiting";
  return name in scenes ? name : "waiting";
}

function show(name, settled) {
  const next = possible(name);
  const root = document.querySelector(`[data-scene="${next}"]`);
  const entering = next !== shown;
  if (entering) {
    for (const other of document.querySelectorAll("[data-scene]")) other.hidden = other !== root;
    if (shown) scenes[shown].leave?.();
    shown = next;
    document.body.dataset.showing = next;
  }
  scenes[next].show(root, frame, { entering, settled });
  refit(root);
  if (entering) root.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 300, easing: "ease-out" });
}

function onFrame(newer) {
  const first = frame === null;
  frame = newer;
  document.getElementById("rehearsal").hidden = !frame.contest.rehearsal;
  const scene = frame.scene || { name: "waiting", since: "", then: null };
  const asked = JSON.stringify([scene.name, scene.since, scene.then]);
  const old = first && Date.now() - Date.parse(scene.since) > OLD;
  if (asked === cue) {
    show(document.body.dataset.moved || scene.name, false);
    return;
  }
  cue = asked;
  clearTimeout(timer);
  delete document.body.dataset.moved;
  show(scene.name, old);
  if (scene.then) timer = setTimeout(() => {
    document.body.dataset.moved = scene.then.name;
    show(scene.then.name, false);
  }, scene.then.after * 1000);
}

function fitAgain() {
  const root = document.querySelector(`[data-scene="${shown}"]`);
  scenes[shown].resize?.(root);
  refit(root);
}

function onState(state) {
  document.getElementById("cut").hidden = state !== "offline";
}

if (new URLSearchParams(location.search).has("quiet")) document.body.dataset.quiet = "";
onFrame(data("frame"));
keepTime(page.time).then(() => shown === "timer" && show("timer", false));
addEventListener("resize", fitAgain);
document.fonts?.ready.then(fitAgain);
// A projector must not fall asleep; only secure pages may ask, elsewhere the machine's own setting counts.
navigator.wakeLock?.request("screen").catch(() => {});
listen({ ...page.urls, revision: frame.revision, onFrame, onState });
