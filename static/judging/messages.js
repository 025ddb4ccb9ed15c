/** The tablet's message: its id, its bytes, the request that carries it and what an answer may look like. */

/** A random UUID (version 4). `crypto.randomUUID` is missing on plain http, where a venue's tablets are. */
export function newId(random = (bytes) => crypto.getRandomValues(bytes)) {
  const bytes = random(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A whole-sheet snapshot as a message; `body` is its bytes, kept as text so that every repeat is the same. */
export function build(record, kind, { id, n, rules, marks, tappedAt, lease }) {
  const sent = {
    id, n, kind, sheet: "mark", round: record.round, entry: record.entry, attempt: record.attempt,
    rules, base: record.base, marks, note: record.note, tapped_at: tappedAt,
    ...(kind === "submit" && record.offered ? { epoch: record.offered } : {}),
  };
  return { id, n, kind, lease, tapped_at: tappedAt, marks, body: JSON.stringify(sent) };
}

/** The request's body: the messages' own bytes, in order. */
export function envelope(lease, messages) {
  return `{"v":1,"lease":${JSON.stringify(lease)},"messages":[${messages.map((message) => message.body).join(",")}]}`;
}

/** First number of a tablet without a counter: seconds since 2026, so that a wiped tablet does not count from below. */
export function firstNumber(nowMs) {
  return Math.max(1, Math.floor(nowMs / 1000) - 1767225600);
}

const RESULTS = new Set(["saved", "submitted", "superseded", "stray", "refused"]);

/** The answers of a 200, or null when this is not our server speaking (a wifi sign-in page, say). */
export function readAnswers(json) {
  if (!json || typeof json.epoch !== "string" || !Array.isArray(json.answers)) return null;
  return json.answers.filter((answer) => answer && typeof answer.id === "string" && RESULTS.has(answer.result));
}

/** Seconds of a Retry-After header, between 1 and 120. */
export function retryAfter(header) {
  const seconds = Number.parseInt(header || "", 10);
  return Number.isFinite(seconds) ? Math.min(120, Math.max(1, seconds)) : 5;
}

/** POSTs one batch → {status, json, after}. Throws when there is no answer within ten seconds. */
export async function post(url, lease, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 10000);
  try {
    const response = await fetch(url, {
      method: "POST", body, signal: stop.signal, credentials: "same-origin", redirect: "error", cache: "no-store",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Lease": lease.secret },
    });
    const json = await response.json().catch(() => null);
    return { status: response.status, json, after: retryAfter(response.headers.get("Retry-After")) };
  } finally {
    clearTimeout(timer);
  }
}
