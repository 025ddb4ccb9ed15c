/** What the server knows of this seat: fetched with its ETag, one request at a time, folded into the tablet's records. */

import { blank, mayForget, merged, sheetKey } from "./record.js";
import { criterionOf, markOf, textOf } from "./typing.js";

/** Helpers of one round's criteria: marks → texts and texts → marks. */
export function contextFor(round) {
  const criteria = round.criteria.map(criterionOf);
  return {
    criteria,
    read: (marks) => Object.fromEntries(criteria.map((criterion) => [criterion.id, textOf(marks?.[criterion.id])])),
    marksOf: ({ texts }) => Object.fromEntries(criteria.map((criterion) => [criterion.id, markOf(criterion, texts[criterion.id])])),
  };
}

/** A round stands in the state once, or once for each division that has criteria of its own. */
const keyOf = (round) => `${round.code} ${round.division ?? ""}`;

/** The newer of the state in the page, which may be a copy of days ago, and the one this tablet heard last. */
export function newest(inPage, heard) {
  return heard && heard.at > inPage.at && heard.state?.v === 1 && Array.isArray(heard.state.rounds) ? heard.state : inPage.state;
}

export class SeatState {
  /** served: when the server made the state in the page, ms of its own clock */
  constructor({ url, state, served = 0, store, onChange }) {
    Object.assign(this, { url, store, onChange });
    this.lost = false;
    this.contexts = new Map();
    this.etag = null;
    this.loading = false;
    this.again = false;
    this.use(newest({ at: served, state }, store.get("state")));
  }

  use(state) {
    this.state = state;
    this.contexts = new Map(state.rounds.map((round) => [keyOf(round), this.contextOfRound(round)]));
    for (const round of state.rounds) this.fold(round, state.epoch);
  }

  /** The same object as long as the criteria stay the same, so that nothing is drawn anew under the judge's finger. */
  contextOfRound(round) {
    const text = JSON.stringify(round.criteria);
    const before = this.contexts.get(keyOf(round));
    return before?.text === text ? before : { ...contextFor(round), text };
  }

  fold(round, epoch) {
    const context = { ...this.contexts.get(keyOf(round)), epoch };
    for (const appearance of round.appearances) {
      const about = { judge: this.state.seat.judge, round: round.code, entry: appearance.entry, attempt: 1,
        appearance: appearance.id, number: appearance.number, title: appearance.title };
      const key = sheetKey(about);
      const record = this.store.sheet(key);
      if (!record && !appearance.mine) continue;
      const after = merged({ ...(record || blank(about)), ...about }, appearance.mine, context);
      if (mayForget(after, round.state)) this.store.drop("sheet." + key);
      else this.store.putSheet(key, after);
    }
  }

  /** The round a record belongs to, with the criteria of its division; null while it is unknown. */
  roundOf(record) {
    return this.find(record.appearance)?.round || this.state.rounds.find((round) => round.code === record.round) || null;
  }

  contextOf(record) {
    const round = this.roundOf(record);
    return (round && this.contexts.get(keyOf(round))) || null;
  }

  /** The appearance with this id and its round, or null. */
  find(id) {
    for (const round of this.state.rounds) {
      const appearance = round.appearances.find((one) => one.id === id);
      if (appearance) return { round, appearance };
    }
    return null;
  }

  /** This tablet's record of an appearance; a fresh one where nothing was written yet. */
  recordOf(round, appearance) {
    const about = { judge: this.state.seat.judge, round: round.code, entry: appearance.entry, attempt: 1,
      appearance: appearance.id, number: appearance.number, title: appearance.title };
    return this.store.sheet(sheetKey(about)) || blank(about);
  }

  /** Asks the server; several wishes at once make one more request. → true when the server answered. */
  async refresh() {
    if (this.loading) {
      this.again = true;
      return true;
    }
    this.loading = true;
    let reached = false;
    do {
      this.again = false;
      reached = await this.load();
    } while (this.again && reached);
    this.loading = false;
    return reached;
  }

  async load() {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 10000);
    try {
      const response = await fetch(this.url, { headers: { Accept: "application/json", ...(this.etag ? { "If-None-Match": this.etag } : {}) }, signal: stop.signal,
        cache: "no-store", credentials: "same-origin", redirect: "error" });
      if (response.status === 304 || response.ok) this.lost = false;
      if (response.status === 304) return true;
      if (response.status === 401 || response.status === 403) {
        this.lost = true; // the card was stopped or the seat changed: what is on the tablet stays and is still offered
        this.onChange();
        return true;
      }
      if (!response.ok) return false;
      const state = await response.json();
      if (state.v !== 1 || !Array.isArray(state.rounds)) return false;
      this.etag = response.headers.get("ETag");
      this.use(state);
      this.store.offer("state", { at: Number(response.headers.get("X-Pad-Time")) || 0, state });
      this.onChange();
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
