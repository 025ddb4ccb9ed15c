/** Text size and lights-off: a device's own choice, kept on it. */

const SIZES = ["normal", "large", "larger"];
const KEY = "lectern.pad.display";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

function keep(choice) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), ...choice }));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export class Display {
  /** sizes, lights: lists of buttons · onChange({size, dark}) */
  constructor({ sizes, lights, onChange }) {
    Object.assign(this, { sizes, lights, onChange });
    const { size, dark } = kept();
    this.size = SIZES.includes(size) ? size : "normal";
    this.dark = dark === true;
    for (const button of sizes) button.addEventListener("click", () => this.larger());
    for (const button of lights) button.addEventListener("click", () => this.switchLights());
    this.apply();
  }

  apply() {
    const root = document.documentElement;
    root.dataset.text = this.size;
    root.dataset.bsTheme = this.dark ? "stage" : "light";
    for (const button of this.lights) button.setAttribute("aria-pressed", String(this.dark));
    this.onChange?.({ size: this.size, dark: this.dark });
  }

  larger() {
    this.size = SIZES[(SIZES.indexOf(this.size) + 1) % SIZES.length];
    keep({ size: this.size });
    this.apply();
  }

  switchLights() {
    this.dark = !this.dark;
    keep({ dark: this.dark });
    this.apply();
  }
}
