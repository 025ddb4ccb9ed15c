/* The review by keys, reasons that tick the field they are about, and all boxes at once. Without it links and forms do. */

import { startKeys } from "../js/keys.js";

const returning = document.getElementById("return");

function openReturn() {
  returning.open = true;
  returning.scrollIntoView({ block: "nearest" });
  returning.querySelector("input[name=phrase]").focus();
}

const acts = {
  j: () => document.querySelector("[data-key=next]")?.click(),
  k: () => document.querySelector("[data-key=previous]")?.click(),
  a: () => document.querySelector("[data-key=approve]")?.focus(), // An approval takes a second key.
  r: () => { if (returning) openReturn(); },
};
startKeys("review", (event) => {
  const act = acts[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

document.querySelector("a[data-key=return]")?.addEventListener("click", (event) => {
  event.preventDefault();
  if (returning.open) returning.open = false;
  else openReturn();
});

for (const phrase of document.querySelectorAll("input[name=phrase]")) {
  phrase.addEventListener("change", () => {
    const field = document.querySelector(`input[name=fields][value="${phrase.dataset.field}"]`);
    if (field && phrase.checked) field.checked = true;
  });
}

const all = document.getElementById("pick-all");
if (all) {
  all.hidden = document.getElementById("pick-all-label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("input[name=pick]")) box.checked = all.checked;
  });
}

document.querySelector(".queue__line[aria-current]")?.scrollIntoView({ block: "nearest" });
document.getElementById("errors")?.focus();
