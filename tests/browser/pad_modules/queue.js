/** The outbox against a server that answers late, wrongly or not at all. Time and network are arguments. */

import { Outbox, delayAfter } from "/judging/outbox.js";
import * as record from "/judging/record.js";
import { Store } from "/judging/store.js";
import { criterionOf, markOf, textOf } from "/judging/typing.js";
import { equal, test } from "./harness.js";

const content = criterionOf({ id: "content", min: "0", max: "30", step: "0.01", bands: [] });
const context = {
  read: (marks) => ({ content: textOf(marks?.content) }),
  marksOf: ({ texts }) => ({ content: markOf(content, texts.content) }),
};

class Shelf {
  constructor() { this.kept = new Map(); }
  get length() { return this.kept.size; }
  key(at) { return [...this.kept.keys()][at]; }
  getItem(name) { return this.kept.get(name) ?? null; }
  setItem(name, text) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(name, text);
  }
  removeItem(name) { this.kept.delete(name); }
}

/** A tablet whose clock and network the test moves by hand. */
class Tablet {
  constructor(shelf = new Shelf()) {
    this.shelf = shelf;
    this.time = Date.UTC(2026, 4, 16);
    this.requests = [];
    this.ids = 0;
    this.reached = [];
    this.epochs = [];
    this.store = new Store("s4", shelf);
    this.outbox = new Outbox({
      store: this.store, lease: { id: "L1", secret: "x" }, judge: "J4", rulesOf: () => 1, contextOf: () => context, mayPost: () => true,
      onChange: () => {}, onReach: (reached) => this.reached.push(reached), onAnswers: (epoch) => this.epochs.push(epoch),
      send: (lease, body) => new Promise((answer, fail) => this.requests.push({ lease: lease.id, body, messages: JSON.parse(body).messages, answer, fail })),
      clock: { now: () => this.time, set: () => 0, clear: () => {}, newId: () => `${shelf.length}-${++this.ids}`, stamp: () => "t" },
    });
  }

  sheet(entry) {
    const about = { judge: "J4", round: "final", entry, appearance: `a${entry}`, number: entry, title: "" };
    return this.store.sheet(record.sheetKey({ ...about, attempt: 1 })) || record.blank(about);
  }

  keep(sheet) { this.store.putSheet(record.sheetKey(sheet), sheet); }
  tap(entry, text) { this.keep(record.edit(this.sheet(entry), { texts: { content: text } }, { now: this.time, lease: "L1" })); }
  press(entry) { this.keep(record.pressSubmit(this.sheet(entry), { now: this.time, tappedAt: "t", lease: "L1" })); }

  pass(ms) {
    this.time += ms;
    this.outbox.wake();
  }

  /** The last request is answered; what follows from it has happened when this resolves. */
  async reply(status, json) {
    this.requests.at(-1).answer({ status, json, after: 3 });
    await new Promise((resolve) => setTimeout(resolve));
  }

  async cut() {
    this.requests.at(-1).fail(new TypeError("no network"));
    await new Promise((resolve) => setTimeout(resolve));
  }

  answers(result, version = 1) {
    return { epoch: "E1", answers: this.requests.at(-1).messages.map(({ id }) => ({ id, result, version, ledger: null, reason: null, current: null })) };
  }
}

test("the delay grows from one second to thirty", () => {
  equal([1, 2, 3, 4, 5, 6, 20].map(delayAfter), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});

test("a lost answer brings the same bytes again until they are answered", async () => {
  const tablet = new Tablet();
  tablet.tap("17", "27");
  tablet.pass(400);
  await tablet.cut();
  tablet.tap("17", "28");
  tablet.pass(999);
  equal(tablet.requests.length, 1);
  tablet.pass(1);
  equal(tablet.requests[1].body, tablet.requests[0].body);
  await tablet.reply(200, tablet.answers("saved"));
  equal(tablet.requests[2].messages.map(({ n, base, marks }) => [n - tablet.requests[0].messages[0].n, base, marks.content]), [[1, 1, "28.00"]]);
  equal(tablet.reached, [false, true]);
});

test("one request is under way at a time and messages keep their order", async () => {
  const tablet = new Tablet();
  tablet.tap("17", "27");
  tablet.pass(400);
  tablet.tap("17", "28");
  tablet.tap("18", "20");
  tablet.press("17");
  tablet.pass(5000);
  equal(tablet.requests.length, 1);
  await tablet.reply(200, tablet.answers("saved"));
  equal(tablet.requests[1].messages.map(({ entry, kind }) => [entry, kind]), [["17", "submit"], ["18", "save"]]);
});

test("messages and their numbers survive a reload", async () => {
  const before = new Tablet();
  before.tap("17", "27");
  before.pass(400);
  const after = new Tablet(before.shelf);
  after.time = before.time;
  after.pass(0);
  equal(after.requests[0].body, before.requests[0].body);
  await after.reply(200, after.answers("saved"));
  after.tap("17", "28");
  after.pass(400);
  equal(after.requests[1].messages[0].n, before.requests[0].messages[0].n + 1);
});

test("an unknown lease keeps everything and waits to be asked again", async () => {
  const tablet = new Tablet();
  tablet.tap("17", "27");
  tablet.pass(400);
  await tablet.reply(401, { error: { code: "lease_unknown" } });
  tablet.pass(60000);
  equal([tablet.requests.length, tablet.outbox.blocked, tablet.outbox.waiting().length], [1, "lease_unknown", 1]);
  tablet.outbox.retryNow();
  equal(tablet.requests[1].body, tablet.requests[0].body);
});

test("a wifi sign-in page, a busy server and a missing answer are no answer", async () => {
  for (const [status, json] of [[200, null], [503, null], [502, {}], [429, {}], [200, { epoch: "E1", answers: [] }]]) {
    const tablet = new Tablet();
    tablet.tap("17", "27");
    tablet.pass(400);
    await tablet.reply(status, json);
    tablet.pass(3000);
    equal([tablet.requests.length, tablet.requests[1].body === tablet.requests[0].body], [2, true]);
  }
});

test("of a batch the server finds malformed each message is tried alone", async () => {
  const tablet = new Tablet();
  tablet.tap("17", "27");
  tablet.tap("18", "20");
  tablet.pass(400);
  await tablet.reply(400, { error: { code: "malformed" } });
  equal(tablet.requests[1].messages.length, 1);
  await tablet.reply(400, { error: { code: "malformed" } });
  equal(tablet.sheet("17").refused.reason.code, "malformed");
  equal(tablet.sheet("17").texts, { content: "27" });
  await tablet.reply(200, tablet.answers("saved"));
  equal(record.whereabouts(tablet.sheet("18"), tablet.time), "server");
});

test("a full tablet keeps marks in the page, sends them and says so", async () => {
  const tablet = new Tablet();
  tablet.shelf.full = true;
  tablet.tap("17", "27");
  equal(tablet.store.failed, "full");
  tablet.pass(400);
  equal(tablet.requests[0].messages[0].marks, { content: "27.00" });
  tablet.shelf.full = false;
  tablet.store.retry();
  equal(tablet.store.failed, null);
});

test("a message of a lease before this one is offered under this one when the old lease is unknown", async () => {
  const before = new Tablet();
  before.tap("17", "27");
  before.pass(400);
  const after = new Tablet(before.shelf);
  after.time = before.time;
  after.outbox.lease = { id: "L2", secret: "y" };
  after.store.put("lease.L2", after.outbox.lease);
  after.pass(0);
  equal(after.requests[0].lease, "L1");
  await after.reply(401, { error: { code: "lease_unknown" } });
  equal([after.requests[1].lease, after.requests[1].messages[0].marks, after.outbox.blocked], ["L2", { content: "27.00" }, null]);
});
