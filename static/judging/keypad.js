/** The right side: the active value in large figures, steppers, digits, and the key to the next criterion. */

import { share, decimal, written } from "./decimal.js";
import { h, icon, keepsFocus, mark, put, show } from "./dom.js";
import { pick, say } from "../js/words.js";
import { levelOf, shown, steppers } from "./typing.js";

const ORDER = ["7", "8", "9", "back", "4", "5", "6", "clear", "1", "2", "3", "next", ".", "0", "full"];

/** −0.5, +0.1: with the typographic minus. */
const signed = (amount) => (amount.startsWith("-") ? "−" + amount.slice(1) : "+" + amount);

/** What a physical key means on the pad, or null. */
export function keyOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (/^[0-9]$/.test(event.key)) return event.key;
  const named = { ".": ".", ",": ".", "。": ".", Decimal: ".", Backspace: "back", Delete: "clear", Enter: "next", ArrowDown: "down", ArrowUp: "up",
    "+": "more", "=": "more", "-": "less" };
  return named[event.key] || null;
}

export class Keypad {
  /** onKey(key): a digit, ".", "back", "clear", "full", "next" · onStep(amount) */
  constructor(node, { onKey, onStep }) {
    Object.assign(this, { node, onKey, onStep });
    this.name = h("b", { class: "display__name" });
    this.about = h("span", { class: "display__about" });
    this.trouble = h("span", { class: "display__trouble", role: "alert" });
    this.figure = h("span", { class: "display__figure", "aria-live": "polite" });
    this.limit = h("span", { class: "display__limit" });
    this.fill = h("span");
    this.steps = h("div", { class: "steps", role: "group", "aria-label": say("steppers") });
    this.keys = new Map(ORDER.map((key) => [key, this.key(key)]));
    this.nextName = h("span", { class: "key__name" });
    this.keys.get("next").replaceChildren(h("span", {}, say("key_next")), this.nextName);
    node.append(
      h("div", { class: "display" },
        h("div", { class: "display__words" }, this.name, this.about, this.trouble),
        h("div", { class: "display__value" }, this.figure, h("i", { class: "caret" }), this.limit)),
      h("span", { class: "bar display__bar", "aria-hidden": "true" }, this.fill),
      this.steps,
      h("div", { class: "keys", role: "group", "aria-label": say("keypad") }, ...this.keys.values()));
    this.made = null;
  }

  key(key) {
    const face = { back: icon("backspace"), clear: say("key_clear"), full: say("key_full"), next: "" }[key] ?? key;
    const label = { back: say("key_back"), ".": say("key_point") }[key] || null;
    return keepsFocus(h("button", { type: "button", class: `key-cap key-cap--${/[0-9.]/.test(key) ? "digit" : key}`, "data-key": key,
      "aria-label": label, onclick: () => this.onKey(key) }, face));
  }

  build(criterion) {
    if (this.made === criterion) return;
    this.made = criterion;
    this.steps.replaceChildren(...steppers(criterion).map((amount) => keepsFocus(h("button", {
      type: "button", class: "step-key", onclick: () => this.onStep(amount),
    }, signed(amount)))));
    mark(this.keys.get("."), "data-idle", criterion.places === 0 ? "yes" : null);
    mark(this.keys.get("full"), "data-idle", criterion.kind === "rank" ? "yes" : null);
  }

  /** criterion · text · position, count · next: the next criterion without a mark, or null · trouble: a sentence or null */
  render({ criterion, text, position, count, next, trouble }) {
    this.build(criterion);
    put(this.name, pick(criterion.title));
    const about = criterion.levels.length ? "criterion_level" : criterion.kind === "rank" ? "criterion_place" : "criterion_about";
    put(this.about, say(about, { position, count, max: written(criterion.max) }));
    put(this.trouble, trouble || "");
    show(this.about, !trouble);
    show(this.trouble, Boolean(trouble));
    mark(this.node, "data-trouble", trouble ? "yes" : null);
    put(this.figure, levelOf(criterion, text) ? shown(criterion, text) : text);
    put(this.limit, about === "criterion_about" ? "/ " + written(criterion.max) : "");
    const value = decimal(text);
    this.fill.style.setProperty("width", value ? `${Math.max(0, Math.min(1, share(value, decimal("0"), criterion.max))) * 100}%` : "0");
    put(this.keys.get("next").firstChild, next ? say("key_next") : say("key_done"));
    put(this.nextName, next ? pick(next.title) : say("key_done_then"));
  }

  /** A refused key shakes the figure once. */
  shake() {
    this.figure.parentNode.animate?.([{ transform: "translateX(-6px)" }, { transform: "translateX(5px)" }, { transform: "none" }],
      { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : 180 });
  }
}
