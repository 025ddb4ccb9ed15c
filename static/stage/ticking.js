/* Clocks that run: each [data-clock] with a start shows its time by the server's clock, up, or down with data-down. */

import { reading, serverNow } from "../js/servertime.js";

const TICK = 200;

function tick() {
  for (const node of document.querySelectorAll("[data-clock]")) {
    const { before, since, sinceAt, limit } = node.dataset;
    const start = since ? Number(since) : sinceAt ? Date.parse(sinceAt) : null;
    if (start === null) continue;
    const seconds = Math.floor((Number(before) + Math.max(0, serverNow() - start)) / 1000);
    const left = Number(limit) - seconds;
    node.textContent = "down" in node.dataset ? (left < 0 ? `+${reading(-left)}` : reading(left)) : reading(seconds);
    node.dataset.left = left <= 0 ? "over" : left <= 30 ? "soon" : "fine";
  }
}

/** Shows every running clock of the page now and from now on. */
export function startTicking() {
  setInterval(tick, TICK);
  tick();
}

/** Shows every running clock now: parts that were taken over carry their start only. */
export { tick };
