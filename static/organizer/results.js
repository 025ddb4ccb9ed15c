/* The results page: award lines to try, and choices that are shown without leaving the place on the page. Without this
   script every choice is a plain link or form, and the lines stay as the rules have them. */

import { say } from "../js/words.js";
import { CutLines, readCuts } from "./cutlines.js";

const page = document.querySelector(".admin-page");
let lines = [];

/** Keep what is tried in the address, so that other choices, a reload and a shared link keep it too. */
function remember() {
  const address = new URL(location.href);
  const moved = lines.some((each) => each.isMoved);
  if (moved) address.searchParams.set("cuts", lines.map((each) => each.positions().join()).join(";"));
  else address.searchParams.delete("cuts");
  history.replaceState(history.state, "", address);
  const told = page.querySelector("[data-tried]");
  if (told) told.hidden = !moved;
}

function begin() {
  const tables = [...page.querySelectorAll("[data-lines]:not([data-fixed])")].filter((table) => table.querySelector("[data-cut]"));
  lines = tables.map((table) => new CutLines(table, page.querySelector(`[data-awards="${table.dataset.lines}"]`), remember));
  const tried = readCuts(new URL(location.href).searchParams.get("cuts") ?? "");
  if (lines.length && tried.flat().length) lines.forEach((each, at) => each.lay(tried[at] ?? []));
  const hint = page.querySelector("[data-drag-hint]");
  if (hint) hint.hidden = lines.length === 0;
  page.querySelector("[data-reset]")?.addEventListener("click", () => {
    for (const each of lines) each.lay(each.rule);
    page.querySelector("[data-lines] [data-plate]")?.focus();
  });
  for (const button of page.querySelectorAll("[data-plain]")) button.hidden = true;
}

/** Show another address of this page in place: scroll and focus stay where they are. */
async function go(address, push = true, shown = "") {
  const target = new URL(address, location.href);
  const cuts = new URL(location.href).searchParams.get("cuts");
  if (push && cuts) target.searchParams.set("cuts", cuts);
  else if (push) target.searchParams.delete("cuts");
  const focused = document.activeElement?.id;
  page.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(target, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const other = new DOMParser().parseFromString(await answer.text(), "text/html");
    page.replaceChildren(...other.querySelector(".admin-page").childNodes);
  } catch {
    page.removeAttribute("aria-busy");
    // Another attempt by the browser itself says what is wrong: signed out, refused, or no network.
    if (navigator.onLine) location.assign(target);
    else complain();
    return;
  }
  page.removeAttribute("aria-busy");
  if (push) history.pushState(null, "", target);
  begin();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (shown) document.getElementById(shown)?.scrollIntoView({ block: "nearest" });
}

function complain() {
  const note = document.createElement("div");
  note.className = "notice notice--bad";
  note.setAttribute("role", "alert");
  note.textContent = say("failed");
  page.querySelector(".room-tabs").after(note);
}

page.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.href, true, link.dataset.swap);
});
page.addEventListener("change", (event) => {
  const select = event.target.closest(".results-tools select");
  if (!select) return;
  const address = new URL(location.href);
  if (select.value) address.searchParams.set(select.name, select.value);
  else address.searchParams.delete(select.name);
  go(address);
});
addEventListener("popstate", () => go(location.href, false));
begin();
