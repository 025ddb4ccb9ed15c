/* What a scan sounds and feels like: two rising notes for yes, two low ones for no, one in between for a question. */

const NOTES = { ok: [[880, 0], [1318, 0.12]], again: [[220, 0], [196, 0.2]], unknown: [[440, 0]], kept: [[587, 0], [587, 0.14]], failed: [[220, 0], [196, 0.2]] };
const SHAKES = { ok: [80], again: [220, 80, 220], unknown: [120, 60, 120], kept: [60, 60, 60], failed: [220, 80, 220] };
let audio = null;

// Browsers let a page sound only after it was touched.
for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => { audio ??= "AudioContext" in window ? new AudioContext() : null; }, { once: true });

/** Ring for a verdict; silent where the device cannot. */
export function ring(kind) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[kind]);
  if (!audio) return;
  for (const [pitch, after] of NOTES[kind]) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    const at = audio.currentTime + after;
    tone.type = kind === "ok" ? "sine" : "square";
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(kind === "ok" ? 0.25 : 0.12, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.16);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.17);
  }
}
