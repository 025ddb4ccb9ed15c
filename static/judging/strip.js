/** The judge's own earlier marks as dots on a line: only the judge's own, never another's. */

import { compare, decimal, mean, minus, plus, share, written } from "./decimal.js";
import { h, fillOnce } from "./dom.js";
import { say } from "../js/words.js";

const FIVE = decimal("5");

/** The line's ends: multiples of five around all values, at least ten apart, never outside 0 and the largest sum. */
export function ends(values, largest) {
  const sorted = [...values].sort(compare);
  const down = (value) => ({ units: (value.units / (5n * 10n ** BigInt(value.places))) * 5n, places: 0 });
  let low = down(minus(sorted[0], decimal("1")));
  let high = plus(down(sorted[sorted.length - 1]), FIVE);
  if (compare(low, decimal("0")) < 0) low = decimal("0");
  if (compare(high, largest) > 0) high = largest;
  return [low, high];
}

export class Strip {
  constructor(node) {
    this.node = node;
  }

  /** sums: [{number, sum}] · current: the open sheet's sum once it is complete, or null · largest: decimal */
  render({ sums, current, largest, places }) {
    const key = [sums.map((one) => written(one.sum)).join(), current ? written(current) : ""].join("|");
    fillOnce(this.node, key, () => (sums.length ? this.draw(sums, current, largest, places) : [h("span", { class: "strip__label" }, say("own_none"))]));
  }

  draw(sums, current, largest, places) {
    const values = sums.map((one) => one.sum);
    const [low, high] = ends(current ? [...values, current] : values, largest);
    const own = mean(values, 2);
    const best = [...values].sort(compare)[values.length - 1];
    const placed = (node, value) => {
      node.style.setProperty("left", `${share(value, low, high) * 100}%`);
      return node;
    };
    const dot = (value, kind) => placed(h("i", { class: `strip__dot ${kind}` }), value);
    const notes = [{ text: say("own_mean", { mean: written(own, 2) }), value: own, kind: "" }];
    if (current) notes.push({ text: say("own_now", { total: written(current, places) }), value: current, kind: "strip__note--now" });
    const shares = notes.map((one) => share(one.value, low, high));
    const shownEnds = [["low", low, Math.min(...shares) > 0.2], ["high", high, Math.max(...shares) < 0.8]].filter(([, , free]) => free);
    const line = h("div", { class: "strip__line", "aria-hidden": "true" },
      ...values.map((value) => dot(value, "")), dot(own, "strip__dot--mean"), current ? dot(current, "strip__dot--now") : null,
      ...shownEnds.map(([side, value]) => h("span", { class: `strip__end strip__end--${side}` }, written(value))),
      ...notes.map((one, at) => placed(h("span", { class: `strip__note ${one.kind} ${side(shares, at)}` }, one.text), one.value)));
    return [
      h("span", { class: "strip__label" }, say("own_before", { count: sums.length })),
      line,
      h("span", { class: "strip__best" }, say("own_best") + " ", h("b", {}, written(best, places))),
      h("span", { class: "visually-hidden" }, say("own_read", { count: sums.length, mean: written(own, 2), best: written(best, places) })),
    ];
  }
}

/** On which side of its dot a note stands, so that two notes, or a note and the line's end, never overlap. */
function side(shares, at) {
  const other = shares[1 - at];
  if (other !== undefined && Math.abs(shares[at] - other) < 0.26) return shares[at] < other || (shares[at] === other && at === 0) ? "strip__note--left" : "strip__note--right";
  if (shares[at] < 0.08) return "strip__note--right";
  return shares[at] > 0.92 ? "strip__note--left" : "";
}
