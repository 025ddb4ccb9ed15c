/** The left list: a card for each criterion; the active one opens with its bands as chips. */

import { written } from "./decimal.js";
import { h, icon, keepsFocus, mark, show } from "./dom.js";
import { pick, say } from "../js/words.js";
import { bandOf, levelOf, problem, shown } from "./typing.js";

const between = (low, high) => `${written(low)}–${written(high)}`;
const rangeOf = ({ levels, min, max }) => {
  if (!levels.length) return between(min, max);
  return [levels.at(-1), levels[0]].map((level) => pick(level.title)).join(levels.length === 2 ? " / " : "–");
};

export class Criteria {
  /** onOpen(id) · onBand(id, position) */
  constructor(node, { onOpen, onBand }) {
    Object.assign(this, { node, onOpen, onBand });
    this.cards = [];
    this.made = null;
  }

  /** New cards only for another set of criteria. */
  build(criteria) {
    if (this.made === criteria) return;
    this.made = criteria;
    this.cards = criteria.map((criterion) => this.card(criterion));
    this.node.replaceChildren(...this.cards.map((card) => card.node));
    this.node.dataset.many = criteria.length > 4 ? "yes" : "no";
  }

  card(criterion) {
    const title = pick(criterion.title);
    const isNamed = criterion.levels.length > 0; // then the buttons say it all, and a row of names would only be long
    const bands = isNamed ? [] : criterion.bands.map((band) => h("span", {}, h("b", {}, pick(band.title)), " " + between(band.low, band.high)));
    const chips = criterion.bands.map((band, position) => keepsFocus(h("button", {
      type: "button", class: "chip", onclick: () => this.onBand(criterion.id, position),
    }, h("b", {}, pick(band.title)), isNamed ? null : h("span", {}, between(band.low, band.high)))));
    const value = h("span", { class: "card__value" });
    const badge = h("span", { class: "card__badge" }, say("marking"));
    const open = h("button", { type: "button", class: "card__open", onclick: () => this.onOpen(criterion.id) },
      h("span", { class: "card__text" },
        h("span", { class: "card__line" }, h("span", { class: "card__title" }, title),
          h("span", { class: "card__range" }, rangeOf(criterion)), badge),
        criterion.hint ? h("span", { class: "card__hint" }, pick(criterion.hint)) : null,
        bands.length ? h("span", { class: "card__bands" }, ...bands) : null),
      value);
    const row = h("div", { class: "card__chips", "data-many": chips.length > 6 ? "yes" : null, role: "group", "aria-label": say("bands_of", { criterion: title }) }, ...chips);
    const node = h("li", { class: "criterion", "data-criterion": criterion.id }, open, row);
    return { criterion, node, open, value, badge, row, chips, bands };
  }

  /** texts by criterion · active: id or null · locked: nothing can be written */
  render({ criteria, texts, active, locked }) {
    this.build(criteria);
    for (const card of this.cards) {
      const { criterion } = card;
      const text = texts[criterion.id] || "";
      const isActive = !locked && criterion.id === active;
      const wrong = text !== "" && !isActive && problem(criterion, text) !== null;
      mark(card.node, "data-active", isActive ? "yes" : "no");
      mark(card.node, "data-wrong", wrong ? "yes" : null);
      mark(card.node, "data-locked", locked ? "yes" : null);
      mark(card.open, "aria-current", isActive ? "step" : null);
      mark(card.open, "aria-disabled", locked ? "true" : null);
      show(card.badge, isActive);
      show(card.row, isActive && card.chips.length > 0);
      this.value(card, text, isActive, wrong);
      const band = bandOf(criterion, text);
      card.chips.forEach((chip, position) => mark(chip, "aria-pressed", position === band ? "true" : "false"));
      card.bands.forEach((one, position) => mark(one, "data-here", position === band ? "yes" : null));
    }
  }

  value(card, text, isActive, wrong) {
    const key = `${isActive}|${wrong}|${text}`;
    if (card.value.dataset.made === key) return;
    card.value.dataset.made = key;
    if (isActive) card.value.replaceChildren(levelOf(card.criterion, text) ? shown(card.criterion, text) : text, h("i", { class: "caret" }));
    else if (text === "") card.value.replaceChildren(h("i", { class: "card__none" }), h("span", { class: "visually-hidden" }, say("no_mark_yet")));
    else card.value.replaceChildren(...(wrong ? [icon("alert")] : []), shown(card.criterion, text));
  }

  /** Brings the active card into sight where the list scrolls. */
  reveal(id) {
    const card = this.cards.find((one) => one.criterion.id === id);
    if (card && this.node.scrollHeight > this.node.clientHeight) card.node.scrollIntoView({ block: "nearest" });
  }

  focus(id) {
    this.cards.find((one) => one.criterion.id === id)?.open.focus();
  }
}

