/* The order: a fresh draw comes up line by line, the list prints; without it the page shows everything at once. */

const LONGEST = 9_000; // However many there are, the whole draw is up by then.
const ROLLS = 5;

const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

/** Shows the drawn names one after the other, each settling after a few others have passed. */
async function reveal(list) {
  const lines = [...list.querySelectorAll(".order__line")];
  const names = lines.map((line) => line.querySelector("[data-name]").textContent);
  const step = Math.min(520, LONGEST / lines.length);
  for (const line of lines) line.classList.add("is-hidden");
  for (const [at, line] of lines.entries()) {
    const place = line.querySelector("[data-name]");
    line.classList.replace("is-hidden", "is-rolling");
    for (let roll = 0; roll < ROLLS; roll += 1) {
      place.textContent = names[Math.floor(Math.random() * names.length)];
      await wait(step / (ROLLS + 1));
    }
    place.textContent = names[at];
    line.classList.replace("is-rolling", "is-settled");
    await wait(step / (ROLLS + 1));
  }
}

const drawn = document.querySelector("[data-drawn]");
if (drawn) {
  const address = new URL(location.href);
  address.searchParams.delete("drawn");
  history.replaceState(null, "", address);
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) reveal(drawn);
}

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
document.getElementById("errors")?.focus();
