/** Today's list: every appearance of the rounds with where this judge's own sheet is. */

import { fillOnce, h, icon } from "./dom.js";
import { pick, say, topic } from "../js/words.js";
import { hasWork, phase, whereabouts } from "./record.js";
import { sentence } from "./reasons.js";
import { missing, sumShown } from "./sheet.js";

/** State of one sheet as icon + words + tone; the pill and this list speak alike. */
export function status(record, now) {
  const where = whereabouts(record, now);
  const seq = record.confirmed?.ledger?.seq;
  return {
    stray: { icon: "alert", tone: "bad", text: say("where.stray") },
    refused: { icon: "alert", tone: "bad", text: say("where.refused") },
    tablet: { icon: "clock", tone: "due", text: say("where.tablet") },
    confirmed: { icon: "check", tone: "done", text: seq ? say("where.confirmed", { seq }) : say("where.confirmed_plain") },
    returned: { icon: "undo", tone: "bad", text: say("where.returned") },
    server: { icon: "edit", tone: "new", text: say("where.server") },
    empty: { icon: "circle", tone: "none", text: say("where.empty") },
  }[where];
}

/** How many digits of a sheet's hash a judge reads and writes down; the public page asks for no more. */
const DIGITS = 8;

/** The judge's receipt of a confirmed sheet: {seq, digits}, or null. */
export function receiptOf(record) {
  const ledger = record.confirmed?.ledger;
  return ledger?.hash ? { seq: ledger.seq, digits: ledger.hash.slice(0, DIGITS) } : null;
}

/** Why the server did not take what the judge gave, or "": it stays beside the sheet until it is settled. */
function problemOf(record, criteria, now) {
  const where = whereabouts(record, now);
  const found = where === "stray" ? record.stray : where === "refused" ? record.refused : null;
  return found ? sentence(found.reason, criteria) : "";
}

function rowState(appearance, record, now) {
  if (!hasWork(record) && appearance.status === "absent") return { icon: "minus", tone: "none", text: say("where.absent") };
  if (!hasWork(record) && appearance.status === "withdrawn") return { icon: "minus", tone: "none", text: say("where.withdrawn") };
  return status(record, now);
}

/** The sum to show beside a sheet: none while nothing is written or where the rules add nothing up. */
export function totalText(round, criteria, record) {
  if (!round.total || !hasWork(record) || missing(criteria, record.texts).length === criteria.length) return "";
  return sumShown(criteria, record.texts);
}

export class TodayList {
  constructor(node, { onOpen }) {
    Object.assign(this, { node, onOpen });
  }

  /** seatState: SeatState · open: the open appearance's id or null */
  render({ seatState, open, now }) {
    const { state } = seatState;
    const rounds = state.rounds.map((round) => ({
      round,
      rows: round.appearances.map((appearance) => {
        const record = seatState.recordOf(round, appearance);
        const { criteria } = seatState.contextOf(record);
        const state = rowState(appearance, record, now);
        const confirmed = whereabouts(record, now) === "confirmed" && receiptOf(record);
        return { appearance, state, total: totalText(round, criteria, record), done: phase(record, now) !== "open",
          receipt: confirmed ? say("receipt", confirmed) : "", problem: problemOf(record, criteria, now) };
      }),
    }));
    const key = JSON.stringify([open, state.now, rounds.map(({ round, rows }) => [round.code, round.state, rows.map((row) => [row.appearance.id, row.appearance.number,
      row.appearance.title, row.state, row.total, row.receipt, row.problem])])]);
    fillOnce(this.node, key, () => rounds.flatMap(({ round, rows }) => [
      h("h3", { class: "today__round" }, pick(round.title), round.division ? h("span", {}, " · " + round.division) : "", h("span", { class: "today__state" }, say("round." + round.state))),
      rows.length ? h("ul", { class: "today" }, ...rows.map((row) => this.row(row, open, state.now)))
        : h("p", { class: "today__none" }, say("list_empty")),
    ]));
  }

  row({ appearance, state, total, receipt, problem }, open, stage) {
    return h("li", {}, h("button", {
      type: "button", class: "today__row", "data-appearance": appearance.id, "aria-current": appearance.id === open ? "true" : null,
      onclick: () => this.onOpen(appearance.id),
    },
    h("span", { class: "today__plate" }, appearance.number),
    h("span", { class: "today__text" }, h("span", { class: "today__topic" }, topic(appearance.title)),
      h("span", { class: "today__meta" }, appearance.division || "", appearance.id === stage ? h("span", { class: "today__stage" }, say("on_stage")) : null,
        h("span", { class: "today__status", "data-tone": state.tone }, icon(state.icon), receipt || state.text))),
    total ? h("b", { class: "today__total num" }, total) : null,
    problem ? h("span", { class: "today__problem" }, problem) : null));
  }
}

