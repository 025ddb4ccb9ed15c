/* Award lines that are tried at other places: dragged, or moved by keys and buttons. What is tried is on the screen only;
   counts, shares and lowest scores follow at once. A line never crosses another. */

import { say } from "../js/words.js";

const EDGE = 56; // Closer than this to the window's edge, the page scrolls along.
const FAR = 5; // Rows that Page Up and Page Down move.

const isCut = (row) => Boolean(row?.dataset.cut);
const isRanked = (row) => Boolean(row?.dataset.place);
const percent = (count, ranked) => (ranked ? Math.floor((200 * count + ranked) / (2 * ranked)) : 0);

/** One ranking's lines. `onChange` hears of every move. */
export class CutLines {
  constructor(table, side, onChange) {
    this.table = table;
    this.body = table.tBodies[0];
    this.side = side;
    this.onChange = onChange;
    this.ranked = Number(table.dataset.ranked);
    this.cuts = [...this.body.querySelectorAll("[data-cut]")];
    this.rule = this.positions();
    for (const cut of this.cuts) this.make(cut);
    this.update();
  }

  /** After how many ranked rows each line lies. */
  positions() {
    let rows = 0;
    const found = [];
    for (const row of this.body.rows) {
      if (isCut(row)) found.push(rows);
      else if (isRanked(row)) rows += 1;
    }
    return found;
  }

  get isMoved() {
    return this.positions().join() !== this.rule.join();
  }

  /** Lay every line after so many ranked rows; what cannot be is brought between its neighbours. */
  lay(wanted) {
    const rows = [...this.body.rows].filter(isRanked);
    let above = null;
    let least = 0;
    this.cuts.forEach((cut, at) => {
      const after = Math.min(Math.max(Number.isInteger(wanted[at]) ? wanted[at] : this.rule[at], least), rows.length);
      const neighbour = above && after === least ? above : rows[after - 1];
      if (neighbour) neighbour.after(cut);
      else this.body.prepend(cut);
      above = cut;
      least = after;
    });
    this.update();
    this.onChange();
  }

  make(cut) {
    const plate = cut.querySelector("[data-plate]");
    plate.setAttribute("role", "slider");
    plate.setAttribute("aria-orientation", "vertical");
    plate.setAttribute("aria-label", say("line", { award: cut.dataset.title }));
    plate.setAttribute("aria-valuemin", "0");
    plate.setAttribute("aria-valuemax", String(this.ranked));
    plate.tabIndex = 0;
    const steps = document.createElement("span");
    steps.className = "cut__steps";
    for (const [way, sign, word] of [[-1, "−", "fewer"], [1, "+", "more"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cut__step";
      button.dataset.way = String(way);
      button.textContent = sign;
      button.setAttribute("aria-label", say(word, { award: cut.dataset.title }));
      button.addEventListener("click", () => this.move(cut, way));
      steps.append(button);
    }
    plate.after(steps);
    plate.addEventListener("keydown", (event) => this.key(event, cut));
    plate.addEventListener("pointerdown", (event) => this.drag(event, cut, plate));
  }

  /** Whether a line can pass the row below (1) or above (-1) it. */
  neighbour(cut, way) {
    const row = way > 0 ? cut.nextElementSibling : cut.previousElementSibling;
    return isRanked(row) ? row : null;
  }

  /** The row passes the line and not the line the row, so that focus and pointer stay where they are. */
  step(cut, way) {
    const row = this.neighbour(cut, way);
    if (!row) return false;
    if (way > 0) cut.before(row);
    else cut.after(row);
    return true;
  }

  move(cut, rows) {
    let moved = false;
    for (let left = Math.abs(rows); left && this.step(cut, Math.sign(rows)); left -= 1) moved = true;
    if (!moved) return;
    this.update();
    this.onChange();
  }

  key(event, cut) {
    const rows = {
      ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: FAR, PageUp: -FAR, End: this.ranked, Home: -this.ranked,
    }[event.key];
    if (event.key === "Escape") this.back(cut);
    else if (rows) this.move(cut, rows);
    else return;
    event.preventDefault();
  }

  /** One line as the rule has it, as far as its neighbours let it. */
  back(cut) {
    const at = this.cuts.indexOf(cut);
    this.move(cut, this.rule[at] - this.positions()[at]);
  }

  drag(event, cut, plate) {
    if (event.button !== 0) return;
    event.preventDefault();
    plate.focus({ preventScroll: true });
    plate.setPointerCapture(event.pointerId);
    let y = event.clientY;
    let going = true;
    document.body.classList.add("is-dragging");
    const middle = (row) => { const box = row.getBoundingClientRect(); return box.top + box.height / 2; };
    const follow = () => {
      if (!going) return;
      if (y > innerHeight - EDGE) scrollBy(0, 10);
      else if (y < EDGE) scrollBy(0, -10);
      let moved = false;
      for (let row = this.neighbour(cut, 1); row && y > middle(row); row = this.neighbour(cut, 1)) moved = this.step(cut, 1);
      for (let row = this.neighbour(cut, -1); row && y < middle(row); row = this.neighbour(cut, -1)) moved = this.step(cut, -1);
      if (moved) this.update();
      requestAnimationFrame(follow);
    };
    const end = () => {
      if (!going) return;
      going = false;
      document.body.classList.remove("is-dragging");
      plate.removeEventListener("pointermove", onMove);
      this.onChange();
    };
    const onMove = (move) => { y = move.clientY; };
    plate.addEventListener("pointermove", onMove);
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) plate.addEventListener(name, end, { once: true });
    requestAnimationFrame(follow);
  }

  /** Say on every line and beside the table what the lines as they lie would give. */
  update() {
    const laid = this.positions();
    let count = 0;
    let used = 0;
    let last = null;
    let x = 0;
    for (const row of this.body.rows) {
      if (isCut(row)) {
        this.tell(row, count, count ? last.dataset.score : "", laid, last);
        x += this.draw(row.dataset.cut, count, count ? last.dataset.score : "", x);
        used += count;
        count = 0;
      } else if (isRanked(row)) {
        last = row;
        if (row.dataset.taken === undefined) count += 1;
      }
    }
    this.draw("", count, "", x);
  }

  tell(cut, count, least, laid, last) {
    const plate = cut.querySelector("[data-plate]");
    const note = cut.querySelector("[data-note]");
    const words = { award: cut.dataset.title, count, percent: percent(count, this.ranked) };
    const at = this.cuts.indexOf(cut);
    plate.textContent = count ? say("plate", words) : say("vacant", words);
    note.textContent = last && last.dataset.edge ? last.dataset.edge : "";
    note.dataset.kind = last?.dataset.kind ?? "";
    plate.setAttribute("aria-valuenow", String(laid[at]));
    plate.setAttribute("aria-valuetext", [plate.textContent, least && this.bound(least), note.textContent].filter(Boolean).join(" · "));
    cut.classList.toggle("is-moved", laid[at] !== this.rule[at]);
    for (const button of cut.querySelectorAll("[data-way]")) {
      button.setAttribute("aria-disabled", String(!this.neighbour(cut, Number(button.dataset.way))));
    }
  }

  /** The last score of an award; where a lower score is better, it is the highest. */
  bound(score) {
    return say(this.table.dataset.lower === undefined ? "least" : "most", { score });
  }

  /** An award's line in the list and its piece of the bar; how wide the piece is. */
  draw(award, count, least, x) {
    const line = this.side?.querySelector(`[data-award="${CSS.escape(award)}"]`);
    if (!line) return 0;
    line.querySelector("[data-count]").textContent = String(count);
    line.querySelector("[data-percent]").textContent = `${percent(count, this.ranked)}%`;
    if (award === "") line.hidden = count === 0;
    else line.querySelector("[data-least]").textContent = least ? this.bound(least) : "";
    const width = this.ranked ? (1000 * count) / this.ranked : 0;
    const bar = award && this.side.querySelector(`[data-bar="${CSS.escape(award)}"]`);
    if (bar) {
      bar.setAttribute("x", x.toFixed(1));
      bar.setAttribute("width", Math.max(width - 4, 0).toFixed(1));
    }
    return width;
  }
}

/** "4,12,40;2,5" as positions for every ranking; nonsense becomes nothing. */
export function readCuts(text) {
  return text.split(";").map((part) => part.split(",").filter(Boolean).map(Number));
}

