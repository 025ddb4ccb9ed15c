/* The parts of a result in the board page: judges' tiles, component tiles, sums, notes; filled from the page's templates. */

import { pick, say, signed } from "../js/words.js";

const slot = (node, name) => node.querySelector(`[data-slot="${name}"]`);

/** Set the text of a slot inside node. */
export function put(node, name, text) {
  slot(node, name).textContent = text;
}

/** A fresh copy of the element in <template id>. */
export function copy(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** How a person without a name is called: by number. */
export function called(row) {
  return row.name || say("number", { number: row.number });
}

function tile(sheet) {
  const node = copy("tile");
  put(node, "seat", say("seat", { seat: sheet.seat }));
  if (sheet.dropped) {
    node.classList.add("tile--dropped");
    const struck = document.createElement("s");
    struck.textContent = sheet.score;
    slot(node, "score").replaceChildren(struck);
    put(node, "dropped", say(sheet.dropped));
  } else put(node, "score", sheet.score);
  return node;
}

function component(part) {
  const node = copy("component");
  put(node, "title", pick(part.title));
  put(node, "scaled", part.scaled);
  if (part.factor) put(node, "how", `${part.value} × ${part.factor}`);
  return node;
}

function sum(title, value, change) {
  const node = copy("adjustment");
  put(node, "title", title);
  put(node, "value", change ? signed(value) : value);
  slot(node, "value").classList.toggle("chip", change);
  slot(node, "value").classList.toggle("chip--less", change && value.startsWith("-"));
  return node;
}

function fillPart(node, name, children) {
  const part = node.querySelector(`[data-part="${name}"]`);
  part.replaceChildren(...children);
  part.hidden = children.length === 0;
}

/** Fill tiles, sums and note of a released result; a row that comes without them keeps what it shows. */
export function fillMarks(node, row) {
  if (row.sheets === undefined) return;
  fillPart(node, "sheets", row.sheets.map(tile));
  fillPart(node, "components", (row.components || []).map(component));
  const panel = row.panel ? [sum(pick(row.panel_title), row.panel, false)] : [];
  fillPart(node, "sums", [...panel, ...(row.adjustments || []).map((change) => sum(pick(change.title), change.value, true))]);
  const note = node.querySelector('[data-part="note"]');
  put(note, "note", row.note || "");
  note.hidden = !row.note;
  const story = node.querySelector('[data-part="story"]');
  if (story) {
    story.textContent = pick(row.story);
    story.hidden = story.textContent === "";
  }
}
