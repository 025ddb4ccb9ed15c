/** The time that is left when a deadline is near, counted down. */

export function startCountdowns() {
  for (const line of document.querySelectorAll("[data-until]")) {
    const until = Date.parse(line.dataset.until);
    const show = () => {
      const seconds = Math.max(0, Math.floor((until - Date.now()) / 1000));
      const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
      line.querySelector("[data-left]").textContent = parts.map((each) => String(each).padStart(2, "0")).join(":");
      line.hidden = false;
    };
    show();
    setInterval(show, 1000);
  }
}
