/* What this device can do, measured here and written into the lines of the page. */

import { mayWorkOffline, trusts } from "./asking.js";

const words = JSON.parse(document.getElementById("words").textContent);
const TRIES = 5;

function tell(id, word, look) {
  const pill = document.querySelector(`[data-check="${id}"] [data-slot="pill"]`);
  if (!pill) return;
  pill.textContent = word;
  pill.className = `pill${look ? ` pill--${look}` : ""}`;
}

const yesOrNo = (id, has) => tell(id, has ? words.yes : words.no, has ? "done" : "due");

/** The middle of several round trips, in milliseconds; null where the server does not answer. */
async function latency() {
  const took = [];
  for (let at = 0; at < TRIES; at += 1) {
    const began = performance.now();
    try {
      const answer = await fetch("/health", { cache: "no-store" });
      if (!answer.ok) return null;
    } catch {
      return null;
    }
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b)[Math.floor(TRIES / 2)];
}

function storage() {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open("lectern-status");
      request.onsuccess = () => { request.result.close(); indexedDB.deleteDatabase("lectern-status"); resolve(true); };
      request.onerror = () => resolve(false);
      request.onblocked = () => resolve(false);
    } catch {
      resolve(false);
    }
  });
}

const ratio = devicePixelRatio || 1;
tell("screen", `${screen.width}×${screen.height}${ratio === 1 ? "" : ` @${Number(ratio.toFixed(2))}×`}`, "new");
yesOrNo("secure", isSecureContext);
yesOrNo("camera", Boolean(navigator.mediaDevices?.getUserMedia));
yesOrNo("wake", "wakeLock" in navigator);
mayWorkOffline(document.querySelector("[data-probe]").dataset.probe).then((may) => yesOrNo("offline", may));
const plain = document.querySelector("[data-check-url]");
if (plain) {
  trusts(plain.dataset.checkUrl).then((yes) => {
    plain.querySelector("[data-slot=trusts]").textContent = yes ? words.trusts : words.trusts_not;
  });
}
yesOrNo("notice", isSecureContext && "Notification" in window);
storage().then((has) => yesOrNo("storage", has));
latency().then((ms) => {
  if (ms === null) tell("latency", words.lost, "bad");
  else tell("latency", words.ms.replace("{ms}", String(Math.max(1, Math.round(ms)))), ms < 500 ? "done" : "due");
});
