/* Scene "ranking": ten rows a page, the new row glows, rows slide to their new place, pages turn every twelve seconds. */

import { remembering } from "../js/live.js";
import { say, topic } from "../js/words.js";
import { called, copy, put, refit, slot } from "./screen-text.js";
import { slide } from "./slide.js";

const PAGE = 10, TURN = 12_000, LOOK = 700;

/** Cut rows into pages of ten, a division at a time where there are several. */
function pagesOf(frame, board) {
  const round = board?.rounds.find((one) => one.code === frame.round?.code);
  const placed = (round?.rows || []).filter((row) => row.place !== null);
  const divisions = [...new Set((placed.length ? placed : frame.top).map((row) => row.division).filter(Boolean))];
  const several = divisions.length > 1;
  // The frame is newer than the board while that is still being fetched, so the leading ten come from the frame.
  const lead = new Set(frame.top.map((row) => row.entry));
  const all = several ? (placed.length ? placed : frame.top) : [...frame.top, ...placed.filter((row) => !lead.has(row.entry)).slice(0, Math.max(0, frame.counts.released - frame.top.length))];
  const pages = [];
  for (const division of several ? divisions : [null]) {
    const rows = division === null ? all : all.filter((row) => row.division === division);
    for (let at = 0; at < rows.length; at += PAGE) pages.push({ division, rows: rows.slice(at, at + PAGE) });
  }
  return pages.length ? pages : [{ division: null, rows: [] }];
}

function fill(node, row, fresh) {
  const place = slot(node, "place");
  place.textContent = row.place ?? "—";
  place.className = `row-rank__place medal${row.place <= 3 ? ` medal--${row.place}` : ""}`;
  put(node, "number", row.number);
  put(node, "name", called(row));
  put(node, "topic", topic(row.title));
  put(node, "unit", row.unit);
  put(node, "score", row.score);
  node.classList.toggle("row-rank--new", fresh);
}

export function ranking(address) {
  const fetchBoard = remembering(address);
  let board = null, asked = null, frame = null, root = null, at = 0, turning = null, drawn = "", looking = null;

  function lay(rows, fresh) {
    const list = slot(root, "rows");
    const held = new Map([...list.children].map((node) => [node.dataset.entry, node]));
    const nodes = rows.map((row) => {
      const node = held.get(row.entry) || copy("row");
      node.dataset.entry = row.entry;
      fill(node, row, row.entry === fresh);
      return node;
    });
    list.replaceChildren(...nodes);
    list.classList.toggle("ranking__rows--untitled", rows.every((row) => !row.title));
    refit(root);
  }

  function head(pages) {
    const page = pages[at];
    const official = ["sealed", "published"].includes(frame.round?.state);
    put(root, "title", [say(official ? "official" : "ranking"), page.division].filter(Boolean).join(" · "));
    put(root, "count", say("released", frame.counts));
    slot(root, "none").hidden = page.rows.length > 0;
    slot(root, "page").hidden = pages.length < 2;
    if (pages.length > 1) {
      const first = pages.slice(0, at).filter((one) => one.division === page.division).length * PAGE + 1;
      put(root, "range", say("range", { first, last: first + page.rows.length - 1 }));
      put(root, "pages", say("pages", { page: at + 1, pages: pages.length }));
    }
  }

  /** Draw the present page; entering: the list comes in row by row; sliding: known rows glide to their new place. */
  function draw(how) {
    clearTimeout(looking);
    const pages = pagesOf(frame, board);
    at = Math.min(at, pages.length - 1);
    head(pages);
    const rows = pages[at].rows;
    const key = JSON.stringify([at, pages[at].division, rows.map((row) => [row.entry, row.place, row.score]), frame.release?.entry]);
    if (key === drawn && how !== "entering") return turn(pages.length);
    drawn = key;
    const list = slot(root, "rows");
    if (how === "sliding") slide(() => [...list.children], () => lay(rows, frame.release?.entry));
    else {
      list.replaceChildren();
      lay(rows, frame.release?.entry);
      [...list.children].forEach((node, n) => node.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 250, delay: n * 40, fill: "backwards" }));
    }
    turn(pages.length);
  }

  function turn(pages) {
    if (pages < 2) { clearTimeout(turning); turning = null; return; }
    if (turning) return;
    slot(root, "bar").animate([{ transform: "scaleX(0)" }, { transform: "none" }], { duration: TURN });
    turning = setTimeout(() => {
      turning = null;
      at = (at + 1) % pagesOf(frame, board).length;
      draw("turning");
    }, TURN);
  }

  async function ask() {
    const need = JSON.stringify([frame.round?.code, frame.release, frame.top, frame.counts]);
    if (need === asked) return;
    asked = need;
    const answer = await fetchBoard();
    if (answer) board = answer;
    else asked = board ? asked : null;
    if (root && !root.hidden) draw("sliding");
  }

  return {
    show(node, newer, { entering }) {
      root = node;
      frame = newer;
      if (entering) at = 0;
      const list = slot(root, "rows");
      if (entering && list.children.length && frame.release && at === 0) {
        // First the list as the hall last saw it, then the new row takes its place.
        head(pagesOf(frame, board));
        looking = setTimeout(() => draw("sliding"), LOOK);
      } else draw(entering ? "entering" : "sliding");
      ask();
    },
    leave() {
      clearTimeout(turning);
      clearTimeout(looking);
      turning = null;
      // What is left standing is the first page, so that the next look starts from there.
      if (at !== 0) { at = 0; slot(root, "rows").replaceChildren(); drawn = ""; }
    },
  };
}
