/** Choose the 3:4 part of a photo: drag it, zoom it with the slider, two fingers or the wheel, or use the arrow keys. */

const LEAST = { width: 600, height: 800 };
const STEP = 12;

/** A part of the picture as {crop: "left,top,right,bottom"} in shares of 1; {small: "320×240"}; null where one gave up. */
export async function choosePart(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return { crop: "" }; // Not a picture that this browser reads: the server says what it is.
  }
  if (picture.width < LEAST.width || picture.height < LEAST.height) return { small: `${picture.width}×${picture.height}` };
  const part = await new Cropping(picture).ask();
  picture.close();
  return part;
}

class Cropping {
  constructor(picture) {
    this.picture = picture;
    this.dialog = document.getElementById("crop").content.firstElementChild.cloneNode(true);
    this.canvas = this.dialog.querySelector("canvas");
    this.slider = this.dialog.querySelector("input[type=range]");
    this.pointers = new Map();
    // At zoom 1 the frame is as large as the picture allows; the closest keeps 600×800 of it.
    this.whole = Math.min(picture.width / 3, picture.height / 4);
    this.most = Math.max(1, this.whole / (LEAST.width / 3));
    this.zoom = 1;
    this.middle = { x: picture.width / 2, y: picture.height / 2 };
  }

  get box() {
    const width = (3 * this.whole) / this.zoom;
    const height = (4 * this.whole) / this.zoom;
    return { width, height, left: this.middle.x - width / 2, top: this.middle.y - height / 2 };
  }

  ask() {
    this.slider.max = String(this.most);
    this.slider.disabled = this.most < 1.01;
    this.slider.addEventListener("input", () => this.zoomTo(Number(this.slider.value)));
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, event);
    });
    this.canvas.addEventListener("pointermove", (event) => this.moved(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomTo(this.zoom * (event.deltaY < 0 ? 1.08 : 1 / 1.08));
    }, { passive: false });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.draw();
    return new Promise((resolve) => {
      this.dialog.querySelector("[data-use]").addEventListener("click", () => this.dialog.close("use"));
      this.dialog.querySelector("[data-stop]").addEventListener("click", () => this.dialog.close(""));
      this.dialog.addEventListener("close", () => {
        const used = this.dialog.returnValue === "use" ? { crop: this.shares() } : null;
        this.dialog.remove();
        resolve(used);
      });
    });
  }

  shares() {
    const { left, top, width, height } = this.box;
    const { width: across, height: down } = this.picture;
    return [left / across, top / down, (left + width) / across, (top + height) / down].map((share) => Math.min(1, Math.max(0, share)).toFixed(6)).join(",");
  }

  moved(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    if (this.pointers.size === 2) {
      const other = [...this.pointers.values()].find((each) => each.pointerId !== event.pointerId);
      const apart = (each) => Math.hypot(each.clientX - other.clientX, each.clientY - other.clientY);
      this.pointers.set(event.pointerId, event);
      return this.zoomTo((this.zoom * apart(event)) / Math.max(1, apart(before)));
    }
    this.pointers.set(event.pointerId, event);
    return this.shift(before.clientX - event.clientX, before.clientY - event.clientY);
  }

  key(event) {
    const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!way) return;
    event.preventDefault();
    this.shift(...way);
  }

  /** Move the frame by so many pixels of the screen. */
  shift(x, y) {
    const scale = this.box.width / this.canvas.clientWidth;
    this.middle = { x: this.middle.x + x * scale, y: this.middle.y + y * scale };
    this.draw();
  }

  zoomTo(zoom) {
    this.zoom = Math.min(this.most, Math.max(1, zoom));
    this.slider.value = String(this.zoom);
    this.draw();
  }

  draw() {
    const { width, height } = this.box;
    this.middle.x = Math.min(this.picture.width - width / 2, Math.max(width / 2, this.middle.x));
    this.middle.y = Math.min(this.picture.height - height / 2, Math.max(height / 2, this.middle.y));
    const { left, top } = this.box;
    this.canvas.getContext("2d").drawImage(this.picture, left, top, width, height, 0, 0, this.canvas.width, this.canvas.height);
  }
}
