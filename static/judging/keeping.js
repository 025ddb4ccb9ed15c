/** Whether this tablet holds a copy of the pad that opens without a network, and when an old page may load itself anew. */

const IDLE_MS = 20000;

export class Keeping {
  /** worker, home: addresses · version: this page's · onChange(): whether the copy is there has changed */
  constructor({ worker, home, version, onChange, browser = globalThis }) {
    Object.assign(this, { worker, home, version, onChange, browser });
    this.kept = false;
    this.asking = false;
    // Browsers give workers to secure pages only: https, or this very machine.
    this.possible = browser.isSecureContext === true && "serviceWorker" in browser.navigator;
    this.touchedAt = 0;
  }

  /**
   * Asks the browser for this seat's worker, again and again until it holds the copy: the network may go while it is
   * made. `served` = the version the server has now; a newer one has a worker of its own. A refusal changes nothing.
   */
  async beat(served) {
    if (!this.possible || this.asking) return;
    this.asking = true;
    const { serviceWorker } = this.browser.navigator;
    try {
      if (!this.kept) this.registration = await serviceWorker.register(this.worker, { scope: this.home, updateViaCache: "none" });
      else if (this.isOld(served)) await (await serviceWorker.getRegistration(this.home))?.update();
    } catch {
      this.registration = null; // no network, or a browser that keeps nothing: the pad works as before
    }
    this.asking = false;
    await this.look();
  }

  /** Is the page in the copy? */
  async look() {
    const before = this.kept;
    try {
      this.kept = Boolean(await this.browser.caches.match(this.home));
    } catch {
      this.kept = false;
    }
    if (this.kept !== before) this.onChange();
  }

  /** The card was stopped, or the seat is another browser's: the copy goes. */
  forget() {
    if (!this.kept) return;
    this.registration?.active?.postMessage("forget");
    this.kept = false;
    this.onChange();
  }

  touched(now) {
    this.touchedAt = now;
  }

  /** Has the server another version than this page? */
  isOld(served) {
    return Boolean(served) && served !== this.version;
  }
}

/**
 * Pure: may an old page load itself anew? Only once for a version, never while anything is typed, unsent or asked, and
 * never without the server. `quiet` = {now, touchedAt, reached, waiting, unsaved, asking, tried, version}
 */
export function mayReload({ now, touchedAt, reached, waiting, unsaved, asking, tried, version }) {
  if (!reached || waiting > 0 || unsaved || asking || tried === version) return false;
  return now - touchedAt >= IDLE_MS || now < touchedAt;
}
