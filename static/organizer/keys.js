/* Single keys of an organizer's page; never while somebody types, and they can be turned off. */

const OFF = "lectern-review-keys-off";
const off = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
const keep = (value) => { try { localStorage.setItem(OFF, value ? "1" : "0"); } catch { /* Kept for this page only. */ } };

/** Runs `acts[key]` when the key is pressed by itself; `?` opens the page's list of keys with its switch. */
export function startKeys(acts) {
  const dialog = document.getElementById("keys");
  const choice = document.getElementById("keys-on");
  const opener = document.getElementById("keys-open");
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  choice.checked = !off();
  choice.addEventListener("change", () => keep(!choice.checked));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.key === "?") { event.preventDefault(); dialog.showModal(); return; }
    const act = choice.checked && acts[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });
}
