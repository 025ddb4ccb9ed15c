/** Exact marks and typing: what a key does, what counts as a mark, what a band or a stepper gives. */

import { decimal, mean, total, written } from "/judging/decimal.js";
import { bandOf, criterionOf, levelOf, markOf, middleOf, nudged, problem, shown, steppers, typed } from "/judging/typing.js";
import { follows, hasPoints, largest, missing, nextOpen, outlier, sumOf, sumShown } from "/judging/sheet.js";
import { equal, test } from "./harness.js";

const criterion = (id, min, max, step, bands = []) => criterionOf({ id, title: { zh: id }, hint: null, min, max, step, bands });
const band = (low, high) => ({ title: { zh: "" }, low, high });
const content = criterion("content", "0", "30", "0.01", [band("27", "30"), band("23", "26.5")]);
const quarter = criterion("quarter", "10", "30", "0.25");
const whole = criterion("whole", "0", "100", "1");
const half = criterion("half", "0", "10", "0.5");
const refused = (code, entered) => ({ refused: { code, entered } });

test("sums and means are exact where binary fractions are not", () => {
  equal(written(total(["0.1", "0.2", "27.50", "9."].map(decimal)), 1), "36.8");
  equal(written(mean(["86.5", "88.25"].map(decimal), 2)), "87.38");
  equal([decimal("1.2.3"), decimal("."), decimal("NaN")], [null, null, null]);
});

test("a key beyond the maximum is refused and changes nothing", () => {
  equal(typed(content, "3", "5"), refused("above_max", "35"));
  equal(typed(half, "9", "5"), refused("above_max", "95"));
  equal(typed(content, "30.", "0"), { text: "30.0" });
});

test("a key that can no longer reach a step is refused", () => {
  equal(typed(half, "9.", "3"), refused("off_step", "9.3"));
  equal(typed(quarter, "27.", "3"), refused("off_step", "27.3"));
  equal(typed(content, "27.50", "1"), refused("off_step", "27.501"));
  equal(typed(whole, "9", "."), refused("off_step", "9."));
  equal(typed(quarter, "27.", "2"), { text: "27.2" });
});

test("a key that can no longer reach the minimum is refused", () => {
  equal(typed(quarter, "", "5"), refused("below_min", "5"));
  equal(typed(quarter, "", "2"), { text: "2" });
});

test("a text is a mark only inside the bounds and on a step", () => {
  equal([markOf(content, "27.5"), markOf(content, "9."), markOf(content, "")], ["27.50", "9.00", null]);
  equal([markOf(quarter, "2"), markOf(quarter, "27.2"), problem(quarter, "2")], [null, null, { code: "below_min", entered: "2" }]);
});

test("the first digit on a value that was there begins anew", () => {
  equal(typed(content, "27.5", "9", true), { text: "9" });
  equal(typed(content, "", "."), { text: "0." });
  equal(typed(content, "0", "5"), { text: "5" });
});

test("steppers follow the step and stop at the bounds", () => {
  equal([content, half, quarter, whole].map(steppers), [
    ["-0.5", "-0.1", "0.1", "0.5"], ["-1", "-0.5", "0.5", "1"], ["-0.5", "-0.25", "0.25", "0.5"], ["-2", "-1", "1", "2"],
  ]);
  equal(nudged(content, "27", "-0.1"), { text: "26.9" });
  equal(nudged(content, "29.8", "0.5"), refused("above_max", "30.3"));
  equal(nudged(content, "", "0.5"), refused("missing", ""));
});

test("a band gives its middle rounded to the step", () => {
  equal(content.bands.map((one) => middleOf(content, one)), ["28.5", "24.75"]);
  equal(middleOf(whole, content.bands[1]), "25");
  equal([bandOf(content, "26"), bandOf(content, "26.8")], [1, -1]);
});

test("a sum shows all decimals only once the sheet is complete", () => {
  const criteria = [content, half];
  equal(sumShown(criteria, { content: "27.5" }), "27.5");
  equal(sumShown(criteria, { content: "27.5", half: "9" }), "36.50");
  equal(missing(criteria, { content: "27.5" }), [half]);
  equal(nextOpen(criteria, { content: "27.5" }, "half"), null);
});

test("the soft question needs three own sheets and more than eight points", () => {
  const sums = ["86", "87", "88"].map((text) => ({ number: "1", sum: decimal(text) }));
  equal(outlier(decimal("77.5"), sums), { lower: true, by: "9.5" });
  equal(outlier(decimal("95.01"), sums), { lower: false, by: "8.01" });
  equal(outlier(decimal("79"), sums), null);
  equal(outlier(decimal("77.5"), sums.slice(1)), null);
});

test("the pad follows the stage unless a touched sheet is open or the judge stayed on purpose", () => {
  const ask = (stage, open, busy, stayedFor = null) => follows({ stage, open, busy, stayedFor });
  equal([ask("b", "a", false), ask("b", null, false), ask("c", "a", false, "b")], ["move", "move", "move"]);
  equal([ask("b", "a", true), ask("b", "a", false, "b")], ["banner", "banner"]);
  equal([ask("a", "a", true), ask(null, "a", false)], ["stay", "stay"]);
});

test("a level is a mark by its number alone, shown by its name, and a weight multiplies it", () => {
  const level = (name, value) => ({ title: { zh: name, en: name }, low: value, high: value });
  const levels = criterionOf({ id: "levels", title: { zh: "" }, kind: "level", weight: "2", min: "0", max: "10", step: "2.5",
    bands: [level("H", "10"), level("M", "2.5"), level("L", "0")] });
  equal([problem(levels, "2.5"), problem(levels, "5")], [null, { code: "no_level", entered: "5" }]);
  equal([shown(levels, "2.5"), levelOf(levels, "7"), middleOf(levels, levels.bands[0])], ["M", null, "10"]);
  const place = criterionOf({ id: "place", title: { zh: "" }, kind: "rank", weight: "0", min: "1", max: "8", step: "1", bands: [] });
  equal(written(sumOf([levels, place, half], { levels: "2.5", place: "3", half: "9" })), "14");
  equal(largest({ total: null }, [levels, place, half]), "30");
  equal([hasPoints([place]), hasPoints([place, half])], [false, true]);
});
