/** What this tablet keeps, in localStorage under one seat; when the browser refuses, in memory, and it says so. */

const ROOT = "lectern.pad";

export class Store {
  /** `storage`: localStorage, or null where the browser has none. */
  constructor(seat, storage) {
    this.prefix = `${ROOT}.${seat}.`;
    this.storage = storage;
    this.memory = new Map();
    this.parsed = new Map(); // text last read and its value; values are never changed in place
    this.listeners = [];
    this.failed = storage ? null : "unavailable";
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  tell(name, foreign = false) {
    for (const listener of this.listeners) listener(name, foreign);
  }

  /** Another tab of this seat wrote: the same listeners hear of it, with `foreign` true. */
  follow(window) {
    window.addEventListener("storage", (event) => {
      if (event.key === null) this.tell(null, true);
      else if (event.key.startsWith(this.prefix)) this.tell(event.key.slice(this.prefix.length), true);
    });
  }

  get(name) {
    if (this.memory.has(name)) return this.memory.get(name);
    try {
      const text = this.storage?.getItem(this.prefix + name);
      if (!text) return null;
      if (this.parsed.get(name)?.text !== text) this.parsed.set(name, { text, value: JSON.parse(text) });
      return this.parsed.get(name).value;
    } catch {
      return null;
    }
  }

  /** Writes before anything else happens. Memory keeps what the browser refuses, until it accepts it again. */
  put(name, value) {
    try {
      if (!this.storage) throw new Error("no storage");
      this.write(this.prefix + name, JSON.stringify(value));
      this.memory.delete(name);
      if (this.failed && this.memory.size === 0) this.failed = null;
    } catch (error) {
      this.memory.set(name, value);
      this.failed = error && error.name === "QuotaExceededError" ? "full" : "unavailable";
    }
    this.tell(name);
  }

  /** Where the browser's room is used up, what can be fetched again makes way for what cannot. */
  write(key, text) {
    try {
      this.storage.setItem(key, text);
    } catch (error) {
      if (this.storage.getItem(this.prefix + "state") === null) throw error;
      this.storage.removeItem(this.prefix + "state");
      this.storage.setItem(key, text);
    }
  }

  /** Writes what can be fetched again: where it does not fit, nothing is said, and the last one goes. */
  offer(name, value) {
    try {
      this.storage?.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      this.storage.removeItem(this.prefix + name);
    }
  }

  /** Tries once more to write what only memory holds. */
  retry() {
    for (const [name, value] of [...this.memory]) this.put(name, value);
  }

  drop(name) {
    this.memory.delete(name);
    this.storage?.removeItem(this.prefix + name);
    this.tell(name);
  }

  names(start) {
    const found = new Set([...this.memory.keys()].filter((name) => name.startsWith(start)));
    for (let at = 0; at < (this.storage?.length ?? 0); at += 1) {
      const key = this.storage.key(at);
      if (key.startsWith(this.prefix + start)) found.add(key.slice(this.prefix.length));
    }
    return [...found].sort();
  }

  sheets() {
    return this.names("sheet.").map((name) => this.get(name)).filter((record) => record !== null);
  }

  sheet(key) {
    return this.get("sheet." + key);
  }

  putSheet(key, record) {
    const name = "sheet." + key;
    const before = this.get(name);
    if (before !== null && JSON.stringify(before) === JSON.stringify(record)) return;
    this.put(name, record);
  }
}

/** localStorage if it can be used at all (private windows and strict settings throw). */
export function browserStorage(window) {
  try {
    const { localStorage } = window;
    localStorage.setItem(ROOT, "1");
    localStorage.removeItem(ROOT);
    return localStorage;
  } catch (error) {
    return error && error.name === "QuotaExceededError" ? window.localStorage : null;
  }
}
