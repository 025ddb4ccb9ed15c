/* The countdown on a contest's card: days, hours and minutes until the instant in data-until, by this device's clock. */

const node = document.querySelector("[data-until]");

function show() {
  const left = Math.max(0, Math.floor((new Date(node.dataset.until) - Date.now()) / 60_000));
  const parts = { days: Math.floor(left / 1440), hours: Math.floor((left % 1440) / 60), minutes: left % 60 };
  for (const [name, value] of Object.entries(parts)) {
    node.querySelector(`[data-part="${name}"]`).textContent = name === "days" ? value : String(value).padStart(2, "0");
  }
  // The button belongs to a state of the contest that has just ended: the page knows the next one.
  if (left === 0) setTimeout(() => location.reload(), 20_000 + Math.random() * 40_000);
  else setTimeout(show, 15_000);
}

if (node && new Date(node.dataset.until) > Date.now()) setTimeout(show, 1_000);
