/* Scans on their way: each is in localStorage until the server has answered it, and is sent in order, one at a time. */

const RETRY_MS = 3000;

export class Queue {
  /** `send(scan)` gives the answer or null; `changed(count)` hears how many wait without a network. */
  constructor(slug, send, changed) {
    this.key = `lectern-door-${slug}`;
    this.send = send;
    this.changed = changed;
    this.kept = JSON.parse(localStorage.getItem(this.key) || "[]");
    this.turn = Promise.resolve();
    this.told = () => {};
  }

  get size() { return this.kept.length; }

  /** Begin to send what an earlier page has left; `told(answer, scan)` hears of each. */
  start(told) {
    this.told = told;
    this.changed(this.size);
    addEventListener("online", () => this.flush());
    setInterval(() => this.size && this.flush(), RETRY_MS);
    this.flush();
  }

  /** Keep a scan and try to send it after those before it. Its answer, or null where it has to wait. */
  add(scan) {
    this.kept.push(scan);
    this.save();
    return this.flush(scan);
  }

  /** Forget a scan that the page has answered itself. */
  drop(scan) {
    this.kept = this.kept.filter((each) => each.press !== scan.press);
    this.save();
    this.changed(this.size);
  }

  /** Send all in order; the answer of `mine` is returned, those of the others are told. */
  flush(mine) {
    this.turn = this.turn.then(async () => {
      let own = null;
      for (const scan of [...this.kept]) {
        const answer = await this.send(scan);
        if (!answer) break;
        this.drop(scan);
        if (mine && scan.press === mine.press) own = answer;
        else this.told(answer, scan);
      }
      this.changed(this.size);
      return own;
    });
    return this.turn;
  }

  save() { localStorage.setItem(this.key, JSON.stringify(this.kept)); }
}
