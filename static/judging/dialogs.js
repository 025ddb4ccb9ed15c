/** The list, the private note and the one soft question, as native dialogs. */

import { h, icon, put } from "./dom.js";

function closes(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

export class NoteDialog {
  /** onNote(text) after every change: the note is kept as it is typed. */
  constructor(dialog, { onNote }) {
    this.dialog = dialog;
    this.field = dialog.querySelector("textarea");
    this.field.addEventListener("input", () => onNote(this.field.value));
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    closes(dialog);
  }

  open(text, writable) {
    this.field.value = text;
    this.field.readOnly = !writable;
    this.dialog.showModal();
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
  }
}

export class Question {
  constructor(dialog) {
    this.dialog = dialog;
    this.text = dialog.querySelector("h2");
    this.more = dialog.querySelector("p");
    this.yes = dialog.querySelector("[data-yes]");
    this.no = dialog.querySelector("[data-no]");
    this.no.addEventListener("click", () => dialog.close("no"));
    this.yes.addEventListener("click", () => dialog.close("yes"));
    closes(dialog);
  }

  /** Asks once; resolves to true only when the judge agrees. */
  ask({ text, more, yes, no }) {
    put(this.text, text);
    put(this.more, more);
    put(this.yes, yes);
    put(this.no, no);
    this.dialog.returnValue = "";
    this.dialog.showModal();
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => resolve(this.dialog.returnValue === "yes"), { once: true });
    });
  }
}

export class Drawer {
  constructor(dialog) {
    this.dialog = dialog;
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    closes(dialog);
  }

  open() {
    this.dialog.showModal();
    this.dialog.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "center" });
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }
}

/** A dark sheet over all marks while somebody stands behind the judge; any touch or key takes it away. */
export class Cover {
  constructor(dialog) {
    this.dialog = dialog;
    dialog.addEventListener("click", () => dialog.close());
  }

  open() {
    this.dialog.showModal();
  }
}

/** One passing line at the bottom; nothing is said there alone that is an error. */
export function toast(text, face = "check") {
  const line = h("div", { class: "toast-line toast-line--passing" }, icon(face), h("span", {}, text));
  document.getElementById("toasts").append(line);
  line.addEventListener("animationend", (event) => event.animationName === "toast-out" && line.remove());
}
