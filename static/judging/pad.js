/** The score pad: wires the tablet's store, the outbox, the seat's state and the stage to the page. */

import { data, say } from "../js/words.js";
import { listen } from "../js/live.js";
import { Connection, pillOf } from "./connection.js";
import { Cover, Drawer, NoteDialog, Question, toast } from "./dialogs.js";
import { Display } from "./display.js";
import { Keeping, mayReload } from "./keeping.js";
import { keyOf } from "./keypad.js";
import { Marking } from "./marking.js";
import { envelope, newId, post } from "./messages.js";
import { Outbox } from "./outbox.js";
import { PAUSE_MS, isWaiting, phase, sheetKey, whereabouts } from "./record.js";
import { SeatState } from "./seatstate.js";
import { follows } from "./sheet.js";
import { Store, browserStorage } from "./store.js";
import { steppers } from "./typing.js";
import { Turn } from "./turn.js";
import { View } from "./view.js";

const BEAT_MS = 8000; // a seat that was silent for longer than two of these shows hollow on the desk
const page = data("pad");
const clock = {
  now: () => Date.now(),
  set: (what, wait) => setTimeout(what, wait),
  clear: (timer) => clearTimeout(timer),
  newId,
  stamp: (moment) => new Date(moment).toISOString(),
};

const store = new Store(page.seat, browserStorage(window));
const seatState = new SeatState({ url: page.state, state: data("state"), served: page.served, store, onChange: () => { outbox.wake(); later(); } });
const { judge } = seatState.state.seat;
let turn = null;
let stayedFor = history.state?.stayedFor ?? null; // the judge chose another sheet while this appearance was on stage
let announced = { next: null };
let unsentOffline = new Set(); // the sheets that waited while the line was down
let drawn = false;
const TRIED = "lectern.pad.tried"; // the version for which this tab has already loaded itself anew

const outbox = new Outbox({
  store, lease: page.lease, judge, clock,
  send: (lease, body) => post(page.messages, lease, body),
  rulesOf: () => seatState.state.rules,
  contextOf: (record) => seatState.contextOf(record),
  mayPost: () => turn === null || turn.mine,
  onChange: later,
  onReach: (reached) => connection.note(reached),
  onAnswers: (epoch, news) => {
    if (epoch !== seatState.state.epoch || news) seatState.refresh();
  },
});
const connection = new Connection({
  ask: () => seatState.refresh(), clock, onChange: later,
  onBack: () => outbox.retryNow(),
});
const keeping = new Keeping({ worker: page.worker, home: page.home, version: page.version, onChange: later });
const question = new Question(document.getElementById("question"));
const marking = new Marking({
  seatState, store, lease: page.lease.id, clock,
  onWrite: () => { outbox.wake(); later(); },
  onRefused: () => { later(); view.keypad.shake(); },
  onMove: () => { later(); view.criteria.reveal(marking.active); },
  onComplete: () => view.parts.submit.focus(),
  onStage: () => (connection.reached && seatState.state.now ? seatState.find(seatState.state.now) : null), // what was heard last may be old
  confirm: ({ lower, by, ahead, stage }) => question.ask({
    text: ahead ? say("ahead", { number: say("number", { number: ahead }), stage: say("number", { number: stage }) }) : say(lower ? "far_below" : "far_above", { by }),
    more: say(ahead ? "ahead_why" : "far_why"), yes: say("far_yes"), no: say("far_no"),
  }),
});
const drawer = new Drawer(document.querySelector('[data-part="drawer"]'));
const note = new NoteDialog(document.getElementById("note"), { onNote: (text) => marking.note(text) });

const act = {
  activate: (id) => { if (!marking.sheet?.barred) marking.activate(id); later(); },
  band: (id, position) => { marking.band(id, position); later(); },
  key: (key) => { marking.key(key); later(); },
  step: (amount) => { marking.step(amount); later(); },
  undo: () => { marking.undo(); later(); },
  open: (id) => { drawer.close(); go(id, seatState.state.now); },
  goToStage: () => go(seatState.state.now, null),
  retry: () => { outbox.retryNow(); store.retry(); connection.probe(); },
  sendAgain: (record) => marking.sendAgain(record),
  takeServer: (record) => marking.takeServer(record),
  dismiss: (record) => marking.dismiss(record),
  sign: () => (connection.reached ? location.assign(page.home + "/sign") : toast(say("needs_server"), "wifi-off")),
};
const view = new View(act);

/** Opens a sheet. `stayed`: the appearance on stage that the judge leaves on purpose, or null. */
function go(id, stayed, push = true) {
  if (!id || !seatState.find(id)) return;
  stayedFor = stayed === id ? null : stayed;
  marking.open(id);
  const address = `${page.home}/appearances/${id}`;
  const plain = location.pathname === address || !location.pathname.includes("/appearances/");
  if (push) history[plain ? "replaceState" : "pushState"]({ stayedFor }, "", address);
  later();
}

function follow() {
  const stage = seatState.state.now && seatState.find(seatState.state.now) ? seatState.state.now : null;
  if (follows({ stage, open: marking.sheet ? marking.id : null, busy: marking.busy, stayedFor }) !== "move") return;
  const { appearance } = seatState.find(stage);
  go(stage, null);
  view.parts.said.textContent = say("moved_to", { number: say("number", { number: appearance.number }) });
}

function nextUp(sheet) {
  if (!sheet) return null;
  const told = announced.next && seatState.find(announced.next.appearance)?.appearance;
  const candidates = sheet.round.appearances.filter((one) => one.status === "waiting" && one.id !== sheet.appearance.id);
  return told || candidates.find((one) => one.order > sheet.appearance.order) || null;
}

function model() {
  const now = clock.now();
  const { state } = seatState;
  const { sheet } = marking;
  const records = store.sheets();
  const waiting = records.filter(isWaiting);
  const going = waiting.filter((record) => phase(record, now) === "sent" || (phase(record, now) === "open" && now - record.edited > PAUSE_MS + 1500));
  return {
    now, state, seatState, records, sheet, active: marking.active, trouble: marking.trouble,
    stage: state.now ? seatState.find(state.now) : null, next: nextUp(sheet), sums: sheet ? marking.ownSums(sheet) : [],
    waiting: waiting.length, reached: connection.reached, kept: keeping.kept, receipt: page.receipt, blocked: outbox.blocked || seatState.lost, unwell: outbox.unwell, failed: store.failed,
    retryAt: outbox.retryAt ?? connection.retryAt,
    pill: pillOf({ reached: connection.reached, blocked: outbox.blocked || seatState.lost, waiting: waiting.length, due: going.length }),
  };
}

/** Draws soon: once per frame, however many changes came. */
let asked = false;
function later() {
  if (asked) return;
  asked = true;
  (document.hidden ? (what) => setTimeout(what, 50) : requestAnimationFrame)(draw);
}

/** Once all that waited while the line was down has been taken, one line says so. */
function tellOfReturn({ records, reached, now }) {
  for (const record of records) if (!reached && isWaiting(record)) unsentOffline.add(sheetKey(record));
  const sheets = records.filter((record) => unsentOffline.has(sheetKey(record)));
  if (!reached || !sheets.length || sheets.some(isWaiting)) return;
  unsentOffline = new Set();
  const count = sheets.filter((record) => ["server", "confirmed", "returned"].includes(whereabouts(record, now))).length;
  if (count) toast(say("back_online", { count }));
}

/** An old page makes way for the server's newer one as soon as nobody is at it and nothing waits. */
function renew({ now, state, reached, waiting }) {
  const { touchedAt } = keeping;
  const asking = document.querySelector("dialog[open]") !== null;
  const free = { now, touchedAt, reached, waiting, unsaved: store.memory.size > 0, asking, tried: sessionStorage.getItem(TRIED), version: state.page };
  if (!mayReload(free)) return;
  sessionStorage.setItem(TRIED, state.page);
  location.reload();
}

let ticking = null;
function draw() {
  asked = false;
  if (!drawn) return;
  follow();
  const now = model();
  tellOfReturn(now);
  view.render(now);
  if (seatState.lost) keeping.forget();
  if (keeping.isOld(now.state.page)) renew(now);
  clearTimeout(ticking);
  const running = now.records.some((record) => record.undo) || now.retryAt !== null || now.waiting > 0;
  if (running) ticking = setTimeout(later, 200);
}

/** Tells the desk that this tablet is there, and learns whether another one has taken the seat since. */
async function hello() {
  if (document.hidden || !connection.reached || outbox.blocked) return;
  keeping.beat(seatState.state.page);
  await post(page.messages, page.lease, envelope(page.lease.id, [])).catch(() => {}); // a cut line shows in the probe
  connection.probe();
}

/** The appearance in the page's address: the copy of the page is the same at all of them. */
function appearanceHere() {
  const id = location.pathname.match(/\/appearances\/([^/]+)$/)?.[1];
  return id ? decodeURIComponent(id) : null;
}

function start() {
  drawn = true;
  const buttons = (name) => [...document.querySelectorAll(`[data-act=${name}]`)];
  new Display({ sizes: buttons("size"), lights: buttons("lights"), onChange: later });
  turn = new Turn({ store, tab: newId(), onTurn: () => outbox.wake() });
  store.follow(window);
  store.listen((name, foreign) => {
    if (foreign) outbox.wake();
    later();
  });
  view.parts.list_button.addEventListener("click", () => {
    view.list(model());
    drawer.open();
    later();
  });
  const cover = new Cover(document.querySelector('[data-part="cover"]'));
  for (const button of buttons("cover")) button.addEventListener("click", () => { drawer.close(); cover.open(); });
  for (const button of buttons("sign")) button.addEventListener("click", act.sign);
  view.parts.note.addEventListener("click", () => note.open(marking.sheet.record.note, !marking.sheet.barred));
  view.parts.submit.addEventListener("click", async (event) => {
    await marking.submit();
    later();
    if (event.detail === 0 && marking.sheet?.barred) requestAnimationFrame(() => requestAnimationFrame(() => view.sent.head.focus()));
  });
  addEventListener("popstate", () => {
    const id = appearanceHere();
    if (id) go(id, seatState.state.now, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("dialog, textarea, input") || (event.key === "Enter" && event.target.closest("button, a"))) return;
    const key = keyOf(event);
    if (!key || !marking.sheet || marking.sheet.barred) return;
    event.preventDefault();
    if (key === "more" || key === "less") marking.step(steppers(marking.criterion)[key === "more" ? 2 : 1]);
    else marking.key(key);
    later();
  });
  addEventListener("online", () => connection.probe());
  addEventListener("offline", () => connection.note(false));
  addEventListener("beforeunload", (event) => {
    const cannotReturn = !connection.reached && !keeping.kept; // without a copy, a page left without a network is gone
    if (cannotReturn || (store.memory.size && outbox.waiting().length)) event.preventDefault();
  });
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => keeping.touched(clock.now()), { passive: true });
  keeping.touched(clock.now());
  keeping.beat(seatState.state.page);
  navigator.serviceWorker?.addEventListener("controllerchange", () => keeping.look());
  document.querySelector('form[action="/language"]').addEventListener("submit", (event) => {
    if (connection.reached) return;
    event.preventDefault();
    toast(say("needs_server"), "wifi-off");
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { connection.probe(); outbox.wake(); } });
  let lost = null;
  listen({
    stream: page.stream,
    onFrame: (frame) => {
      announced = frame;
      setTimeout(() => connection.probe(), Math.random() * 200);
    },
    onState: (state) => {
      clearInterval(lost);
      if (state === "live") connection.probe();
      else if (state === "offline") lost = setInterval(() => { if (connection.reached) connection.probe(); }, 5000);
    },
  });
  setInterval(hello, BEAT_MS);
  const asked = appearanceHere();
  if (asked) go(asked, history.state ? stayedFor : seatState.state.now, false);
  outbox.wake();
  later();
}

start();
