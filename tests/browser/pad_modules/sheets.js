/** The life of one sheet on a tablet: taps, messages, answers, returns, restored backups. */

import { build, newId } from "/judging/messages.js";
import * as record from "/judging/record.js";
import { mayTake } from "/judging/turn.js";
import { criterionOf, markOf, textOf } from "/judging/typing.js";
import { equal, test } from "./harness.js";

const content = criterionOf({ id: "content", min: "0", max: "30", step: "0.01", bands: [] });
const context = {
  epoch: "E1",
  read: (marks) => ({ content: textOf(marks?.content) }),
  marksOf: ({ texts }) => ({ content: markOf(content, texts.content) }),
};
const about = { judge: "J4", round: "final", entry: "17", appearance: "a17", number: "17", title: "Moon soil" };
const blank = record.blank(about);
const receipt = { seq: 41, hash: "h" };
const tap = (sheet, text, now) => record.edit(sheet, { texts: { content: text } }, { now, lease: "L1" });
const press = (sheet, now) => record.pressSubmit(sheet, { now, tappedAt: "t", lease: "L1" });
const view = (state, version, mark, more = {}) =>
  ({ state, version, marks: { content: mark }, note: "", ledger: null, reason: null, ...more });

function send(sheet, kind, n) {
  const marks = context.marksOf(sheet);
  return record.posted(sheet, build(sheet, kind, { id: `m${n}`, n, rules: 1, marks, tappedAt: "t", lease: "L1" }));
}

function hear(sheet, n, result, more = {}) {
  return record.answered(sheet, { id: `m${n}`, result, version: n, ledger: null, reason: null, current: null, ...more }, context);
}

const typed = tap(blank, "27", 1000);
const saved = hear(send(typed, "save", 1), 1, "saved");
const done = hear(send(press(saved, 2000), "submit", 2), 2, "submitted", { ledger: receipt });

test("taps travel together after a pause", () => {
  const two = tap(tap(blank, "2", 1000), "27", 1200);
  equal([record.due(two, 1599), record.due(two, 1600), record.dueAt(two)], [null, "save", 1600]);
});

test("a message in flight is never edited and newer taps wait for its answer", () => {
  const sent = send(typed, "save", 1);
  const later = tap(sent, "27.5", 2000);
  equal([later.save, record.due(later, 9000)], [sent.save, null]);
  const heard = hear(later, 1, "saved");
  equal([heard.base, heard.texts, record.due(heard, 9000)], [1, { content: "27.5" }, "save"]);
});

test("a submission waits five seconds", () => {
  const pressed = press(saved, 2000);
  equal([record.phase(pressed, 6999), record.due(pressed, 6999)], ["undo", null]);
  equal([record.phase(pressed, 7000), record.due(pressed, 7000)], ["sent", "submit"]);
});

test("an undo within the five seconds sends nothing and later there is no undo", () => {
  const pressed = press(saved, 2000);
  equal([record.due(record.undo(pressed, 6999), 99000), record.phase(record.undo(pressed, 6999), 99000)], [null, "open"]);
  equal(record.undo(pressed, 7000), pressed);
});

test("a reload keeps the remaining time and the submission that was due", () => {
  const reloaded = JSON.parse(JSON.stringify(press(saved, 2000)));
  equal([record.phase(reloaded, 4000), record.due(reloaded, 99000)], ["undo", "submit"]);
});

test("a sheet is on the tablet, then on the server, then confirmed", () => {
  const sent = send(press(saved, 2000), "submit", 2);
  equal([blank, typed, saved, sent, done].map((sheet) => record.whereabouts(sheet, 9000)),
    ["empty", "tablet", "server", "tablet", "confirmed"]);
  equal(done.confirmed, { marks: { content: "27.00" }, note: "", version: 2, ledger: receipt, epoch: "E1" });
});

test("an answer to another message changes nothing", () => {
  const sent = send(typed, "save", 1);
  equal(hear(sent, 8, "saved"), sent);
});

test("a stray holds later saves until the judge sends it again on the current version", () => {
  const stray = hear(send(typed, "save", 1), 1, "stray", { reason: { code: "newer_version", args: {} }, current: view("draft", 9, "25.00") });
  equal([record.whereabouts(stray, 2000), record.due(tap(stray, "28", 2000), 9000)], ["stray", null]);
  const again = record.sendAgain(stray, { now: 5000, tappedAt: "t", lease: "L1" });
  equal([record.due(again, 9000), again.base, again.texts], ["save", 9, { content: "27" }]);
});

test("a judge may take the server's version instead of a stray", () => {
  const stray = hear(send(typed, "save", 1), 1, "stray", { current: view("draft", 9, "25.00") });
  const taken = record.takeServer(stray, context);
  equal([taken.texts, taken.base, record.due(taken, 9000), taken.stray], [{ content: "25" }, 9, null, null]);
});

test("a stray that the chief judge accepted is confirmed", () => {
  const stray = hear(send(press(typed, 1000), "submit", 1), 1, "stray", { reason: { code: "round_closed", args: {} } });
  const accepted = record.merged(stray, view("submitted", 1, "27.00", { ledger: receipt }), context);
  equal([record.whereabouts(accepted, 9000), accepted.stray], ["confirmed", null]);
});

test("a refused value is kept and not sent again until it is changed", () => {
  const refused = hear(send(typed, "save", 1), 1, "refused", { reason: { code: "off_step", args: {} } });
  const dismissed = record.dismissRefusal(refused);
  equal([refused.texts, record.due(refused, 9000), record.due(dismissed, 9000)], [{ content: "27" }, null, null]);
  equal([record.whereabouts(dismissed, 9000), record.due(tap(dismissed, "27.5", 2000), 9000)], ["refused", "save"]);
});

test("a superseded save that the server does not hold is sent once more, then shown", () => {
  const wiped = hear(send(typed, "save", 1), 1, "superseded", { current: view("draft", 4, "20.00") });
  equal([record.due(wiped, 9000), wiped.base, wiped.bumped], ["save", 4, true]);
  equal(record.whereabouts(hear(send(wiped, "save", 1002), 1002, "superseded", { current: view("draft", 4, "20.00") }), 9000), "stray");
});

test("a fresh state never overwrites unsent taps", () => {
  const unsent = record.merged(typed, view("draft", 3, "25.00"), context);
  equal([unsent.texts, unsent.base, record.due(unsent, 9000)], [{ content: "27" }, 0, "save"]);
});

test("a fresh state is taken over where nothing waits, unless it is older", () => {
  equal(record.merged(blank, view("draft", 3, "25.00"), context).texts, { content: "25" });
  equal(record.merged(saved, view("draft", 0, "25.00"), context).texts, { content: "27" });
});

test("what the judge typed stays as typed while it says the same as the server", () => {
  const point = { ...saved, texts: { content: "27." } };
  equal(record.merged(point, view("draft", 1, "27.0000"), context).texts, { content: "27." });
});

test("a returned sheet is open again with the chief judge's reason", () => {
  const back = record.merged(done, view("returned", 3, "27.00", { reason: "check item two" }), context);
  equal([record.phase(back, 9000), back.server.reason, back.base, back.confirmed, back.texts], ["open", "check item two", 3, null, { content: "27" }]);
});

test("after a restored backup a confirmed sheet the copy lacks is offered again as a new submission", () => {
  const restored = { ...context, epoch: "E2" };
  const lost = record.merged(done, null, restored);
  equal([record.due(lost, 9000), lost.base, lost.texts], ["submit", 0, { content: "27" }]);
  equal(record.due(record.merged(done, view("submitted", 2, "27.00", { ledger: receipt }), restored), 9000), null);
});

test("what is offered to a restored server says under which epoch it was confirmed; what was never confirmed does not", () => {
  const restored = { ...context, epoch: "E2" };
  const lost = record.merged(done, null, restored);
  const sent = (from, kind) => JSON.parse(build(from, kind, { id: "a", n: 9, rules: 1, marks: { content: "27.00" }, tappedAt: null, lease: "L" }).body);
  equal([sent(lost, "submit").epoch, "epoch" in sent(lost, "save"), "epoch" in sent(typed, "submit")], ["E1", false, false]);
  const offered = record.posted(lost, { id: "m9", n: 9, kind: "submit", lease: "L", tapped_at: null, marks: { content: "27.00" }, body: "{}" });
  equal(record.merged(offered, null, { ...context, epoch: "E3" }).offered, "E1");
  const stray = record.answered(offered, { id: "m9", result: "stray", version: 0, ledger: null, reason: { code: "restored", args: {} }, current: null }, restored);
  equal([stray.offered, stray.stray.reason.code, record.due(stray, 99000)], [null, "restored", null]);
  const again = record.sendAgain(stray, { now: 9000, tappedAt: null, lease: "L" });
  equal("epoch" in sent(again, "submit"), false);
  const accepted = record.merged(stray, view("submitted", 1, "27.00", { ledger: receipt }), restored);
  equal([accepted.stray, record.whereabouts(accepted, 99000)], [null, "confirmed"]);
});

test("after a restored backup a draft the copy lacks is saved again", () => {
  const lost = record.merged(saved, null, { ...context, epoch: "E2" });
  equal([record.due(lost, 9000), lost.base], ["save", 0]);
});

test("a sheet is forgotten only once its round is sealed and nothing is undecided", () => {
  equal([record.mayForget(done, "locked"), record.mayForget(done, "sealed")], [false, true]);
  equal([record.mayForget({ ...done, stray: {} }, "sealed"), record.mayForget(typed, "sealed")], [false, false]);
});

test("ids are random uuids without the function that plain http lacks", () => {
  equal(newId((bytes) => bytes.fill(255)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  equal(newId() === newId(), false);
});

test("one tab sends and another takes over when its lease ends", () => {
  const lease = { tab: "one", until: 5000 };
  equal([mayTake(null, "two", 0), mayTake(lease, "two", 4999), mayTake(lease, "one", 4999), mayTake(lease, "two", 5000)],
    [true, false, true, true]);
});

test("a draft is never submitted by itself and never ends, however long it lies", () => {
  const year = 365 * 24 * 3600 * 1000;
  const whole = hear(send(typed, "save", 1), 1, "saved");
  equal([record.due(whole, year), record.dueAt(whole), record.phase(whole, year), whole.texts], [null, null, "open", { content: "27" }]);
  equal([record.due(typed, year), record.mayForget(typed, "published")], ["save", false]);
});
