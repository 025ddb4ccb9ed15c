/* The trial: what is typed is computed by the server at once, by the rules as they stand on the left. */

import { say } from "../js/words.js";

const WAIT = 350;

export function startTrial(trial, editing) {
  const marks = document.getElementById("trial-marks");
  const result = document.getElementById("trial-result");
  let timer = 0, turn = 0;

  function question(act) {
    const sent = new FormData(trial);
    const form = editing();
    if (form) {
      sent.append("source", form.dataset.source);
      for (const [name, value] of new FormData(form)) {
        if (!["csrf_token", "round", "seen", "file"].includes(name)) sent.append(name, value);
      }
    }
    if (act) sent.append("act", act);
    return sent;
  }

  function strike(leftOut) {
    for (const tile of marks.querySelectorAll("[data-tile]")) {
      const judge = tile.dataset.judge || tile.closest("[data-judge]").dataset.judge;
      const away = trial.elements.namedItem(`x-${judge}`)?.checked;
      const side = away ? "absent" : leftOut[tile.dataset.tile];
      tile.classList.toggle("tile--out", Boolean(side));
      tile.querySelector("[data-side]").textContent = side ? say(side) : "";
    }
  }

  function wrong(errors) {
    for (const field of marks.querySelectorAll("input, select")) {
      const bad = field.name in errors;
      field.classList.toggle("is-invalid", bad);
      if (bad) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  /** The server's own fragment takes the old one's place; whoever was typing in it stays where they were. */
  function replaceMarks(html) {
    const here = document.activeElement, id = marks.contains(here) ? here.id : "";
    marks.innerHTML = html;
    if (id) document.getElementById(id)?.focus();
  }

  async function ask(act) {
    const mine = ++turn;
    result.classList.add("is-waiting");
    try {
      const answer = await fetch(trial.action, { method: "POST", body: question(act), headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (mine !== turn) return;
      // Without a result the rules on the left are being put right: their own errors say so there.
      if (told.marks) replaceMarks(told.marks);
      if (told.result) {
        result.innerHTML = told.result;
        wrong(answer.ok ? {} : told.errors);
        if (answer.ok) strike(told.left_out);
      }
    } catch {
      /* Offline: what stands there is the last result, greyed, until the next try. */
      return;
    }
    result.classList.remove("is-waiting");
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => ask(""), WAIT);
  }

  trial.addEventListener("input", later);
  trial.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    ask(event.submitter?.name === "act" ? event.submitter.value : "");
  });
  return { later };
}
