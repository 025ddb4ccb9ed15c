/* One live link per page: Server-Sent Events first, polling when the server is full or the stream is cut, back-off throughout.

   listen({ stream, frame, revision, onFrame, onState, rests }) → { close(), state }
     stream    address of the event stream          frame     address of the same frame on a plain GET with ETag
     revision  revision the page already shows      onFrame   called with each newer frame (an object)
     onState   called with "connecting" | "live" | "polling" | "offline" when that changes
     rests     true: a page that nobody looks at gives its connection back and takes it again when it is seen */

const QUIET_CHECK = 60_000; // A cut cable does not end an event stream, so a silent one is checked by a cheap conditional GET.
const TRY_STREAM_AGAIN = 30_000;
const REST_AFTER = 45_000;

const spread = (ms) => ms * (0.7 + Math.random() * 0.6);

class Link {
  constructor(options) {
    Object.assign(this, options);
    this.frame = options.frame || options.stream.replace(/stream(\?.*)?$/, "frame.json");
    this.revision = options.revision ?? null;
    this.etag = null;
    this.failures = 0;
    this.pollEvery = 3_000;
    this.state = null;
    this.timers = new Set();
    this.closed = false;
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && !this.closed && this.open());
    addEventListener("online", () => !this.closed && this.open());
    addEventListener("offline", () => this.tell("offline"));
    if (options.rests) document.addEventListener("visibilitychange", () => this.seen());
    this.open();
  }

  tell(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState?.(state);
  }

  after(ms, what) {
    const id = setTimeout(() => { this.timers.delete(id); what(); }, ms);
    this.timers.add(id);
    return id;
  }

  stop() {
    this.source?.close();
    this.source = null;
    for (const id of this.timers) clearTimeout(id);
    this.timers.clear();
  }

  close() {
    this.closed = true;
    this.stop();
  }

  seen() {
    if (this.closed) return;
    if (document.hidden) this.restTimer = this.after(REST_AFTER, () => this.stop());
    else if (!this.source && this.timers.size === 0) this.open();
    else if (this.restTimer) { clearTimeout(this.restTimer); this.timers.delete(this.restTimer); }
  }

  take(frame, fromStream) {
    // A slow answer to a poll must not overwrite what the stream has brought meanwhile.
    if (!fromStream && this.source?.readyState === EventSource.OPEN && this.revision !== null && frame.revision < this.revision) return;
    if (frame.revision === this.revision && this.shown) return;
    this.revision = frame.revision;
    this.shown = true;
    this.onFrame(frame);
  }

  open() {
    this.stop();
    if (this.state === null) this.tell("connecting");
    const join = this.stream.includes("?") ? "&" : "?";
    const source = new EventSource(this.revision === null ? this.stream : `${this.stream}${join}after=${this.revision}`);
    this.source = source;
    source.addEventListener("open", () => {
      this.failures = 0;
      this.tell("live");
      this.watch();
    });
    source.addEventListener("frame", (event) => {
      this.take(JSON.parse(event.data), true);
      this.tell("live");
      this.watch();
    });
    source.addEventListener("error", () => {
      this.failures += 1;
      if (source.readyState === EventSource.CLOSED) { this.source = null; this.refused(); }
      else if (this.failures > 1) this.tell("offline"); // The browser itself tries again; a single hiccup is not shown.
      else this.after(2_500, () => source.readyState !== EventSource.OPEN && this.tell("offline"));
    });
  }

  watch() {
    clearTimeout(this.watchTimer);
    this.timers.delete(this.watchTimer);
    this.watchTimer = this.after(spread(QUIET_CHECK), async () => {
      const before = this.revision;
      const answer = await this.fetchFrame();
      if (answer === "failed") { this.tell("offline"); this.after(spread(2_000), () => this.open()); }
      else if (this.revision !== before) this.open(); // The stream missed a frame: it is dead without knowing it.
      else this.watch();
    });
  }

  /** The stream was refused for good: learn the poll rate where the server names one, then poll. */
  async refused() {
    const stop = new AbortController();
    try {
      const answer = await fetch(this.stream, { signal: stop.signal, headers: { Accept: "application/json" } });
      if (answer.status === 503 || answer.status === 429) {
        const said = await answer.json().catch(() => ({}));
        if (said.poll) this.pollEvery = said.poll * 1000;
      }
    } catch { /* No network: the poll below finds out and backs off. */ }
    stop.abort();
    if (this.closed) return;
    this.after(spread(TRY_STREAM_AGAIN), () => this.open());
    this.poll();
  }

  async poll() {
    const answer = await this.fetchFrame();
    if (this.closed || this.source) return;
    this.failures = answer === "failed" ? this.failures + 1 : 0;
    this.tell(answer === "failed" ? "offline" : "polling");
    const wait = Math.min(this.pollEvery * 2 ** Math.min(this.failures, 4), 30_000);
    this.after(spread(wait), () => this.poll());
  }

  async fetchFrame() {
    try {
      const headers = this.etag ? { "If-None-Match": this.etag } : {};
      const answer = await fetch(this.frame, { headers, cache: "no-store" });
      if (answer.status === 304) return "same";
      if (!answer.ok) return "failed";
      this.etag = answer.headers.get("ETag");
      this.take(await answer.json(), false);
      return "new";
    } catch {
      return "failed";
    }
  }
}

export function listen(options) {
  return new Link(options);
}

/** GET a JSON address and remember its ETag: resolves to the object, or to null when nothing changed or nothing came. */
export function remembering(address) {
  let etag = null;
  return async () => {
    try {
      const answer = await fetch(address, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (!answer.ok) return null;
      etag = answer.headers.get("ETag");
      return await answer.json();
    } catch {
      return null;
    }
  };
}
