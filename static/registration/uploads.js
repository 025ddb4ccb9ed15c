/** File slots: one button picks and sends a file, a bar shows how far it is, a cut upload is tried again with one press. */

import { say } from "../js/words.js";
import { choosePart } from "./crop.js";

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

export function startUploads(root = document) {
  for (const form of root.querySelectorAll("form[data-upload]")) new Slot(form);
}

class Slot {
  constructor(form) {
    this.form = form;
    this.cell = form.closest("[data-slot]");
    this.input = form.elements.file;
    this.button = form.querySelector(".file__send");
    this.going = form.querySelector(".file__going");
    this.fault = this.cell.querySelector(".file__fault");
    form.classList.add("file--scripted");
    this.input.tabIndex = -1;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.pick();
    });
    this.button.type = "button";
    this.button.addEventListener("click", () => (this.again ? this.send(this.again) : this.pick()));
    this.input.addEventListener("change", () => this.input.files[0] && this.chosen(this.input.files[0]));
    form.querySelector(".file__stop").addEventListener("click", () => this.request?.abort());
  }

  pick() {
    this.input.value = "";
    this.input.click();
  }

  async chosen(file) {
    this.say("");
    const most = Number(this.form.dataset.most);
    if (file.size > most) return this.say(say("too_large", { size: megabytes(file.size), most: megabytes(most) }));
    if (this.form.dataset.upload === "photo") {
      const part = await choosePart(file);
      if (part === null) return this.button.focus();
      if (part.small) return this.say(say("too_small", { found: part.small, wanted: "600×800" }));
      this.form.elements.crop.value = part.crop;
    }
    return this.send(file);
  }

  send(file) {
    const body = new FormData(this.form);
    body.set("file", file);
    const request = (this.request = new XMLHttpRequest());
    const bar = this.going.querySelector("progress");
    const said = this.going.querySelector(".file__said");
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.total ? (100 * event.loaded) / event.total : 0;
      said.textContent = event.loaded >= event.total ? say("checking") : say("sending", { done: megabytes(event.loaded), all: megabytes(event.total) });
    });
    request.addEventListener("load", () => this.answered(request.status, request.response || {}));
    for (const cut of ["error", "timeout"]) request.addEventListener(cut, () => this.cut(file));
    request.addEventListener("abort", () => this.ended());
    this.say("");
    this.going.hidden = false;
    this.button.hidden = true;
    this.again = null;
    request.send(body);
  }

  ended() {
    this.going.hidden = true;
    this.button.hidden = false;
  }

  cut(file) {
    this.ended();
    this.again = file; // The file is chosen still: the next press sends it again.
    this.say(say("cut", { name: file.name }));
    this.button.focus();
  }

  answered(status, answer) {
    this.ended();
    if (status !== 200) return this.say((answer.error && answer.error.message) || say(status === 413 ? "far_too_large" : "not_taken"));
    document.dispatchEvent(new CustomEvent("registration:version", { detail: answer.version }));
    return this.renew();
  }

  /** Show the slot as the server has it now; the rest of the page stays as it is. */
  async renew() {
    const page = await fetch(location.href).then((response) => response.text()).catch(() => "");
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector(`[data-slot="${this.form.dataset.upload}"]`);
    if (!fresh) return location.reload();
    for (const old of document.querySelectorAll(`.error-summary a[href="#${this.form.dataset.upload}"]`)) old.closest("li").remove();
    this.cell.replaceWith(fresh);
    startUploads(fresh);
    return fresh.querySelector(".file__send")?.focus();
  }

  say(words) {
    this.cell.classList.toggle("cell--wrong", words !== "");
    this.fault.replaceChildren();
    if (!words) return;
    const line = Object.assign(document.createElement("p"), { className: "cell__fault" });
    line.innerHTML = document.querySelector("#icons [data-icon=alert]").innerHTML;
    line.append(Object.assign(document.createElement("span"), { textContent: words }));
    this.fault.append(line);
  }
}
