/* Scene "contestant": who is on stage now. */

import { pick, topic } from "../js/words.js";
import { called, plate, put } from "./screen-text.js";

/** The line at the foot: contest · round. */
export function footing(frame) {
  return [frame.contest.title, pick(frame.round?.title)].filter(Boolean).join(" · ");
}

export const contestant = {
  show(root, frame, { entering }) {
    plate(root, frame.now.number);
    put(root, "name", called(frame.now));
    put(root, "topic", topic(frame.now.title));
    put(root, "from", [frame.now.unit, frame.now.division].filter(Boolean).join(" · "));
    put(root, "contest", footing(frame));
    root.classList.toggle("rise", entering);
  },
};
