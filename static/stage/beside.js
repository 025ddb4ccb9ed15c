/* A page beside the stage: it follows the show, its buttons act in place, and the MC's letters grow and shrink. */

import { data } from "../js/words.js";
import { keepFresh } from "./keeping.js";

const SIZE = "lectern-mc-size";
const SMALLEST = -3, LARGEST = 6, STEP = 0.12;

keepFresh(data("page"), document.getElementById("main"));

const sizes = document.getElementById("sizes");
if (sizes) {
  const kept = () => { try { return Number(localStorage.getItem(SIZE)) || 0; } catch { return 0; } };
  let size = kept();
  const show = () => document.body.style.setProperty("--letters", String(1 + size * STEP));
  sizes.hidden = false;
  sizes.addEventListener("click", (event) => {
    const button = event.target.closest("[data-size]");
    if (!button) return;
    size = Math.max(SMALLEST, Math.min(LARGEST, size + Number(button.dataset.size)));
    try { localStorage.setItem(SIZE, String(size)); } catch { /* Kept for this page only. */ }
    show();
  });
  show();
}
// A card that goes dark in the MC's hand is of no use; only secure pages may ask.
navigator.wakeLock?.request("screen").catch(() => {});
