/** Puts one model on the page: header, banners, criteria, keypad or submission, own marks, footer. */

import { decimal, written } from "./decimal.js";
import { h, fillOnce, icon, mark, put, show } from "./dom.js";
import { pick, say, topic } from "../js/words.js";
import { Criteria } from "./criteria.js";
import { Keypad } from "./keypad.js";
import { Pill } from "./connection.js";
import { Banners } from "./banners.js";
import { Sent } from "./sent.js";
import { Strip } from "./strip.js";
import { TodayList, receiptOf, status } from "./list.js";
import { notices, queueOf } from "./notices.js";
import { refusal } from "./reasons.js";
import { isSubmitted, largest, missing, nextOpen, sumOf, sumShown } from "./sheet.js";
import { phase, undoLeft } from "./record.js";

const at = (name) => document.querySelector(`[data-part="${name}"]`);

export class View {
  /** act: every act of the judge that a control stands for */
  constructor(act) {
    this.act = act;
    this.parts = new Proxy({}, { get: (known, name) => (known[name] ??= at(name)) });
    this.criteria = new Criteria(this.parts.criteria, { onOpen: act.activate, onBand: act.band });
    this.keypad = new Keypad(this.parts.keypad, { onKey: act.key, onStep: act.step });
    this.sent = new Sent(this.parts.sent, { onUndo: act.undo });
    this.strip = new Strip(this.parts.strip);
    this.pill = new Pill(this.parts.pill);
    this.banners = new Banners(this.parts.banners);
    this.lists = [new TodayList(this.parts.list, { onOpen: act.open }), new TodayList(this.parts.today, { onOpen: act.open })];
  }

  /** model: {now, state, seatState, records, sheet, stage, next, active, trouble, sums, waiting, pill, reached, blocked, unwell, retryAt, failed} */
  render(model) {
    const { sheet } = model;
    mark(this.parts.pad, "data-view", sheet ? "sheet" : "waiting");
    this.header(model);
    this.pill.render(model.pill);
    this.banners.render(notices(model, this.act));
    if (this.parts.drawer.open || !sheet) this.list(model);
    put(this.parts.kept, say(model.kept ? "kept" : "not_kept"));
    mark(this.parts.kept, "data-kept", model.kept ? "yes" : "no");
    if (sheet) this.sheet(model);
    else this.waiting(model);
  }

  list({ seatState, sheet, now }) {
    for (const list of this.lists) list.render({ seatState, open: sheet?.appearance.id ?? null, now });
  }

  header(model) {
    const { sheet, stage } = model;
    const off = Boolean(sheet && stage && stage.appearance.id !== sheet.appearance.id);
    mark(this.parts.pad, "data-stage", off ? "off" : "on");
    show(this.parts.plate, Boolean(sheet));
    if (sheet) {
      put(this.parts.number, sheet.appearance.number);
      put(this.parts.topic, topic(sheet.appearance.title) || say("number", { number: sheet.appearance.number }));
      mark(this.parts.topic, "data-hangs", this.parts.topic.textContent.startsWith("《") ? "yes" : null);
      const { division, order } = sheet.appearance;
      put(this.parts.meta, division ? say("meta", { division, order }) : say("meta_plain", { order }));
      const here = off ? "off_stage" : stage ? "on_stage" : "";
      put(this.parts.here, here && say(here));
      mark(this.parts.here, "data-here", here);
      this.where(status(sheet.record, model.now), sheet.record);
      document.title = say("title_sheet", { number: say("number", { number: sheet.appearance.number }) });
    } else {
      put(this.parts.topic, model.state.contest.title);
      put(this.parts.meta, say("seat_of", { seat: model.state.seat.number, name: model.state.seat.name }));
      put(this.parts.here, "");
      mark(this.parts.here, "data-here", "");
      this.where({ icon: "", tone: "none", text: "" }, null);
      document.title = say("title");
    }
    show(this.parts.rehearsal, model.state.contest.rehearsal);
    const { rounds } = model.state;
    const round = sheet?.round || stage?.round || rounds.find((one) => one.state === "judging") || rounds[0];
    show(this.parts.progress, Boolean(round));
    if (round) this.progress(model, round);
  }

  /** Where the open sheet is: nothing while it is empty. */
  where({ icon: face, tone, text }, record) {
    const shown = record && tone !== "none" ? text : "";
    show(this.parts.where, shown !== "");
    mark(this.parts.where, "data-tone", tone);
    fillOnce(this.parts.where, shown, () => [icon(face), shown]);
  }

  progress(model, round) {
    const due = round.appearances.filter((one) => one.status !== "absent" && one.status !== "withdrawn");
    const done = due.filter((one) => isSubmitted(model.seatState.recordOf(round, one), model.now)).length;
    put(this.parts.done, String(done));
    put(this.parts.all, String(due.length));
    this.parts.bar.style.setProperty("width", due.length ? `${(done / due.length) * 100}%` : "0");
    mark(this.parts.progress, "aria-label", say("progress_read", { done, all: due.length }));
  }

  sheet(model) {
    const { sheet, now } = model;
    const { record, criteria, round } = sheet;
    const locked = sheet.barred !== null;
    mark(this.parts.pad, "data-locked", locked ? "yes" : "no");
    this.criteria.render({ criteria, texts: record.texts, active: model.active, locked });
    show(this.parts.keypad, !locked);
    show(this.parts.sent, locked);
    if (locked) this.submission(model);
    else this.keys(model);
    const whole = missing(criteria, record.texts).length === 0;
    show(this.parts.strip, Boolean(round.total));
    if (round.total) {
      this.strip.render({ sums: model.sums, current: locked && whole && phase(record, now) !== "open" ? sumOf(criteria, record.texts) : null,
        largest: decimal(largest(round, criteria)), places: Math.max(...criteria.map((one) => one.places)) });
    }
    this.footer(model, whole, locked);
  }

  keys(model) {
    const { criteria, record } = model.sheet;
    const position = Math.max(0, criteria.findIndex((one) => one.id === model.active));
    const criterion = criteria[position];
    const words = { max: written(criterion.max), min: written(criterion.min), step: written(criterion.step) };
    this.keypad.render({ criterion, text: record.texts[criterion.id] || "", position: position + 1, count: criteria.length,
      next: nextOpen(criteria, record.texts, criterion.id), trouble: model.trouble && refusal(model.trouble, criterion, words) });
  }

  submission(model) {
    const { sheet, now, reached } = model;
    const { record, criteria, round, barred } = sheet;
    const number = say("number", { number: record.number });
    const step = phase(record, now);
    const queue = queueOf(model, status);
    if (barred !== "submitted") {
      const closed = barred === "round";
      this.sent.render({ tone: "idle", sign: closed ? "lock" : "user", head: closed ? say("closed." + round.state) : say("gone." + barred, { number }),
        where: say(closed ? "closed_why." + round.state : "gone_why"), after: "", remaining: null, queue });
      return;
    }
    const head = round.total ? say("submitted", { number, total: sumShown(criteria, record.texts) }) : say("submitted_plain", { number });
    const seq = record.confirmed?.ledger?.seq;
    const online = { undo: "sent_soon", sent: "sent_going", confirmed: seq ? "sent_confirmed" : "sent_there" };
    const where = reached || step === "confirmed" ? online[step] : "sent_offline";
    this.sent.render({
      tone: step === "confirmed" || step === "undo" ? "done" : "wait", sign: step === "sent" ? "clock" : "check", head, where: say(where, { seq }),
      after: say(step === "undo" ? "locks_soon" : "locked"), remaining: step === "undo" ? undoLeft(record, now) : null, queue,
      receipt: step === "confirmed" && receiptOf(record) ? [say("receipt_is", receiptOf(record)), say("receipt_where", { address: model.receipt })] : [],
    });
  }

  footer(model, whole, locked) {
    const { criteria, record, round } = model.sheet;
    const { parts } = this;
    const next = locked ? model.next : null;
    show(parts.note, !next);
    show(parts.upcoming, Boolean(next));
    if (next) {
      put(parts.next_number, next.number);
      put(parts.next_topic, topic(next.title));
    } else {
      put(parts.note_text, record.note || say("note_empty"));
      mark(parts.note, "data-empty", record.note ? null : "yes");
      put(parts.note_about, say(record.note ? "note_kept" : "note_private"));
    }
    show(parts.sum, Boolean(round.total));
    put(parts.sum_word, say(whole ? "total" : "subtotal"));
    put(parts.sum_value, sumShown(criteria, record.texts));
    put(parts.sum_limit, "/ " + largest(round, criteria));
    this.submit(missing(criteria, record.texts), locked, model.sheet.barred);
  }

  submit(open, locked, barred) {
    const { parts } = this;
    const ready = !locked && open.length === 0;
    mark(parts.submit, "data-ready", ready ? "yes" : "no");
    mark(parts.submit, "aria-disabled", locked ? "true" : null);
    const names = open.map((one) => pick(one.title)).join(say("comma"));
    const why = locked ? "read_only" : open.length === 0 ? "submit_ready" : open.length > 2 ? "submit_missing_count" : "submit_missing";
    fillOnce(parts.submit, `${barred}|${why}|${names}`, () => [
      h("b", {}, say(barred === "submitted" ? "submit_locked" : "submit")), h("span", {}, say(why, { count: open.length, names })),
    ]);
  }

  waiting(model) {
    const { state } = model;
    const judging = state.rounds.find((round) => round.state === "judging");
    const round = judging || state.rounds[0];
    const key = !round ? "none" : judging ? (judging.appearances.length ? "judging" : "no_entries") : round.state;
    put(this.parts.waiting_head, say(`waiting.${key}`));
    put(this.parts.waiting_why, say(`waiting_why.${key}`));
  }
}
