/** One sheet as this tablet holds it: what the judge typed, what waits, what the server said. Pure: old record in, new record out. */

import { compare, decimal } from "./decimal.js";

export const UNDO_MS = 5000;
/** Taps within this time travel in one message. */
export const PAUSE_MS = 400;

/** A sheet nobody has touched. `about` = {judge, round, entry, attempt, appearance, number, title}. */
export function blank(about) {
  return {
    v: 1,
    attempt: 1,
    ...about,
    texts: {},
    note: "",
    rev: 0, // rises with every tap
    acked: 0, // the last rev that the server holds
    edited: 0, // when the last tap was, ms
    lease: null, // the lease the last tap belongs to
    base: 0, // the server version this work rests on
    epoch: null,
    server: null, // {state, version, marks, note, ledger, reason} as last heard
    undo: null, // {until, tapped_at}: submitted by the judge, not sent yet
    save: null, // a built message without an answer; it is never edited
    submit: null,
    stray: null,
    refused: null,
    held: null, // the rev a refusal spoke about: not offered again unchanged
    confirmed: null, // the submitted sheet, kept until its round is sealed
    offered: null, // the epoch in which it was confirmed, while it is offered to a restored server
    bumped: false,
  };
}

export function sheetKey(record) {
  return `${record.judge}/${record.round}/${record.entry}/${record.attempt}`;
}

export const hasWork = (record) => record.note !== "" || Object.values(record.texts).some((text) => text !== "");
export const isDirty = (record) => record.rev > record.acked;
export const isLockedState = (view) => view !== null && (view.state === "submitted" || view.state === "locked");

/** Whether something of this sheet has not reached the server yet. */
export function isWaiting(record) {
  return Boolean(record.save || record.submit || record.undo || (isDirty(record) && record.held !== record.rev && !record.stray));
}

/** Milliseconds left to undo. A clock that was set back must not hold a submission: more than the whole time is none. */
export function undoLeft(record, now) {
  const left = record.undo ? record.undo.until - now : 0;
  return left > 0 && left <= UNDO_MS ? left : 0;
}

/** undo: pressed, the five seconds run · sent: pressed and due · confirmed: the server has it · open: the judge may write. */
export function phase(record, now) {
  if (record.submit) return "sent";
  if (record.undo) return undoLeft(record, now) ? "undo" : "sent";
  return isLockedState(record.server) ? "confirmed" : "open";
}

/** Where the judge's work is: nowhere yet, on this tablet, on the server as a draft, confirmed, or set aside as a stray. */
export function whereabouts(record, now) {
  if (record.stray) return "stray";
  if (phase(record, now) === "confirmed" && !isWaiting(record)) return "confirmed";
  if (isWaiting(record)) return "tablet";
  if (record.held === record.rev) return "refused";
  if (record.server && record.server.state === "returned") return "returned";
  return hasWork(record) ? "server" : "empty";
}

export function edit(record, change, { now, lease }) {
  return {
    ...record,
    texts: change.texts ? { ...record.texts, ...change.texts } : record.texts,
    note: change.note === undefined ? record.note : change.note,
    rev: record.rev + 1,
    edited: now,
    lease,
  };
}

export function pressSubmit(record, { now, tappedAt, lease }) {
  return { ...record, undo: { until: now + UNDO_MS, tapped_at: tappedAt }, offered: null, lease };
}

/** Takes the submission back while its five seconds run; afterwards nothing happens. */
export function undo(record, now) {
  return phase(record, now) === "undo" ? { ...record, undo: null } : record;
}

/** Which message this sheet needs now: "save", "submit" or null. */
export function due(record, now) {
  if (record.submit) return null;
  if (record.undo && !undoLeft(record, now)) return "submit";
  if (record.save || record.stray || !isDirty(record) || record.held === record.rev) return null;
  return now >= record.edited + PAUSE_MS || now < record.edited ? "save" : null; // a clock set back holds nothing up
}

/** The moment at which `due` may change by itself, or null. */
export function dueAt(record) {
  if (record.submit) return null;
  const moments = [];
  if (record.undo) moments.push(record.undo.until);
  if (!record.save && !record.stray && isDirty(record) && record.held !== record.rev) moments.push(record.edited + PAUSE_MS);
  return moments.length ? Math.min(...moments) : null;
}

/** The built message joins the outbox. `message` = {id, n, kind, lease, tapped_at, marks, body}. */
export function posted(record, message) {
  const built = { ...message, rev: record.rev, texts: record.texts, note: record.note };
  return message.kind === "submit" ? { ...record, submit: built, undo: null } : { ...record, save: built };
}

/** "27.5" and "27.50" are the same mark; a mark that is missing and one that is null are the same too. */
function sameMark(a, b) {
  return a === b || (a !== null && b !== null && compare(decimal(a), decimal(b)) === 0);
}

export function sameMarks(a, b) {
  const names = new Set([...Object.keys(a || {}), ...Object.keys(b || {})]);
  return [...names].every((name) => sameMark(a?.[name] ?? null, b?.[name] ?? null));
}

const sameSheet = (view, marks, note) => Boolean(view) && sameMarks(view.marks, marks) && (view.note || "") === (note || "");

/** Takes over what the server holds. `read` turns marks into the texts a judge would have typed. */
function adopt(record, view, { epoch, read, marksOf }) {
  const locked = isLockedState(view);
  // What the judge typed stays as typed ("9." under the finger) while it says the same as the server.
  const same = view && sameMarks(marksOf(record), view.marks);
  return {
    ...record,
    texts: same ? record.texts : view ? read(view.marks) : {},
    note: view?.note || "",
    acked: record.rev,
    base: view?.version ?? 0,
    server: view,
    epoch,
    confirmed: locked ? { marks: view.marks, note: view.note || "", version: view.version, ledger: view.ledger, epoch } : null,
  };
}

/** One answer of the server, found by the message's id. Returns the same record when the id is not its own. */
export function answered(record, answer, context) {
  const kind = record.save?.id === answer.id ? "save" : record.submit?.id === answer.id ? "submit" : null;
  if (!kind) return record;
  const message = record[kind];
  const { epoch } = context;
  const { marks } = message;
  const rest = { ...record, [kind]: null, epoch: record.epoch ?? epoch };
  const heard = Math.max(record.acked, message.rev);
  const newer = record.server && answer.version !== null && record.server.version > answer.version;
  if (answer.result === "saved") {
    const view = { state: record.server?.state === "returned" ? "returned" : "draft", version: answer.version, marks, note: message.note,
      ledger: null, reason: record.server?.reason ?? null };
    return settled({ ...rest, acked: heard, base: answer.version, server: newer ? record.server : view, refused: null, bumped: false }, context);
  }
  if (answer.result === "submitted") {
    const view = { state: "submitted", version: answer.version, marks, note: message.note, ledger: answer.ledger, reason: null };
    const confirmed = { marks, note: message.note, version: answer.version, ledger: answer.ledger, epoch };
    return settled({ ...rest, acked: heard, base: answer.version, server: newer ? record.server : view, confirmed, offered: null, held: null, refused: null,
      bumped: false }, context);
  }
  const current = answer.current && (!record.server || answer.current.version >= record.server.version) ? answer.current : record.server;
  if (answer.result === "superseded") return superseded({ ...rest, server: current }, kind, message, answer, heard, context);
  if (answer.result === "refused") return { ...rest, server: current, refused: { kind, rev: message.rev, reason: answer.reason }, held: message.rev };
  const stray = { kind, texts: message.texts, note: message.note, marks, reason: answer.reason, id: message.id };
  return { ...rest, acked: heard, server: current, offered: null, stray: record.stray?.kind === "submit" && kind === "save" ? record.stray : stray };
}

/** With nothing left to send, a newer version heard meanwhile (a return, say) is taken over. */
function settled(record, context) {
  const newer = record.server && record.server.version > record.base;
  return newer && !isWaiting(record) && !record.stray ? adopt(record, record.server, context) : record;
}

/**
 * "Superseded" is right when something newer of this lease is there. When it is not (the tablet's counter was wiped), the
 * sheet is sent once more under a much higher number, and after a second time the judge decides as for a stray.
 */
function superseded(record, kind, message, answer, heard, context) {
  const view = answer.current;
  const { marks } = message;
  const there = sameSheet(view, marks, message.note) && (kind === "save" || isLockedState(view));
  if (there) return settled({ ...record, acked: heard, base: view.version, server: view, bumped: false,
    confirmed: isLockedState(view) ? { marks, note: message.note, version: view.version, ledger: view.ledger, epoch: context.epoch } : record.confirmed }, context);
  if (kind === "save" && (message.rev < record.rev || record.submit)) return { ...record, acked: heard };
  if (record.bumped) {
    return { ...record, acked: heard, stray: { kind, texts: message.texts, note: message.note, marks, reason: { code: "newer_version", args: {} }, id: message.id } };
  }
  return { ...record, bumped: true, base: view?.version ?? record.base, undo: kind === "submit" ? { until: 0, tapped_at: message.tapped_at } : record.undo };
}

/** The judge sends a stray again, resting on the version the server has now. A submission runs its five seconds again. */
export function sendAgain(record, { now, tappedAt, lease }) {
  if (!record.stray) return record;
  const submit = record.stray.kind === "submit";
  return { ...record, stray: null, base: record.server?.version ?? 0, rev: record.rev + 1, edited: now, lease,
    undo: submit ? { until: now + UNDO_MS, tapped_at: tappedAt } : null };
}

/** The judge takes the server's version instead; the stray stays with the server and the chief judge. */
export function takeServer(record, context) {
  return { ...adopt(record, record.server, context), stray: null, undo: null, refused: null, held: null };
}

/** The judge has read why: the sentence above the pad goes, the reason stays with the sheet until a changed one is taken. */
export const dismissRefusal = (record) => ({ ...record, refused: record.refused && { ...record.refused, read: true } });

/** What a fresh state says about this sheet. `mine` is the server's view of it or null; `context` = {epoch, read, marksOf}. */
export function merged(record, mine, context) {
  if (record.epoch !== null && record.epoch !== context.epoch) return reoffered(record, mine, context);
  const known = { ...record, epoch: context.epoch };
  if ((mine?.version ?? 0) < (record.server?.version ?? 0) || !mine) return known;
  const local = context.marksOf(record);
  if (record.stray) {
    const accepted = isLockedState(mine) && sameSheet(mine, record.stray.marks, record.stray.note);
    return accepted && !record.undo && !record.submit ? { ...adopt(known, mine, context), stray: null } : { ...known, server: mine };
  }
  const pressed = record.undo || record.submit || record.save;
  if (!pressed && isDirty(record) && !sameSheet(mine, local, record.note)) return { ...known, server: mine };
  if (pressed) return { ...known, server: mine };
  return adopt(known, mine, context);
}

/**
 * The server was restored from a copy: whatever it lacks is offered again, as new messages on the version it has now. What had been
 * confirmed says so by its epoch: the chief judge decides about it, for the copy also lacks what happened to it since.
 */
function reoffered(record, mine, context) {
  const start = { ...record, epoch: context.epoch, server: mine, base: mine?.version ?? 0, save: null, stray: null, bumped: false };
  const submitted = record.confirmed || record.submit;
  if (submitted && !(record.undo && !record.submit)) {
    const marks = record.submit ? record.submit.marks : record.confirmed.marks;
    const { note } = submitted;
    if (isLockedState(mine) && sameSheet(mine, marks, note)) return { ...adopt(start, mine, context), submit: null };
    return { ...start, submit: null, offered: record.submit ? record.offered : record.confirmed.epoch, rev: record.rev + 1, texts: record.submit ? record.submit.texts : context.read(marks), note,
      undo: { until: 0, tapped_at: record.submit?.tapped_at ?? null } };
  }
  const local = context.marksOf(record);
  if (!hasWork(record) || sameSheet(mine, local, record.note)) return isDirty(record) || record.undo ? start : adopt(start, mine, context);
  return { ...start, rev: record.rev + 1, held: null };
}

/** Kept until the round is sealed, and beyond it while anything is undecided. */
export function mayForget(record, roundState) {
  return (roundState === "sealed" || roundState === "published") && !isWaiting(record) && !record.stray && !record.refused;
}
