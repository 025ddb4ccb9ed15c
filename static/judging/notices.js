/** Which sentences stand above the pad now, the most urgent first. Pure apart from the words. */

import { pick, say } from "../js/words.js";
import { isLockedState, isWaiting, phase, whereabouts } from "./record.js";
import { totalText } from "./list.js";
import { sentence } from "./reasons.js";
import { sumShown } from "./sheet.js";

/** Seconds until the next attempt, or "" while one runs. */
function retryIn(model) {
  if (model.retryAt === null) return say("retry_now_running");
  return say("retry_in", { seconds: Math.max(1, Math.ceil((model.retryAt - model.now) / 1000)) });
}

function ofStorage({ failed }) {
  return failed ? [{ key: "storage", tone: "bad", text: say(failed === "full" ? "storage_full" : "storage_none") }] : [];
}

function ofLine(model, act) {
  const count = model.waiting;
  if (model.blocked) return [{ key: "blocked", tone: "bad", text: say("blocked", { count }), actions: [{ word: say("try_again"), act: act.retry }] }];
  const line = model.reached ? { busy: "line.busy", server: "line.server" }[model.unwell] : "line.offline";
  if (!line) return [];
  const text = count ? say(line, { count }) : say(line + "_none");
  const cut = { key: "line", tone: "warn", text, aside: retryIn(model), actions: [{ word: say("retry"), act: act.retry }] };
  return model.reached || model.kept ? [cut] : [cut, { key: "reload", tone: "warn", text: say("no_reload") }];
}

function ofSeat({ state }) {
  if (!state.active) return [{ key: "seat", tone: "warn", text: say("seat_elsewhere") }];
  return state.others > 0 ? [{ key: "seat", tone: "warn", text: say("seat_also_elsewhere") }] : [];
}

const numberOf = (record) => say("number", { number: record.number });

/** Confirmed once already, and offered to a server that was restored from a copy: it waits for the chief judge, not for this judge. */
const isRestored = (record) => record.stray.reason?.code === "restored";

function strayText(record, round, criteria) {
  const reason = sentence(record.stray.reason, criteria);
  const said = { number: numberOf(record), reason };
  if (isRestored(record)) return say("stray_restored", said);
  if (!round.total || !record.server) return say("stray", said);
  const theirs = Object.fromEntries(criteria.map((one) => [one.id, record.server.marks?.[one.id] ?? ""]));
  return say("stray_totals", { ...said, mine: sumShown(criteria, record.stray.texts), theirs: sumShown(criteria, theirs) });
}

/** What one sheet has to say: set aside, refused, or returned by the chief judge. */
function ofSheet(record, round, criteria, now, act, open) {
  const key = `${record.round}/${record.entry}`;
  const go = open ? [] : [{ word: say("open_sheet"), act: () => act.open(record.appearance) }];
  const found = [];
  if (record.stray) {
    const mayAgain = round.state === "judging" && !isLockedState(record.server) && !isRestored(record);
    const again = { word: say(record.stray.kind === "submit" ? "submit_again" : "save_again"), act: () => act.sendAgain(record) };
    const take = { word: say("take_server"), act: () => act.takeServer(record) };
    found.push({ key: "stray " + key, tone: isRestored(record) ? "warn" : "bad", text: strayText(record, round, criteria),
      actions: [...(mayAgain ? [again] : []), ...(record.server ? [take] : []), ...go] });
  }
  if (record.refused && !record.refused.read) {
    const reason = sentence(record.refused.reason, criteria);
    found.push({ key: "refused " + key, tone: "bad", text: say("refused", { number: numberOf(record), reason }),
      actions: [...go, { word: say("understood"), act: () => act.dismiss(record) }] });
  }
  if (record.server?.state === "returned" && phase(record, now) === "open" && !record.stray) {
    const { reason } = record.server;
    const text = say(reason ? "returned" : "returned_plain", { number: numberOf(record), reason });
    found.push({ key: "returned " + key, tone: "warn", text, actions: go });
  }
  return found;
}

function ofStage({ stage, sheet }, act) {
  if (!sheet || !stage || stage.appearance.id === sheet.appearance.id) return [];
  const number = say("number", { number: stage.appearance.number });
  const actions = [{ word: say("go_to", { number }), act: act.goToStage }];
  return [{ key: "stage", tone: "info", text: say("stage_is", { number }), actions }];
}

/** All own sheets of a round are in, or were changed after they were signed: one sentence for a round, whatever its parts. */
function ofSigning({ state }, act) {
  const words = { due: ["info", "sign_due"], out_of_date: ["warn", "sign_again"] };
  const open = state.rounds.filter((round, at, all) => words[round.signed] && all.findIndex((one) => one.code === round.code) === at);
  return open.map((round) => {
    const [tone, word] = words[round.signed];
    return { key: `sign ${round.code}`, tone, text: say(word, { round: pick(round.title) }), actions: [{ word: say("sign"), act: act.sign }] };
  });
}

/** model: see view.js · act: {retry, open, sendAgain, takeServer, dismiss, goToStage} */
export function notices(model, act) {
  const { sheet, seatState, now } = model;
  const own = model.records.filter((record) => record.judge === model.state.seat.judge);
  const problems = own.flatMap((record) => {
    const round = seatState.roundOf(record);
    if (!round) return [];
    const { criteria } = seatState.contextOf(record);
    const open = Boolean(sheet) && record.appearance === sheet.appearance.id;
    return ofSheet(record, round, criteria, now, act, open).map((one) => ({ ...one, open }));
  });
  return [
    ...ofStorage(model), ...ofLine(model, act),
    ...problems.filter((one) => one.open), ...ofStage(model, act), ...problems.filter((one) => !one.open), ...ofSeat(model), ...ofSigning(model, act),
  ];
}

/** The sheets that still wait, for the list beside a submission: unsent ones first, then the ones set aside. */
export function queueOf(model, status) {
  const here = (record) => model.reached && record.appearance === model.sheet.appearance.id;
  return model.records.filter((record) => (isWaiting(record) && !here(record)) || whereabouts(record, model.now) === "stray").slice(-4).reverse().map((record) => {
    const round = model.seatState.roundOf(record);
    const criteria = round ? model.seatState.contextOf(record).criteria : [];
    const { icon, tone, text } = status(record, model.now);
    const total = round ? totalText(round, criteria, record) : "";
    return { key: `${record.round}/${record.entry}`, number: numberOf(record), total, icon, tone, status: text };
  });
}
