/** A finger's strokes on the signing page: drawn as they come, sent as whole units of the box. */

import { isWaiting } from "./record.js";
import { Store, browserStorage } from "./store.js";

const SVG = "http://www.w3.org/2000/svg";
const NEAR = 3; // a point closer than this to the one before says nothing new
const MOST_POINTS = 3500;

/** [x, y, x, y, …] → the path through them; a single point is a dot. */
export function pathOf(stroke) {
  const pairs = [];
  for (let at = 0; at < stroke.length; at += 2) pairs.push(`${stroke[at]} ${stroke[at + 1]}`);
  return `M${pairs.join("L")}${pairs.length === 1 ? "h.1" : ""}`;
}

function line(paper, stroke) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", pathOf(stroke));
  paper.append(path);
  return path;
}

class Pen {
  /** form with its paper, clear button and the field that carries the strokes */
  constructor(form) {
    const part = (name) => form.querySelector(`[data-part="${name}"]`);
    this.paper = part("paper");
    this.field = form.elements.strokes;
    this.strokes = [];
    this.pointer = null;
    part("box").hidden = false;
    part("clear").addEventListener("click", () => this.clear());
    this.paper.addEventListener("pointerdown", (event) => this.begin(event));
    this.paper.addEventListener("pointermove", (event) => this.go(event));
    for (const kind of ["pointerup", "pointercancel"]) this.paper.addEventListener(kind, (event) => this.end(event));
  }

  point(event) {
    const { left, top, width, height } = this.paper.getBoundingClientRect();
    const { width: wide, height: tall } = this.paper.viewBox.baseVal;
    const inside = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [inside(((event.clientX - left) / width) * wide, wide), inside(((event.clientY - top) / height) * tall, tall)];
  }

  begin(event) {
    if (this.pointer !== null || event.button > 0) return; // a palm beside the finger draws nothing
    event.preventDefault();
    this.pointer = event.pointerId;
    this.paper.setPointerCapture?.(event.pointerId);
    this.strokes.push(this.point(event));
    this.path = line(this.paper, this.strokes.at(-1));
  }

  go(event) {
    if (event.pointerId !== this.pointer) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.add(this.point(one));
    this.path.setAttribute("d", pathOf(this.strokes.at(-1)));
  }

  add([x, y]) {
    const stroke = this.strokes.at(-1);
    if (Math.abs(stroke.at(-2) - x) + Math.abs(stroke.at(-1) - y) < NEAR) return;
    if (this.strokes.reduce((sum, one) => sum + one.length, 0) < 2 * MOST_POINTS) stroke.push(x, y);
  }

  end(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.field.value = JSON.stringify(this.strokes);
  }

  clear() {
    this.strokes = [];
    this.field.value = "";
    this.paper.replaceChildren();
  }
}

/** Whether sheets of this seat on this tablet are not on the server yet. */
function hasUnsent(seat) {
  return new Store(seat, browserStorage(window)).sheets().some(isWaiting);
}

function start(room) {
  const forms = [...room.querySelectorAll('[data-part="form"]')];
  const show = (name, visible) => { room.querySelector(`[data-part="${name}"]`).hidden = !visible; };
  for (const form of forms) {
    new Pen(form);
    form.addEventListener("submit", (event) => {
      if (look()) event.preventDefault();
    });
  }
  for (const done of room.querySelectorAll("svg[data-strokes]")) for (const stroke of JSON.parse(done.dataset.strokes)) line(done, stroke);
  /** Shows what stands in the way of signing; true where anything does. */
  const look = () => {
    const unsent = hasUnsent(room.dataset.seat);
    show("unsent", unsent && forms.length > 0);
    show("cut", !navigator.onLine);
    return unsent || !navigator.onLine;
  };
  for (const kind of ["online", "offline", "storage"]) addEventListener(kind, look);
  look();
}

const room = document.querySelector(".signing");
if (room) start(room);
