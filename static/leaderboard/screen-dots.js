/* Scene "dots": which seats have handed in their sheets; no numbers, no marks. */

import { say } from "../js/words.js";
import { footing } from "./screen-contestant.js";
import { called, plate, put, slot } from "./screen-text.js";

export const dots = {
  show(root, frame) {
    plate(root, frame.now.number);
    put(root, "name", called(frame.now));
    put(root, "contest", footing(frame));
    const all = frame.dots.length > 0 && frame.dots.every((dot) => dot.submitted);
    put(root, "word", say(all ? "judged" : "judging"));
    root.classList.toggle("dots--all", all);
    const seats = slot(root, "seats");
    seats.style.setProperty("--seats", frame.dots.length);
    while (seats.children.length > frame.dots.length) seats.lastElementChild.remove();
    frame.dots.forEach((dot, at) => {
      const seat = seats.children[at] || seats.appendChild(document.createElement("li"));
      seat.classList.toggle("filled", dot.submitted);
    });
  },
};
