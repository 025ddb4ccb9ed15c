/* The rules of marking: what is changed saves itself as a draft and is tried at once. Without it the forms do both. */

import { say } from "../js/words.js";
import { startRows } from "./rubric-rows.js";
import { startTrial } from "./rubric-trial.js";

const WAIT = 700, RETRY = 5000;
const form = document.getElementById("rubric-form") || document.getElementById("file-form");
const pill = document.getElementById("saved");
const moved = document.getElementById("moved");
let timer = 0, running = false, again = false, unsaved = false, stopped = false;

document.documentElement.classList.add("has-script");

function tell(state, text) {
  pill.hidden = !text;
  pill.dataset.state = state;
  pill.className = `pill ${{ saved: "pill--done", saving: "", unsaved: "pill--bad", offline: "pill--due" }[state]}`;
  pill.querySelector("span").textContent = text;
}

/** What the server says is wrong stands at its field; `errors` maps a field's name to its sentence. */
function showErrors(errors) {
  for (const old of form.querySelectorAll("[data-live-error]")) old.remove();
  for (const field of form.querySelectorAll(".is-invalid")) {
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
    if (field.getAttribute("aria-describedby")?.endsWith("-live")) field.removeAttribute("aria-describedby");
  }
  const line = document.getElementById("text-error");
  if (line) line.hidden = !errors.text;
  for (const [name, sentence] of Object.entries(errors)) {
    const field = form.elements.namedItem(name);
    if (line && name === "text") {
      line.querySelector("span").textContent = sentence;
      field.classList.add("is-invalid");
      continue;
    }
    const said = document.createElement("p");
    said.className = "field-error";
    said.dataset.liveError = "";
    said.id = `${name}-live`;
    said.textContent = sentence;
    if (field instanceof Element) {
      field.classList.add("is-invalid");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", said.id);
      (field.closest(".unit-field") || field).insertAdjacentElement("afterend", said);
    } else form.prepend(said);
  }
}

function chips(list, texts) {
  list?.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

function follow(answer) {
  for (const seen of document.querySelectorAll("input[name=seen]")) seen.value = answer.tag;
  for (const button of document.querySelectorAll("[data-needs-draft]")) {
    if (answer.differs) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
  }
  document.querySelector("[data-drop]").hidden = !answer.tag;
  const version = document.querySelector("[data-version]");
  version.textContent = answer.differs ? version.dataset.draft : version.dataset.counts;
  version.classList.toggle("pill--done", !answer.differs);
  if (form.id === "file-form") {
    if (answer.described) document.getElementById("described").innerHTML = answer.described;
    return;
  }
  const rows = [...form.querySelectorAll("[data-row]")].filter((row) => row.querySelector(".plain-field--title").value.trim());
  rows.forEach((row, at) => {
    if (answer.codes.length === rows.length) row.querySelector("[data-code]").value = answer.codes[at];
    chips(row.querySelector("[data-bands]"), answer.bands[at] || []);
  });
  chips(form.querySelector("[data-penalties]"), answer.penalties);
  chips(form.querySelector("[data-ties]"), answer.ties);
  form.querySelector("[data-least]").textContent = answer.least;
}

async function save() {
  if (stopped) return;
  if (running) { again = true; return; }
  running = true;
  again = false;
  tell("saving", say("saving"));
  const sent = new FormData(form);
  sent.delete("file");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (answer.ok) {
      unsaved = false;
      // What was typed meanwhile is read by the next save; its row codes are not those of this answer.
      if (!again) { showErrors({}); }
      follow(again ? { ...told, codes: [] } : told);
      tell("saved", told.saved ? say("saved", { time: told.saved }) : "");
    } else if (told.moved) {
      stopped = true;
      moved.hidden = false;
      moved.querySelector("span").textContent = told.errors.form;
      tell("unsaved", say("unsaved", { count: 1 }));
    } else if (told.errors) {
      showErrors(told.errors);
      tell("unsaved", say("unsaved", { count: Object.keys(told.errors).length }));
    } else {
      showErrors({ form: told.error?.message || "" });
      tell("unsaved", say("unsaved", { count: 1 }));
    }
  } catch {
    tell("offline", say("offline"));
    clearTimeout(timer);
    timer = setTimeout(save, RETRY);
  }
  running = false;
  if (again) save();
}

const trial = startTrial(document.getElementById("trial-form"), () => (form && !stopped ? form : null));

function changed() {
  unsaved = true;
  clearTimeout(timer);
  timer = setTimeout(() => { save(); trial.later(); }, WAIT);
}

if (form) {
  if (form.id === "rubric-form") startRows(form, changed);
  form.addEventListener("input", (event) => { if (event.target.type !== "file") changed(); });
  form.addEventListener("submit", (event) => {
    const upload = form.querySelector("input[type=file]");
    if (upload?.files.length) { unsaved = false; return; }
    event.preventDefault();
    clearTimeout(timer);
    unsaved = true;
    save().then(() => trial.later());
  });
}

for (const button of document.querySelectorAll("[data-needs-draft]")) {
  button.addEventListener("click", (event) => {
    if (button.getAttribute("aria-disabled") === "true" || unsaved) event.preventDefault();
    if (unsaved) save();
  });
}

addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".from-preset[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
