/* The ranking list of the board page: one row per entry, grouped by division, kept in place by its entry code. */

import { pick, say, topic } from "../js/words.js";
import { called, copy, fillMarks, put } from "./board-marks.js";
import { slide } from "./slide.js";

const groups = document.getElementById("groups");
const rowsOf = () => [...groups.querySelectorAll(".rank")];

function fillRow(node, row, fresh) {
  const medal = node.querySelector('[data-slot="place"]');
  medal.className = row.place && row.place <= 3 ? `medal medal--${row.place}` : "medal";
  medal.textContent = row.place ?? "—";
  put(node, "said-place", row.place ? say("place", { place: row.place }) : "");
  put(node, "number", row.number);
  put(node, "name", called(row));
  put(node, "title", topic(row.title));
  put(node, "unit", row.unit || "");
  const status = say(`status.${row.status}`);
  put(node, "score", row.score ?? (status.startsWith("status.") ? say("status.other") : status));
  node.classList.toggle("rank--new", fresh);
  node.querySelector('[data-slot="fresh"]').hidden = !fresh;
  if (row.sheets !== undefined || row.story !== undefined) fillMarks(node, { sheets: [], ...row });
}

function group(division) {
  for (const node of groups.children) if (node.dataset.division === division) return node;
  const node = document.createElement("section");
  node.className = "group";
  node.dataset.division = division;
  const title = document.createElement("h3");
  title.className = "group__title";
  title.textContent = division;
  title.hidden = division === "";
  const list = document.createElement("ol");
  list.className = "ranks";
  node.append(title, list);
  groups.append(node);
  return node;
}

function place(rows, fresh, keepOthers) {
  const held = new Map(rowsOf().map((node) => [node.dataset.entry, node]));
  const known = new Set(held.keys());
  const divisions = [...new Set(rows.map((row) => row.division).filter(Boolean))];
  const grouped = divisions.length > 1;
  const lists = new Map();
  for (const row of rows) {
    const node = held.get(row.entry) || copy("rank");
    node.dataset.entry = row.entry;
    held.delete(row.entry);
    fillRow(node, row, row.entry === fresh);
    const home = group(grouped ? row.division || "" : "");
    lists.set(home, [...(lists.get(home) || []), node]);
  }
  if (keepOthers) {
    const home = group("");
    const newcomers = rows.filter((row) => !known.has(row.entry)).length;
    for (const node of held.values()) {
      moveDown(node, newcomers);
      fillFresh(node, node.dataset.entry === fresh);
      lists.set(home, [...(lists.get(home) || []), node]);
    }
  } else for (const node of held.values()) node.remove();
  for (const [home, nodes] of lists) {
    const list = home.querySelector(".ranks");
    // Only a row that stands wrong is moved: moving an element would close a focus or a text selection in it.
    nodes.forEach((node, at) => { if (list.children[at] !== node) list.insertBefore(node, list.children[at] || null); });
  }
  for (const home of [...groups.children]) if (!lists.has(home) && groups.children.length > 1) home.remove();
}

/** A row below newcomers stands that many places lower: a place is one more than the number of rows above. */
function moveDown(node, by) {
  const medal = node.querySelector('[data-slot="place"]');
  const before = Number.parseInt(medal.textContent, 10);
  if (!by || Number.isNaN(before)) return;
  medal.textContent = before + by;
  medal.className = "medal";
  put(node, "said-place", say("place", { place: before + by }));
}

function fillFresh(node, fresh) {
  node.classList.toggle("rank--new", fresh);
  node.querySelector('[data-slot="fresh"]').hidden = !fresh;
}

/** Show all rows of a round; fresh is the entry released last. */
export function showRows(rows, fresh) {
  slide(rowsOf, () => place(rows, fresh, false));
  document.getElementById("none").hidden = rows.length > 0;
}

/** Show the leading rows a frame brings at once; the whole list follows by showRows. Not for grouped lists. */
export function showTop(top, fresh) {
  if (groups.children.length > 1 || new Set(top.map((row) => row.division).filter(Boolean)).size > 1) return;
  slide(rowsOf, () => place(top, fresh, true));
  document.getElementById("none").hidden = rowsOf().length > 0;
}

/** The rounds one can choose from, as links that also work without this script. */
export function showRounds(board, chosen, view) {
  const nav = document.getElementById("rounds");
  const links = board.rounds.map((round) => {
    const word = document.createElement("small");
    word.textContent = say(`states.${round.state}`);
    return link(`?round=${encodeURIComponent(round.code)}`, pick(round.title), !view && round.code === chosen, word);
  });
  if (board.result) links.push(link("?view=result", say("result"), view === "result"));
  nav.querySelector("ul").replaceChildren(...links);
  nav.hidden = links.length < 2;
}

function link(href, text, current, after) {
  const item = document.createElement("li");
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.append(text, " ", after || "");
  if (current) anchor.setAttribute("aria-current", "page");
  item.append(anchor);
  return item;
}
