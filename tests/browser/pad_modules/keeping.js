/** When an old page loads itself anew, and which of two states a tablet opens with. */

import { mayReload } from "/judging/keeping.js";
import { newest } from "/judging/seatstate.js";
import { Store } from "/judging/store.js";
import { equal, test } from "./harness.js";

const free = { now: 100000, touchedAt: 80000, reached: true, waiting: 0, unsaved: false, asking: false, tried: null, version: "v2" };

test("an old page loads itself anew only when nobody is at it and nothing waits, once for a version", () => {
  equal(mayReload(free), true);
  const held = [{ touchedAt: 80001 }, { reached: false }, { waiting: 1 }, { unsaved: true }, { asking: true }, { tried: "v2" }];
  equal(held.map((one) => mayReload({ ...free, ...one })), held.map(() => false));
  equal(mayReload({ ...free, tried: "v1" }), true);
});

test("a page opens with the newer of its own state and the one the tablet heard last", () => {
  const inPage = { at: 5, state: { v: 1, rounds: [], now: "page" } };
  const heard = (at, more = {}) => ({ at, state: { v: 1, rounds: [], now: "heard", ...more } });
  equal([null, heard(4), heard(5), heard(6), heard(6, { v: 2 }), { at: 6 }].map((one) => newest(inPage, one).now),
    ["page", "page", "page", "heard", "page", "page"]);
});

test("a tablet without room gives up what can be fetched again before it gives up a mark", () => {
  const kept = new Map();
  let room = 1;
  const shelf = {
    get length() { return kept.size; },
    key: (at) => [...kept.keys()][at],
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => {
      if (!kept.has(name) && kept.size >= room) throw new DOMException("full", "QuotaExceededError");
      kept.set(name, text);
    },
    removeItem: (name) => kept.delete(name),
  };
  const store = new Store("s4", shelf);
  store.offer("state", { at: 1 });
  store.put("sheet.a", { mark: "27" });
  equal([store.failed, [...kept.keys()]], [null, ["lectern.pad.s4.sheet.a"]]);
  store.offer("state", { at: 2 });
  equal([store.failed, store.get("state")], [null, null]);
  room = 2;
  store.offer("state", { at: 3 });
  equal(store.get("state"), { at: 3 });
});
