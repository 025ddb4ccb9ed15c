/** Saves single fields while they are typed. What is not sent yet is kept on the device and restored after a reload. */

const PAUSE = 700; // ms after the last key
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 30000;

export class Autosave {
  /**
   * id: of the registration · version: what the page was made from · stored: {field: what the server holds}
   * send(message) → {status, json}, throws without a network · keep: {load(), save(fields)} on this device
   * onState(state, details): "saving" | "saved" | "offline" | "conflict" | "refused" · onAnswers(answers)
   */
  constructor({ version, stored, send, keep, onState, onAnswers }) {
    Object.assign(this, { version, send, keep, onState, onAnswers });
    this.base = { ...stored };
    this.unsent = {}; // field → {value, base}
    this.conflicts = {}; // field → what the other device stored
    this.flight = null;
    this.failures = 0;
    this.timer = null;
  }

  /** Values that an earlier page could not send any more, for the fields of this page. */
  restore() {
    const kept = this.keep.load();
    for (const [name, each] of Object.entries(kept)) {
      if (!(name in this.base)) continue;
      if (each.value === this.base[name]) continue;
      this.unsent[name] = each;
    }
    this.remember();
    return Object.fromEntries(Object.entries(this.unsent).map(([name, each]) => [name, each.value]));
  }

  typed(name, value, soon = false) {
    const before = this.unsent[name];
    this.unsent[name] = { value, base: before ? before.base : this.base[name] };
    if (value === this.base[name] && !this.flight) delete this.unsent[name];
    this.remember();
    this.plan(soon ? 0 : PAUSE);
  }

  /** Settle a conflict: mine stays and is sent over theirs, or theirs takes its place. */
  settle(name, mine) {
    const theirs = this.conflicts[name];
    delete this.conflicts[name];
    this.base[name] = theirs;
    if (mine && this.unsent[name]) this.unsent[name].base = theirs;
    else delete this.unsent[name];
    this.remember();
    this.plan(0);
    return theirs;
  }

  get waiting() {
    return Object.keys(this.unsent).filter((name) => !(name in this.conflicts));
  }

  plan(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), after);
  }

  /** Send what is unsent; one message at a time. Resolves when nothing is under way. */
  async flush() {
    clearTimeout(this.timer);
    if (this.flight) {
      await this.flight;
      return this.waiting.length && !this.failures ? this.flush() : undefined;
    }
    const names = this.waiting;
    if (!names.length) return this.onState(Object.keys(this.conflicts).length ? "conflict" : "saved", {});
    this.flight = this.post(names).finally(() => (this.flight = null));
    return this.flight;
  }

  async post(names) {
    const sent = Object.fromEntries(names.map((name) => [name, this.unsent[name]]));
    this.onState("saving", {});
    let answer;
    try {
      answer = await this.send({
        version: this.version,
        base: Object.fromEntries(names.map((name) => [name, sent[name].base])),
        answers: Object.fromEntries(names.map((name) => [name, sent[name].value])),
      });
    } catch {
      return this.failed();
    }
    if (answer.status >= 500 || answer.status === 429) return this.failed();
    this.failures = 0;
    if (answer.status === 409 && answer.json.conflict) return this.conflict(answer.json);
    if (answer.status !== 200) return this.onState("refused", { message: answer.json.error && answer.json.error.message });
    this.version = answer.json.version;
    for (const name of names) {
      this.base[name] = sent[name].value;
      if (this.unsent[name].value === sent[name].value) delete this.unsent[name];
      else this.unsent[name].base = sent[name].value;
    }
    this.remember();
    this.onAnswers(answer.json.answers);
    this.onState("saved", { time: answer.json.saved });
    if (this.waiting.length) this.plan(0);
  }

  failed() {
    this.failures += 1;
    this.onState("offline", {});
    this.plan(Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (this.failures - 1)));
  }

  conflict({ conflict, version }) {
    this.version = version;
    this.conflicts = { ...this.conflicts, ...conflict };
    this.onState("conflict", { fields: conflict });
    if (this.waiting.length) this.plan(0);
  }

  /** A field that another device changed and nobody has touched here: what is shown follows. */
  follow(name, value) {
    if (name in this.unsent || name in this.conflicts || this.base[name] === value) return false;
    this.base[name] = value;
    return true;
  }

  remember() {
    this.keep.save(this.unsent);
  }
}

/** The unsent fields of one registration in this browser's storage; a private window may have none. */
export function onDevice(id) {
  const key = `registration.${id}`;
  return {
    load() {
      try {
        return JSON.parse(localStorage.getItem(key)) || {};
      } catch {
        return {};
      }
    },
    save(fields) {
      try {
        if (Object.keys(fields).length) localStorage.setItem(key, JSON.stringify(fields));
        else localStorage.removeItem(key);
      } catch {
        /* The fields are in the page still. */
      }
    },
  };
}
