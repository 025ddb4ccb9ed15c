/* The server's time on this device: its clock may be wrong by minutes, and a talk is timed in seconds. */

const EVERY = 60_000;
let offset = 0; // server minus device, milliseconds
let best = Infinity; // the shortest round trip so far, whose answer is the truest

/** The server's time now, in milliseconds. */
export const serverNow = () => Date.now() + offset;

async function ask(address) {
  const sent = Date.now();
  try {
    const answer = await fetch(address, { cache: "no-store" });
    const came = Date.now();
    const { now } = await answer.json();
    // A trip that took far longer than the best one tells less than what is known already.
    if (came - sent > best * 2 + 20) return;
    best = came - sent;
    offset = now - (sent + came) / 2;
  } catch { /* Offline: what was known last goes on. */ }
}

/** Keeps the offset fresh; resolves when the first answer is in. */
export async function keepTime(address) {
  setInterval(() => { best *= 1.5; ask(address); }, EVERY);
  await ask(address);
  ask(address);
}

/** Seconds as a clock shows them: 4:06. */
export function reading(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
