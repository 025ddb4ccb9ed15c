/** What one sheet amounts to: its sum, what is missing, whether the judge may write, and how it lies among the judge's own. */

import { compare, decimal, mean, minus, times, total, written } from "./decimal.js";
import { phase } from "./record.js";
import { markOf, problem } from "./typing.js";

/** A total this far from the judge's own mean is asked about once, when the judge has submitted at least OWN_SHEETS. */
export const FAR = decimal("8");
export const OWN_SHEETS = 3;

/** The exact sum of the marks that are there, each times its criterion's weight. */
export function sumOf(criteria, texts) {
  const there = criteria.filter((criterion) => markOf(criterion, texts[criterion.id]) !== null);
  return total(there.map((criterion) => times(decimal(markOf(criterion, texts[criterion.id])), criterion.weight)));
}

/** Whether a far total may be a slip: places add up to the same for everybody, so they are never asked about. */
export const hasPoints = (criteria) => criteria.some((criterion) => criterion.kind !== "rank");

/** The criteria without a valid mark, in order. */
export function missing(criteria, texts) {
  return criteria.filter((criterion) => problem(criterion, texts[criterion.id]) !== null);
}

const places = (criteria) => Math.max(0, ...criteria.map((criterion) => criterion.places));

/** The sum as shown: all decimals of the steps once the sheet is complete, before that one where steps have any. */
export function sumShown(criteria, texts) {
  const all = places(criteria);
  return written(sumOf(criteria, texts), missing(criteria, texts).length ? Math.min(1, all) : all);
}

/** The largest possible sum: as the rules give it, else the maxima added up. */
export function largest(round, criteria) {
  return round.total ? written(decimal(round.total.max)) : written(total(criteria.map((criterion) => times(criterion.max, criterion.weight))));
}

export const isSubmitted = (record, now) => phase(record, now) !== "open";

/** Own submitted totals of a round apart from one sheet: [{number, sum}], in the order given. */
export function ownSums(criteria, records, except, now) {
  return records
    .filter((record) => record.entry !== except && isSubmitted(record, now) && !missing(criteria, record.texts).length)
    .map((record) => ({ number: record.number, sum: sumOf(criteria, record.texts) }));
}

/** The soft question: {lower, by} when the sum is more than 8 from the own mean of at least three sheets, else null. */
export function outlier(sum, sums) {
  if (sums.length < OWN_SHEETS) return null;
  const own = mean(sums.map((one) => one.sum), 2);
  const lower = compare(sum, own) < 0;
  const by = lower ? minus(own, sum) : minus(sum, own);
  return compare(by, FAR) > 0 ? { lower, by: written(by, 1) } : null;
}

const NOT_YET = new Set(["waiting", "arrived", "standby"]);

/** A contestant who comes after the one on stage and has not been up yet: a sheet handed in now is likely the wrong one. */
export function isAhead(appearance, stage) {
  return Boolean(stage) && appearance.order > stage.order && NOT_YET.has(appearance.status);
}

/** Whether the judge may write: null if so, else why not ("submitted", "round", "absent", "withdrawn"). */
export function barred(round, appearance, record, now) {
  if (phase(record, now) !== "open") return "submitted";
  if (appearance.status === "absent" || appearance.status === "withdrawn") return appearance.status;
  return round.state === "judging" ? null : "round";
}

/** The criterion to go to after this one: the next without a mark, from here on and around; null when all have one. */
export function nextOpen(criteria, texts, active) {
  const at = criteria.findIndex((criterion) => criterion.id === active);
  const around = [...criteria.slice(at + 1), ...criteria.slice(0, Math.max(at, 0))];
  return around.find((criterion) => problem(criterion, texts[criterion.id]) !== null) || null;
}

/** The pad's move when the stage and the open sheet differ: "stay", "move" or "banner" (a touched sheet is never left alone). */
export function follows({ stage, open, busy, stayedFor }) {
  if (!stage || stage === open) return "stay";
  if (open === null) return "move";
  if (busy || stayedFor === stage) return "banner";
  return "move";
}
