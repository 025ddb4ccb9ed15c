/** The judge's own earlier marks as dots on a line: only the judge's own, never another's. */

import { compare, decimal, mean, minus, plus, share, written } from "./decimal.js";
import { h, fillOnce } from "./dom.js";
import { say } from "../js/words.js";

const FIVE = decimal("5");

/** The line's ends: multiples of five around all values, at least ten apart, never outside 0 and the largest sum. */
export function ends(values, largest) {
  const sorted = [...values].sort(compare);
  const down = (value) => {
    const close = { units: value.units / (5n * 10n ** BigInt(value.places)) * 5n, places: 0 };
    return close;
  };
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
    const at = (value) => `${share(value, low, high) * 100}%`;
    const own = mean(values, 2);
    const best = [...values].sort(compare)[values.length - 1];
    const dot = (value, kind) => {
      const node = h("i", { class: `strip__dot ${kind}` });
      node.style.setProperty("left", at(value));
      return node;
    };
    const label = (text, value, kind) => {
      const node = h("span", { class: `strip__note ${kind}` }, text);
      node.style.setProperty("left", at(value));
      return node;
    };
    const close = current && Math.abs(share(current, low, high) - share(own, low, high)) < 0.24;
    const left = close && compare(current, own) < 0;
    const line = h("div", { class: "strip__line", "aria-hidden": "true" },
      ...values.map((value) => dot(value, "")), dot(own, "strip__dot--mean"), current ? dot(current, "strip__dot--now") : null,
      h("span", { class: "strip__end strip__end--low" }, written(low)), h("span", { class: "strip__end strip__end--high" }, written(high)),
      label(say("own_mean", { mean: written(own, 2) }), own, close ? (left ? "strip__note--right" : "strip__note--left") : ""),
      current ? label(say("own_now", { total: written(current, places) }), current, "strip__note--now" + (close ? (left ? " strip__note--left" : " strip__note--right") : "")) : null);
    return [
      h("span", { class: "strip__label" }, say("own_before", { count: sums.length })),
      line,
      h("span", { class: "strip__best" }, say("own_best") + " ", h("b", {}, written(best, places))),
      h("span", { class: "visually-hidden" }, say("own_read", { count: sums.length, mean: written(own, 2), best: written(best, places) })),
    ];
  }
}
