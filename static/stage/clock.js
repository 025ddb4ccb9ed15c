/* The clock in the contest's time zone, and the small picture that moves on as the big screen does. */

export function startClock(node) {
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: node.dataset.zone };
  const form = new Intl.DateTimeFormat("en-GB", options);
  const tick = () => {
    const now = new Date();
    node.textContent = form.format(now);
    node.dateTime = now.toISOString();
    setTimeout(tick, 1000 - now.getMilliseconds());
  };
  tick();
}

const seen = new Map(); // When this page first showed a scene that moves on by itself, by the instant it began.
let timer = null;

/** In automatic mode the screen goes from the score to the ranking by itself; the picture does the same. */
export function playPreview() {
  clearTimeout(timer);
  const picture = document.querySelector(".preview");
  if (!picture?.dataset.then) return;
  const { since, then, after } = picture.dataset;
  const age = Date.now() - Date.parse(since);
  if (!seen.has(since)) seen.set(since, Date.now() - Math.max(0, Math.min(age, after * 1000)));
  const rest = seen.get(since) + after * 1000 - Date.now();
  if (rest > 0) { timer = setTimeout(playPreview, rest + 50); return; }
  picture.dataset.scene = then;
  const name = document.querySelector("[data-slot=scene-name]");
  const tile = document.querySelector(`.scene-tile[value="${then}"] span`);
  if (name && tile) name.textContent = tile.textContent;
}
