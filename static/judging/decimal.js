/** Exact decimals for marks: whole numbers of units (BigInt) with a count of decimals; a float never touches a mark. */

const SHAPE = /^(-?)(\d*)(?:\.(\d*))?$/;

/** "27.50" → {units: 2750n, places: 2}; "9." and ".5" are read too; null when the text is no number. */
export function decimal(text) {
  const found = SHAPE.exec(String(text));
  if (!found) return null;
  const [, sign, whole, fraction = ""] = found;
  if (!whole && !fraction) return null;
  const units = BigInt((whole || "0") + fraction);
  return { units: sign ? -units : units, places: fraction.length };
}

function raised(value, places) {
  return value.units * 10n ** BigInt(places - value.places);
}

function together(a, b) {
  const places = Math.max(a.places, b.places);
  return [raised(a, places), raised(b, places), places];
}

export function plus(a, b) {
  const [x, y, places] = together(a, b);
  return { units: x + y, places };
}

export function minus(a, b) {
  const [x, y, places] = together(a, b);
  return { units: x - y, places };
}

export function times(a, b) {
  return { units: a.units * b.units, places: a.places + b.places };
}

/** −1, 0 or 1. */
export function compare(a, b) {
  const [x, y] = together(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function isMultiple(value, step) {
  const [x, y] = together(value, step);
  return y !== 0n && x % y === 0n;
}

export function total(values) {
  return values.reduce(plus, { units: 0n, places: 0 });
}

function floorDivide(a, b) {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** The nearest multiple of the step; a half goes up. */
export function nearest(value, step) {
  const [x, y, places] = together(value, step);
  return { units: floorDivide(2n * x + y, 2n * y) * y, places };
}

/** The arithmetic mean with that many decimals; a half goes up. Null for an empty list. */
export function mean(values, places) {
  if (!values.length) return null;
  const sum = total(values);
  const wanted = Math.max(places, sum.places);
  const scale = 10n ** BigInt(wanted - places);
  const count = BigInt(values.length) * scale;
  return { units: floorDivide(2n * raised(sum, wanted) + count, 2n * count), places };
}

/** Written with at least `least` decimals; zeros beyond them are left out. Decimals that say something always stay. */
export function written(value, least = 0) {
  const negative = value.units < 0n;
  let places = Math.max(value.places, least);
  let units = negative ? -raised(value, places) : raised(value, places);
  while (places > least && units % 10n === 0n) {
    units /= 10n;
    places -= 1;
  }
  const digits = units.toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return (negative ? "-" : "") + whole + (places ? "." + digits.slice(digits.length - places) : "");
}

/** Where a value lies between two others, 0–1: for drawing only (a dot's place, a bar's length), never for a mark. */
export function share(value, low, high) {
  const places = Math.max(value.places, low.places, high.places);
  const span = raised(high, places) - raised(low, places);
  if (span <= 0n) return 0;
  return Number(((raised(value, places) - raised(low, places)) * 10000n) / span) / 10000;
}
