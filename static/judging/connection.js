/** Whether the server can be reached, when it is asked again, and the pill that says so. */

import { fillOnce, h, icon, mark } from "./dom.js";
import { say } from "../js/words.js";
import { delayAfter } from "./outbox.js";

/** Pure: what the pill says. `waiting` = sheets not yet on the server, `due` = those that should be on their way. */
export function pillOf({ reached, blocked, waiting, due }) {
  if (blocked) return { kind: "blocked", count: waiting };
  if (!reached) return { kind: "offline", count: waiting };
  return due > 0 ? { kind: "sending", count: due } : { kind: "online", count: 0 };
}

export class Connection {
  /** ask() → a promise of whether the server answered · onChange() */
  constructor({ ask, onChange, onBack, clock }) {
    Object.assign(this, { ask, onChange, onBack, clock });
    this.reached = globalThis.navigator?.onLine !== false;
    this.failures = 0;
    this.retryAt = null;
    this.timer = null;
    this.asking = false;
  }

  /** Any request's outcome is news about the line. */
  note(reached) {
    const before = this.reached;
    this.reached = reached;
    if (reached) {
      this.failures = 0;
      this.retryAt = null;
      this.clock.clear(this.timer);
      if (!before) this.onBack();
    } else if (this.retryAt === null) this.later();
    if (before !== reached) this.onChange();
  }

  later() {
    this.failures += 1;
    const wait = delayAfter(this.failures);
    this.retryAt = this.clock.now() + wait;
    this.clock.clear(this.timer);
    this.timer = this.clock.set(() => this.probe(), wait);
  }

  /** Asks for the state; without an answer it is asked again, later each time. */
  async probe() {
    if (this.asking) return;
    this.asking = true;
    this.retryAt = null;
    this.clock.clear(this.timer);
    const reached = await this.ask();
    this.asking = false;
    this.note(reached);
    this.onChange();
  }
}

const FACE = { online: "wifi", sending: "send", offline: "wifi-off", blocked: "alert" };

export class Pill {
  constructor(node) {
    this.node = node;
  }

  render(pill) {
    mark(this.node, "data-kind", pill.kind);
    const text = pill.kind === "offline" && pill.count === 0 ? say("pill.offline_none") : say("pill." + pill.kind, { count: pill.count });
    fillOnce(this.node, pill.kind + text, () => [icon(FACE[pill.kind]), h("span", {}, text)]);
  }
}
