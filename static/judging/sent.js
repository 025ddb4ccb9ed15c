/** The right side after a submission: the five seconds to undo, then where the sheet is, then what still waits. */

import { fillOnce, h, icon, mark, put, show } from "./dom.js";
import { say } from "../js/words.js";
import { UNDO_MS } from "./record.js";

const ROUND = 2 * Math.PI * 16;

function ring() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 40 40");
  svg.setAttribute("class", "ring");
  svg.setAttribute("aria-hidden", "true");
  const circle = (kind) => {
    const one = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [name, value] of Object.entries({ cx: 20, cy: 20, r: 16, class: kind })) one.setAttribute(name, value);
    svg.append(one);
    return one;
  };
  circle("ring__track");
  return { svg, hand: circle("ring__hand") };
}

export class Sent {
  constructor(node, { onUndo }) {
    this.node = node;
    this.sign = h("span", { class: "sent__sign" });
    this.head = h("h2", { class: "sent__head", tabindex: "-1" });
    this.where = h("p", { class: "sent__where" });
    this.ring = ring();
    this.left = h("span", { class: "undo__left" });
    this.undo = h("button", { type: "button", class: "undo", onclick: onUndo },
      icon("undo"), h("span", { class: "undo__word" }, say("undo")), h("span", { class: "undo__ring" }, this.ring.svg, this.left));
    this.after = h("p", { class: "sent__after" });
    this.receipt = h("p", { class: "sent__receipt" });
    this.list = h("ul", { class: "sent__list" });
    this.queue = h("div", { class: "sent__queue" }, h("h3", {}, say("queue")), this.list);
    node.append(h("div", { class: "sent__card" }, this.sign, this.head, this.where, this.undo, this.after, this.receipt), this.queue);
  }

  /**
   * tone: done | warn | idle · sign: icon · head, where, after: sentences · remaining: ms of the undo or null
   * receipt: lines, or none · queue: [{key, number, total, status, icon}]
   */
  render({ tone, sign, head, where, after, remaining, receipt = [], queue }) {
    mark(this.node, "data-tone", tone);
    fillOnce(this.sign, sign, () => [icon(sign)]);
    put(this.head, head);
    put(this.where, where);
    put(this.after, after);
    show(this.receipt, receipt.length > 0);
    fillOnce(this.receipt, receipt.join("|"), () => receipt.map((line) => h("span", {}, line)));
    show(this.undo, remaining !== null);
    if (remaining !== null) {
      put(this.left, String(Math.ceil(remaining / 1000)));
      this.ring.hand.style.setProperty("stroke-dasharray", String(ROUND));
      this.ring.hand.style.setProperty("stroke-dashoffset", String(ROUND * (1 - remaining / UNDO_MS)));
    }
    show(this.queue, queue.length > 0);
    fillOnce(this.list, JSON.stringify(queue), () => queue.map((one) => h("li", { "data-tone": one.tone },
      h("b", {}, one.number), h("b", { class: "num" }, one.total), h("span", { class: "sent__status" }, icon(one.icon), one.status))));
  }
}
