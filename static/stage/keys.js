/* Single keys press the desk's buttons. */

import { startKeys } from "../js/keys.js";

const NAMES = {
  n: "next", " ": "clock", r: "release", a: "A", b: "B", t: "T", enter: "Enter", escape: "Escape",
  1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6", 9: "9",
};

export function startDeskKeys() {
  startKeys("desk", (event) => {
    // Space and Enter press what has the focus; only a page without a focus hears them as the clock's and the take's.
    const own = event.key === " " || event.key === "Enter";
    if (own && event.target.closest("a, button, input, summary, [tabindex='0']")) return;
    press(NAMES[event.key.toLowerCase()], event);
  });
}

function press(name, event) {
  const button = name && document.querySelector(`button[data-key="${name}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  if (name === "release") button.focus(); // What the whole hall will see takes a second key.
  else button.click();
}
