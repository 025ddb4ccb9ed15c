/** What a key does to the text of one criterion: pure, exact, and never a silent change of a mark. */

import { compare, decimal, isMultiple, minus, nearest, plus, written } from "./decimal.js";
import { pick } from "../js/words.js";

/** A criterion as the state describes it → the same with its bounds as exact decimals. */
export function criterionOf(raw) {
  const step = decimal(raw.step);
  const kind = raw.kind || "points";
  const bands = (raw.bands || []).map((band) => ({ title: band.title, low: decimal(band.low), high: decimal(band.high) }));
  return {
    id: raw.id,
    kind,
    weight: decimal(raw.weight || "1"),
    levels: kind === "level" || kind === "pass" ? bands : [], // the only marks there are, the best first
    title: raw.title,
    hint: raw.hint,
    min: decimal(raw.min),
    max: decimal(raw.max),
    step,
    places: decimal(written(step)).places,
    bands,
  };
}

function refused(code, entered) {
  return { refused: { code, entered } };
}

/** The named level a text stands for, or null. */
export function levelOf(criterion, text) {
  const value = decimal(text);
  return (value && criterion.levels.find((level) => compare(level.low, value) === 0)) || null;
}

/** Why this text is not a mark yet: null when it is one, else {code, entered}. An empty text is `missing`. */
export function problem(criterion, text) {
  if (text === "" || text === undefined || text === null) return { code: "missing", entered: "" };
  const value = decimal(text);
  if (!value) return { code: "not_a_number", entered: text };
  if (compare(value, criterion.max) > 0) return { code: "above_max", entered: text };
  if (compare(value, criterion.min) < 0) return { code: "below_min", entered: text };
  if (criterion.levels.length) return levelOf(criterion, text) ? null : { code: "no_level", entered: text };
  if (!isMultiple(value, criterion.step)) return { code: "off_step", entered: text };
  return null;
}

/** The mark as it is sent ("27.5" → "27.50" at a step of 0.01), or null when the text is no mark. */
export function markOf(criterion, text) {
  return problem(criterion, text) ? null : written(decimal(text), criterion.places);
}

/** A mark from the server as the judge would have typed it: without zeros that say nothing. */
export function textOf(mark) {
  const value = mark === null || mark === undefined ? null : decimal(mark);
  return value ? written(value) : "";
}

/** As shown in a row: one decimal at least where the step has decimals ("9" → "9.0"), the typed ones always. */
export function shown(criterion, text) {
  const level = levelOf(criterion, text);
  if (level) return pick(level.title);
  const value = decimal(text);
  return value ? written(value, Math.min(1, criterion.places)) : text;
}

/** Whether a multiple of the step within the bounds lies from `low` to `high` (both included). */
function holdsMark(criterion, low, high) {
  const from = compare(low, criterion.min) > 0 ? low : criterion.min;
  const to = compare(high, criterion.max) < 0 ? high : criterion.max;
  if (compare(from, to) > 0) return false;
  const close = nearest(from, criterion.step);
  const first = compare(close, from) < 0 ? plus(close, criterion.step) : close;
  return compare(first, to) <= 0;
}

/** Whether more digits could still make a mark of this text: "2" on the way to 27, "27.2" on the way to 27.25. */
function mayBecomeMark(criterion, text) {
  const typed = decimal(text);
  const end = written(criterion.max).length + criterion.places + 1;
  const [whole, fraction] = text.split(".");
  for (let more = 0; whole.length + more <= end; more += 1) {
    const low = { units: typed.units * 10n ** BigInt(fraction === undefined ? more : 0), places: typed.places };
    const left = criterion.places - typed.places;
    const room = { units: 10n ** BigInt(fraction === undefined ? more : 0), places: typed.places };
    const smallest = { units: 1n, places: typed.places + Math.max(left, 0) };
    if (holdsMark(criterion, low, minus(plus(low, room), smallest))) return true;
    if (fraction !== undefined) return false;
  }
  return false;
}

function tidy(text) {
  return text.replace(/^0+(?=\d)/, "");
}

/**
 * One digit or point typed into a text. `fresh`: the value was there before, so the first key begins anew.
 * → {text} or {refused: {code, entered}}, in which case nothing changes.
 */
export function typed(criterion, text, key, fresh = false) {
  const before = fresh ? "" : text;
  if (key === ".") {
    if (before.includes(".")) return { text: before };
    if (criterion.places === 0) return refused("off_step", (before || "0") + ".");
    return { text: (before || "0") + "." };
  }
  const after = tidy(before + key);
  const value = decimal(after);
  if (compare(value, criterion.max) > 0) return refused("above_max", after);
  if (value.places > criterion.places) return refused("off_step", after);
  if (!mayBecomeMark(criterion, after)) {
    return refused(compare(value, criterion.min) < 0 ? "below_min" : "off_step", after);
  }
  return { text: after };
}

export function erased(text) {
  return text.slice(0, -1);
}

/** The four steppers' amounts: −0.5 −0.1 +0.1 +0.5 where the step divides them, else ±step and ±2 steps. */
export function steppers(criterion) {
  const { step } = criterion;
  const tenth = decimal("0.1");
  const small = isMultiple(tenth, step) ? tenth : step;
  const half = decimal("0.5");
  const large = isMultiple(half, step) && compare(half, small) > 0 ? half : plus(small, small);
  const nothing = decimal("0");
  return [minus(nothing, large), minus(nothing, small), small, large].map((amount) => written(amount));
}

/** The text moved by one stepper; refused beyond the bounds, and where there is no mark to move. */
export function nudged(criterion, text, amount) {
  const value = decimal(text);
  if (!value) return refused("missing", "");
  const after = plus(value, decimal(amount));
  if (compare(after, criterion.max) > 0) return refused("above_max", written(after));
  if (compare(after, criterion.min) < 0) return refused("below_min", written(after));
  return { text: written(after) };
}

/** The middle of a band, rounded to the step (a half goes up), never above the band; a level is its own middle. */
export function middleOf(criterion, band) {
  if (criterion.levels.length) return written(band.low);
  const sum = plus(band.low, band.high);
  const half = { units: sum.units * 5n, places: sum.places + 1 };
  const middle = nearest(half, criterion.step);
  return written(compare(middle, band.high) > 0 ? band.high : middle);
}

/** The band a text falls into, by its position in the list; −1 when none holds it. */
export function bandOf(criterion, text) {
  const value = problem(criterion, text) ? null : decimal(text);
  if (!value) return -1;
  return criterion.bands.findIndex((band) => compare(value, band.low) >= 0 && compare(value, band.high) <= 0);
}
