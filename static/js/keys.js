/* Single keys of a page; never while somebody types, and they can be turned off in the page's list of keys. */

/** Calls `act(event)` for every key that is pressed by itself; `?` opens the list. `room` names the kept choice. */
export function startKeys(room, act) {
  const dialog = document.getElementById("keys");
  const choice = document.getElementById("keys-on");
  const opener = document.getElementById("keys-open");
  const name = `lectern-${room}-keys-off`;
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  choice.checked = !kept(name);
  choice.addEventListener("change", () => keep(name, !choice.checked));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.key === "?") {
      event.preventDefault();
      dialog.showModal();
    } else if (choice.checked) act(event);
  });
}

function kept(name) {
  try { return localStorage.getItem(name) === "1"; } catch { return false; }
}

function keep(name, off) {
  try { localStorage.setItem(name, off ? "1" : "0"); } catch { /* Kept for this page only. */ }
}
