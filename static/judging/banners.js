/** Sentences above the pad: what happened, whether it is safe, what to do; one button each, never a dead end. */

import { fillOnce, h, icon, mark, put } from "./dom.js";

const MOST = 3;

export class Banners {
  constructor(node) {
    this.node = node;
    this.rows = new Map();
  }

  /** list: [{key, tone: warn|bad|info, text, aside, actions: [{word, act, strong}]}], the most urgent first. */
  render(list) {
    const shown = list.slice(0, MOST);
    for (const [key, row] of this.rows) {
      if (shown.some((one) => one.key === key)) continue;
      row.node.remove();
      this.rows.delete(key);
    }
    shown.forEach((one, position) => {
      if (!this.rows.has(one.key)) this.rows.set(one.key, this.make(one));
      const row = this.rows.get(one.key);
      if (this.node.children[position] !== row.node) this.node.insertBefore(row.node, this.node.children[position] || null);
      mark(row.node, "data-tone", one.tone);
      put(row.text, one.text);
      put(row.aside, one.aside || "");
      row.acts = one.actions || [];
      fillOnce(row.actions, row.acts.map((act) => act.word).join("|"), () => row.acts.map((act, at) => h("button", {
        type: "button", class: "banner__act", onclick: () => row.acts[at].act(),
      }, act.word)));
    });
  }

  make(one) {
    const text = h("p", { class: "banner__text", role: one.tone === "bad" ? "alert" : "status" });
    const aside = h("span", { class: "banner__aside" });
    const actions = h("span", { class: "banner__acts" });
    return { node: h("div", { class: "banner", "data-banner": one.key }, icon(one.tone === "info" ? "info" : "alert"), text, aside, actions),
      text, aside, actions, acts: [] };
  }
}
