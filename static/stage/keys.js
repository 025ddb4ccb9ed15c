/* Single keys press the desk's buttons; never while somebody types, and they can be turned off. */

const OFF = "lectern-desk-keys-off";
const NAMES = {
  n: "next", " ": "clock", r: "release", a: "A", b: "B", t: "T", enter: "Enter", escape: "Escape",
  1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6", 9: "9",
};

const off = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
const keep = (value) => { try { localStorage.setItem(OFF, value ? "1" : "0"); } catch { /* Kept for this page only. */ } };

export function startKeys() {
  const dialog = document.getElementById("keys");
  const choice = document.getElementById("keys-on");
  const opener = document.getElementById("keys-open");
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  choice.checked = !off();
  choice.addEventListener("change", () => keep(!choice.checked));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "?") { event.preventDefault(); dialog.showModal(); return; }
    if (!choice.checked) return;
    // Space and Enter press what has the focus; only a page without a focus hears them as the clock's and the take's.
    if ((event.key === " " || event.key === "Enter") && event.target.closest("a, button, summary, [tabindex='0']")) return;
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
