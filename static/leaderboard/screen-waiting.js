/* Scene "waiting": the contest's name carries the page; the code leads to the board. */

import { pick, say } from "../js/words.js";
import { called, plate, put, slot } from "./screen-text.js";

export const waiting = {
  show(root, frame) {
    put(root, "contest", frame.contest.title);
    put(root, "round", pick(frame.round?.title));
    put(root, "count", frame.counts.released ? say("released", frame.counts) : "");
    const next = frame.now || frame.next;
    slot(root, "next").hidden = !frame.next || Boolean(frame.now);
    if (next) {
      plate(root, next.number, "next-number");
      put(root, "next-name", called(next));
    }
    // A long name steps down so that it keeps to three lines.
    const length = [...frame.contest.title].length;
    root.dataset.length = length > 34 ? "long" : length > 20 ? "middle" : "short";
  },
};
