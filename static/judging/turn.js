/** One tab of a seat sends: a Web Lock where the browser has them (https, localhost), else a short lease in the store. */

const LEASE_MS = 5000;
const RENEW_MS = 1500;

/** Pure: may `tab` send, given the stored lease {tab, until}? */
export function mayTake(lease, tab, now) {
  return !lease || lease.tab === tab || now >= lease.until || lease.until > now + LEASE_MS;
}

export class Turn {
  constructor({ store, tab, onTurn, locks = globalThis.navigator?.locks, now = () => Date.now() }) {
    Object.assign(this, { store, tab, onTurn, now });
    this.mine = false;
    if (locks) {
      locks.request(store.prefix + "turn", () => {
        this.set(true);
        return new Promise(() => {}); // held until the tab is closed
      }).catch(() => this.beginLease());
    } else {
      this.beginLease();
    }
  }

  set(mine) {
    const gained = mine && !this.mine;
    this.mine = mine;
    if (gained) this.onTurn();
  }

  beginLease() {
    this.renew();
    this.timer = setInterval(() => this.renew(), RENEW_MS);
    globalThis.addEventListener?.("pagehide", () => this.release());
    globalThis.addEventListener?.("pageshow", () => this.renew());
  }

  renew() {
    if (!mayTake(this.store.get("turn"), this.tab, this.now())) {
      this.set(false);
      return;
    }
    const held = this.store.get("turn")?.tab === this.tab;
    this.store.put("turn", { tab: this.tab, until: this.now() + LEASE_MS });
    if (held) this.set(true);
    // A tab that takes a free lease looks again a moment later: of two that took it at once, the last writer stays.
    else setTimeout(() => this.set(this.store.get("turn")?.tab === this.tab), 120);
  }

  release() {
    if (this.store.get("turn")?.tab === this.tab) this.store.drop("turn");
    this.mine = false;
  }
}
