/* Scenes without figures: a message of the desk, a technical pause, and black. */

import { footing } from "./screen-contestant.js";
import { put } from "./screen-text.js";

export const message = {
  show(root, frame) {
    put(root, "text", frame.scene.text);
    put(root, "contest", footing(frame));
  },
};

export const pause = {
  show(root, frame) {
    put(root, "contest", footing(frame));
  },
};

export const black = { show() {} };
