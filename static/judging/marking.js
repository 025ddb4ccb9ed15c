/** The judge's acts on the open sheet: every one is written to the tablet before anything else happens. */

import { dismissRefusal, edit, hasWork, phase, pressSubmit, sendAgain, sheetKey, takeServer, undo } from "./record.js";
import { barred, hasPoints, isAhead, missing, nextOpen, outlier, ownSums, sumOf } from "./sheet.js";
import { erased, middleOf, nudged, problem, typed } from "./typing.js";
import { written } from "./decimal.js";

export class Marking {
  /** seatState · store · lease: id · clock · onWrite(): after each write · onRefused(): a key was not taken · confirm(question) → promise · onStage() → {round, appearance} while the server says who is, else null */
  constructor(options) {
    Object.assign(this, options);
    this.id = null; // the open appearance
    this.active = null; // the criterion being marked
    this.fresh = true; // the next digit begins a new value
    this.trouble = null; // {code, entered} of the last refused key
  }

  /** {round, appearance, record, criteria, barred} of the open sheet, or null. */
  get sheet() {
    const found = this.id && this.seatState.find(this.id);
    if (!found) return null;
    const record = this.seatState.recordOf(found.round, found.appearance);
    const { criteria } = this.seatState.contextOf(record);
    return { ...found, record, criteria, barred: barred(found.round, found.appearance, record, this.clock.now()) };
  }

  open(id) {
    this.id = id;
    const sheet = this.sheet;
    const first = sheet && (missing(sheet.criteria, sheet.record.texts)[0] || sheet.criteria[0]);
    this.activate(first ? first.id : null);
  }

  /** Whether leaving this sheet now would leave a touched, unsubmitted sheet or a running undo behind. */
  get busy() {
    const sheet = this.sheet;
    if (!sheet) return false;
    return phase(sheet.record, this.clock.now()) === "undo" || (!sheet.barred && hasWork(sheet.record));
  }

  activate(id) {
    this.active = id;
    this.fresh = true;
    this.trouble = null;
  }

  get criterion() {
    return this.sheet?.criteria.find((one) => one.id === this.active) || null;
  }

  write(record) {
    this.store.putSheet(sheetKey(record), record);
    this.onWrite();
  }

  set(criterion, text) {
    this.trouble = null;
    this.fresh = false;
    this.write(edit(this.sheet.record, { texts: { [criterion.id]: text } }, { now: this.clock.now(), lease: this.lease }));
  }

  refuse(trouble) {
    this.trouble = trouble;
    this.onRefused();
  }

  /** One key of the pad or the keyboard. */
  key(key) {
    const sheet = this.sheet;
    const { criterion } = this;
    if (!sheet || sheet.barred || !criterion) return;
    const text = sheet.record.texts[criterion.id] || "";
    if (key === "next") return this.next();
    if (key === "down" || key === "up") return this.neighbour(key === "down" ? 1 : -1);
    if (key === "back") return this.set(criterion, erased(text));
    if (key === "clear") return this.set(criterion, "");
    if (key === "full" && criterion.kind === "rank") return undefined; // the lowest place is nobody's full mark
    if (key === "full") {
      this.set(criterion, written(criterion.max));
      this.fresh = true;
      return undefined;
    }
    const after = typed(criterion, text, key, this.fresh);
    return after.refused ? this.refuse(after.refused) : this.set(criterion, after.text);
  }

  step(amount) {
    const sheet = this.sheet;
    const { criterion } = this;
    if (!sheet || sheet.barred || !criterion) return;
    const after = nudged(criterion, sheet.record.texts[criterion.id] || "", amount);
    if (after.refused) this.refuse(after.refused);
    else {
      this.set(criterion, after.text);
      this.fresh = true;
    }
  }

  band(id, position) {
    const sheet = this.sheet;
    if (!sheet || sheet.barred) return;
    this.activate(id);
    const { criterion } = this;
    this.set(criterion, middleOf(criterion, criterion.bands[position]));
    this.fresh = true;
  }

  neighbour(by) {
    const { criteria } = this.sheet;
    const at = criteria.findIndex((one) => one.id === this.active);
    this.activate(criteria[Math.max(0, Math.min(criteria.length - 1, at + by))].id);
    this.onMove();
  }

  next() {
    const sheet = this.sheet;
    const open = nextOpen(sheet.criteria, sheet.record.texts, this.active);
    const own = problem(this.criterion, sheet.record.texts[this.active] || "");
    if (!open && own) return this.refuse(own);
    if (open) this.activate(open.id);
    else this.onComplete();
    this.onMove();
    return undefined;
  }

  note(text) {
    const sheet = this.sheet;
    if (sheet && !sheet.barred) this.write(edit(sheet.record, { note: text }, { now: this.clock.now(), lease: this.lease }));
  }

  /** Submits, or goes to what is missing; asks once when the total is far from the judge's own mean. */
  async submit() {
    const sheet = this.sheet;
    if (!sheet || sheet.barred) return;
    const [first] = missing(sheet.criteria, sheet.record.texts);
    if (first) {
      this.activate(first.id);
      this.onMove();
      this.refuse(problem(first, sheet.record.texts[first.id] || ""));
      return;
    }
    const stage = this.onStage();
    const ahead = stage?.round.code === sheet.round.code && isAhead(sheet.appearance, stage.appearance);
    if (ahead && !(await this.confirm({ ahead: sheet.appearance.number, stage: stage.appearance.number }))) return;
    const far = sheet.round.total && hasPoints(sheet.criteria) && outlier(sumOf(sheet.criteria, sheet.record.texts), this.ownSums(sheet));
    if (far && !(await this.confirm(far))) return;
    const now = this.sheet; // the answer may have taken a while, and the stage may have gone on
    if (!now || now.appearance.id !== sheet.appearance.id || now.barred || missing(now.criteria, now.record.texts).length) return;
    const at = this.clock.now();
    this.write(pressSubmit(now.record, { now: at, tappedAt: this.clock.stamp(at), lease: this.lease }));
    this.trouble = null;
  }

  ownSums({ round, criteria, record }) {
    const records = round.appearances.map((appearance) => this.seatState.recordOf(round, appearance));
    return ownSums(criteria, records, record.entry, this.clock.now());
  }

  undo() {
    if (this.sheet) this.write(undo(this.sheet.record, this.clock.now()));
  }

  sendAgain(record) {
    const at = this.clock.now();
    this.write(sendAgain(record, { now: at, tappedAt: this.clock.stamp(at), lease: this.lease }));
  }

  takeServer(record) {
    this.write(takeServer(record, { ...this.seatState.contextOf(record), epoch: record.epoch }));
  }

  dismiss(record) {
    this.write(dismissRefusal(record));
  }
}

