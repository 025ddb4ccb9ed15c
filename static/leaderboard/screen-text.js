/* Text on the big screen: filling slots, and shrinking a line until it fits, never below the smallest size the hall can read. */

import { say } from "../js/words.js";

/** The element of root with this slot name. */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/** Set the text of a slot. */
export function put(root, name, text) {
  slot(root, name).textContent = text ?? "";
}

/** A fresh copy of the element in <template id>. */
export function copy(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** How somebody is called: by name, else by number. */
export function called(row) {
  return row.name || say("number", { number: row.number });
}

/** The number plate: its figures shrink with their count, so that "A-108" stays on it. */
export function plate(root, number, name = "number") {
  const node = slot(root, name);
  node.textContent = number;
  node.style.setProperty("--chars", Math.max(2, [...String(number)].length));
}

const units = (size) => `calc(var(--u) * ${size.toFixed(2)})`;

function overflows(node, lines, size) {
  if (lines === 1) return node.scrollWidth > node.clientWidth + 1;
  const line = parseFloat(getComputedStyle(node).lineHeight);
  return node.scrollHeight > line * lines + line * 0.4 || node.scrollWidth > node.clientWidth + 1;
}

/** Fit every [data-fit="largest smallest lines"] inside root; sizes are hundredths of the stage's height. */
export function refit(root) {
  for (const node of root.querySelectorAll("[data-fit]")) {
    const [largest, smallest, lines] = node.dataset.fit.split(" ").map(Number);
    let size = largest;
    node.style.setProperty("font-size", units(size));
    node.classList.remove("fit-break");
    if (node.clientWidth === 0) continue;
    while (size > smallest && overflows(node, lines, size)) {
      size = Math.max(smallest, size - 0.2);
      node.style.setProperty("font-size", units(size));
    }
    // At the smallest size a word that is still too wide is broken rather than cut off.
    node.classList.toggle("fit-break", lines > 1 && node.scrollWidth > node.clientWidth + 1);
  }
}
