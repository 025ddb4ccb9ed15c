/** The queue to the server: builds what is due, one request under way, the same bytes again until they are answered. */

import { build, envelope, firstNumber, readAnswers } from "./messages.js";
import { answered, due, dueAt, isWaiting, posted, sheetKey } from "./record.js";

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30000;
const LONGEST_WAIT = 120000; // a Retry-After at most; a longer one means that the clock was set back
const BATCH = 20;

/** 1 s, 2 s, 4 s … 30 s. */
export function delayAfter(failures) {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.max(0, failures - 1));
}

export class Outbox {
  /**
   * store: Store · lease: {id, secret} of this page · send(lease, body) → {status, json, after}, throws without a network
   * rulesOf() → the rule version known · contextOf(record) → {read, marksOf} or null while its round is unknown
   * mayPost() → whether this tab sends · onChange() · onReach(whether the server answered) · onAnswers(epoch, news) · clock: {now(), set(fn, ms), clear(id), newId(), stamp(ms)}
   */
  constructor(options) {
    Object.assign(this, options);
    this.sending = false;
    this.failures = 0;
    this.retryAt = null;
    this.blocked = null; // 401: the card or the seat changed; nothing is dropped, and only the judge asks again
    this.unwell = null; // why the last attempt failed: "network" | "server" | "busy"
    this.batch = BATCH;
    this.timer = null;
    this.store.put("lease." + this.lease.id, this.lease);
  }

  waiting() {
    return this.store.sheets().filter(isWaiting);
  }

  /** Sends now if there is something to send; called after every tap, on timers, and when the network is back. */
  wake() {
    if (this.sending || !this.mayPost()) return;
    const now = this.clock.now();
    if (this.blocked || (this.retryAt !== null && now < this.retryAt && this.retryAt - now <= LONGEST_WAIT)) return this.sleep();
    this.prepare(now);
    const messages = this.ready();
    if (messages.length) this.post(messages);
    else this.sleep();
  }

  /** The judge, or the network's return, asks for an attempt at once. */
  retryNow() {
    this.retryAt = null;
    this.blocked = null;
    this.wake();
    this.onChange();
  }

  sleep() {
    this.clock.clear(this.timer);
    this.timer = null;
    if (this.blocked) return;
    const now = this.clock.now();
    const moments = this.store.sheets().map(dueAt).filter((moment) => moment !== null);
    if (this.retryAt !== null) moments.push(this.retryAt);
    if (!moments.length) return;
    const next = this.retryAt !== null ? this.retryAt : Math.min(...moments);
    this.timer = this.clock.set(() => this.wake(), Math.max(20, next - now));
  }

  /** Builds the messages that are due and stores them before anything is sent. */
  prepare(now) {
    for (const record of this.store.sheets()) {
      const kind = due(record, now);
      const context = kind && this.contextOf(record);
      if (!kind || !context) continue;
      const n = this.nextNumber(now);
      const message = build(record, kind, {
        id: this.clock.newId(), n, rules: this.rulesOf(), marks: context.marksOf(record),
        tappedAt: record.undo?.tapped_at || this.clock.stamp(record.edited || now), lease: this.leaseOf(record),
      });
      this.store.putSheet(sheetKey(record), posted(record, message));
    }
  }

  /** A judge's own sheets go under the page's lease; those of a judge who sat here before go under the lease they were made with. */
  leaseOf(record) {
    const theirs = record.judge !== this.judge && record.lease && this.store.get("lease." + record.lease);
    return theirs ? record.lease : this.lease.id;
  }

  nextNumber(now) {
    const before = this.store.get("n");
    const n = before === null ? firstNumber(now) : before + 1;
    this.store.put("n", n);
    return n;
  }

  /** The unanswered messages of one lease, in order. */
  ready() {
    const all = this.store.sheets().flatMap((record) => [record.save, record.submit]).filter(Boolean).sort((a, b) => a.n - b.n);
    if (!all.length) return [];
    const first = all.find((message) => message.lease === this.lease.id) || all[0];
    return all.filter((message) => message.lease === first.lease).slice(0, this.batch);
  }

  async post(messages) {
    const lease = this.store.get("lease." + messages[0].lease) || this.lease;
    this.sending = true;
    this.onChange();
    let reply = null;
    try {
      reply = await this.send(lease, envelope(lease.id, messages));
    } catch {
      reply = null;
    }
    this.sending = false;
    this.heard(reply, messages, lease);
    this.onReach(reply !== null);
    this.onChange();
    this.wake();
  }

  heard(reply, messages, lease) {
    const answers = reply?.status === 200 ? readAnswers(reply.json) : null;
    if (answers) return this.take(answers, reply.json.epoch, messages);
    if (reply?.status === 401 || reply?.status === 403) return this.rejected(messages, lease);
    if (reply?.status === 413 && this.batch > 1) {
      this.batch = 1;
      return this.fail("server", 0);
    }
    if (reply?.status === 400 && reply.json?.error?.code === "malformed") {
      if (messages.length > 1) {
        this.batch = 1; // one of them is not accepted; alone, each gets its own answer
        return this.fail("server", 0);
      }
      return this.take([{ id: messages[0].id, result: "refused", version: null, ledger: null, reason: { code: "malformed", args: {} }, current: null }],
        null, messages);
    }
    if (reply?.status === 429) return this.fail("busy", reply.after * 1000);
    return this.fail(reply === null ? "network" : "server", null);
  }

  fail(why, wait) {
    this.failures += 1;
    this.unwell = why;
    this.retryAt = this.clock.now() + (wait === null ? delayAfter(this.failures) : wait);
  }

  /** 401. A lease of before is given up (its sheets are offered under this page's own); this page's own blocks the queue. */
  rejected(messages, lease) {
    this.failures = 0;
    this.retryAt = null;
    this.unwell = null;
    if (lease.id === this.lease.id) {
      this.blocked = "lease_unknown";
      return;
    }
    for (const record of this.store.sheets()) {
      if (record.judge !== this.judge) continue;
      const save = record.save?.lease === lease.id ? null : record.save;
      const submit = record.submit?.lease === lease.id ? null : record.submit;
      const undo = record.submit && !submit ? { until: 0, tapped_at: record.submit.tapped_at } : record.undo;
      this.store.putSheet(sheetKey(record), { ...record, save, submit, undo });
    }
    if (messages.some((message) => this.stillWaits(message))) this.blocked = "lease_unknown";
  }

  stillWaits(message) {
    return this.store.sheets().some((record) => record.save?.id === message.id || record.submit?.id === message.id);
  }

  take(answers, epoch, messages) {
    this.failures = 0;
    this.unwell = null;
    this.retryAt = null;
    let news = null;
    for (const answer of answers) {
      for (const record of this.store.sheets()) {
        const context = this.contextOf(record);
        if (!context) continue;
        const after = answered(record, answer, { ...context, epoch: epoch ?? record.epoch });
        if (after === record) continue;
        if (after.bumped && !record.bumped) this.store.put("n", this.store.get("n") + 1000);
        this.store.putSheet(sheetKey(record), after);
        if (answer.result !== "saved") news = "answers";
      }
    }
    if (messages.every((message) => this.stillWaits(message))) return this.fail("server", null);
    if (this.batch < BATCH) this.batch += 1;
    if (epoch) this.onAnswers(epoch, news);
  }
}
