/* The door's page: every scan is kept on the device first, sent, answered in colour, sound and words. */

import { data, say } from "../js/words.js";
import { Queue } from "./door-queue.js";
import { List } from "./door-list.js";
import { ring } from "./door-sound.js";

const script = document.getElementById("door-script");
const box = document.getElementById("code");
const form = document.getElementById("scan");
const doorName = document.getElementById("door");
const result = document.getElementById("result");
const POLL_MS = 10_000;
const DOOR = "lectern-door-name";

const list = new List(data("rows"));
const queue = new Queue(script.dataset.slug, send, showWaiting);

/** Show what became of a scan, ring, and be ready for the next one. */
function tell(kind, who = "", more = "", checkIn = "") {
  const panel = document.getElementById(`verdict-${kind}`).content.cloneNode(true);
  panel.querySelector("[data-slot=who]").textContent = who;
  panel.querySelector("[data-slot=more]").textContent = more;
  if (kind === "ok") panel.querySelector("[name=check_in]").value = checkIn;
  result.replaceChildren(panel);
  ring(kind);
}

const named = (guest) => `${guest.number} ${guest.name}`.trim();
const cameLine = (came) => [came.at, came.door, came.who].filter(Boolean).join(" · ");

/** Send one kept scan. The answer, or null where no server was reached. */
async function send(scan) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  for (const name of ["code", "entry", "door", "press"]) if (scan[name]) body.set(name, scan[name]);
  body.set("waited", String(Math.max(0, Math.round((Date.now() - scan.at) / 1000))));
  return ask(form.action, body);
}

/** POST for a JSON answer; {failed: words} where the server said no, null where it was not reached. */
async function ask(address, body) {
  let response;
  try {
    response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    return null;
  }
  if ([502, 503, 504].includes(response.status)) return null;
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  return { failed: answer.error?.message || say([400, 401, 403].includes(response.status) ? "signed_out" : "network") };
}

/** What an answer says: on the list always, in the panel where the scan is the one at hand. */
function receive(answer, scan, atHand) {
  if (answer.guest) list.set(answer.guest, answer.result === "ok");
  if (answer.counts) list.count(answer.counts);
  if (answer.result === "ok") return atHand && tell("ok", named(answer.guest), answer.guest.about, answer.guest.came?.id);
  if (!atHand) return doubt(answer, scan);
  if (answer.result === "again") return tell("again", named(answer.guest), cameLine(answer.guest.came));
  if (answer.result === "several") { list.narrow(scan.code); return tell("unknown", scan.code, say("several", { count: answer.guests.length })); }
  if (answer.result === "unknown") return tell("unknown", scan.code.includes("/") ? "" : scan.code, say("search"));
  return tell("failed", "", answer.failed);
}

/** A scan that was kept offline and did not check anybody in is written down until somebody has looked. */
function doubt(answer, scan) {
  const notice = document.getElementById("doubtful");
  const line = document.createElement("li");
  line.textContent = answer.guest ? `${named(answer.guest)}: ${cameLine(answer.guest.came)}` : `${scan.said || scan.code}: ${answer.failed || say("search")}`;
  notice.querySelector("[data-slot=list]").append(line);
  notice.hidden = false;
  ring("again");
}

/** Take a scan in: kept first, then sent; without a network the list on the page answers. */
async function take(scan) {
  scan = { ...scan, door: doorName.value.trim(), press: newId(), at: Date.now() };
  const known = list.find(scan);
  scan.said = known ? named(known) : "";
  const answer = await queue.add(scan);
  if (answer) {
    receive(answer, scan, true);
    return;
  }
  if (!known && !/\/pass\//.test(scan.code || "")) {
    queue.drop(scan);
    tell("unknown", scan.code, say("search"));
  } else if (known?.came) {
    queue.drop(scan);
    tell("again", named(known), cameLine(known.came));
  } else {
    if (known) list.keep(known.entry);
    tell("kept", known ? named(known) : "", say("kept"));
  }
}

/** crypto.randomUUID exists on secure pages only; a hall's page is plain http. */
function newId() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function showWaiting(count) {
  const notice = document.getElementById("waiting");
  notice.hidden = count === 0;
  notice.querySelector("[data-slot=text]").textContent = count ? say("waiting", { count }) : "";
}

document.addEventListener("submit", async (event) => {
  const sent = event.target;
  if (sent.matches("[data-check-in]")) {
    event.preventDefault();
    const code = sent === form ? box.value.trim() : "";
    const entry = sent === form ? "" : sent.elements.entry.value;
    if (sent === form) { box.value = ""; box.focus(); }
    if (code || entry) await take({ code, entry });
  } else if (sent.matches("[data-undo]")) {
    event.preventDefault();
    const answer = await ask(sent.action, new FormData(sent));
    if (!answer || answer.failed) { tell("failed", "", answer ? answer.failed : say("network")); return; }
    if (answer.guest) list.set(answer.guest);
    list.count(answer.counts);
    result.replaceChildren();
    box.focus();
  }
});

document.querySelector("[data-clear]").addEventListener("click", () => {
  const notice = document.getElementById("doubtful");
  notice.querySelector("[data-slot=list]").replaceChildren();
  notice.hidden = true;
});

/** What other doors did meanwhile. */
async function poll() {
  if (document.hidden || queue.size) return;
  try {
    const response = await fetch(script.dataset.list, { headers: { Accept: "application/json" } });
    if (response.ok) list.refresh(await response.json());
  } catch { /* The next one tells. */ }
}

doorName.value ||= localStorage.getItem(DOOR) || "";
doorName.addEventListener("change", () => localStorage.setItem(DOOR, doorName.value.trim()));
if (doorName.value) localStorage.setItem(DOOR, doorName.value.trim());
queue.start((answer, scan) => receive(answer, scan, false));
setInterval(poll, POLL_MS);
const first = result.querySelector(".verdict");
if (first) ring(["ok", "again", "unknown"].find((kind) => first.classList.contains(`verdict--${kind}`)));
