/* Scene "waiting": the contest's name carries the page; the code leads to the board. */

import { pick, say } from "../js/words.js";
import { called, plate, put, slot } from "./screen-text.js";

/** A contest's name breaks after its edition, place or year, never inside a word: 第八届星河市｜科普讲解大赛. */
function phrases(title) {
  return title.split(/(?<=[届市省区县州杯年])(?=[^届市省区县州杯年，、·”》）])/u).flatMap((part, at) => (at ? [document.createElement("wbr"), part] : [part]));
}

export const waiting = {
  show(root, frame) {
    slot(root, "contest").replaceChildren(...phrases(frame.contest.title));
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
