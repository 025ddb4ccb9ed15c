/** A page of the form: saves its fields by itself, shows when, keeps what cannot be sent, asks where two devices differ. */

import { say } from "../js/words.js";
import { Autosave, onDevice } from "./autosave.js";
import { startCountdowns } from "./countdown.js";
import { startUploads } from "./uploads.js";

const form = document.getElementById("form");
const shown = document.getElementById("saved");
const fields = new Map([...document.querySelectorAll("[data-saved]")].filter((each) => !each.disabled).map((each) => [each.dataset.saved, each]));

const valueOf = (each) => (each.type === "checkbox" ? (each.checked ? each.value : "") : each.value);

/** What the server sent, whatever was typed before this script came. */
function sentValue(each) {
  if (each.type === "checkbox") return each.defaultChecked ? each.value : "";
  if (each.tagName === "SELECT") return [...each.options].find((option) => option.defaultSelected)?.value ?? "";
  return each.defaultValue;
}

function put(name, value) {
  const each = fields.get(name);
  if (each.type === "checkbox") each.checked = value !== "";
  else each.value = value;
  grow(each);
}

/** A long line takes as many rows as it needs, where the browser does not do it by itself. */
function grow(each) {
  if (each.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
  each.style.height = "auto";
  each.style.height = `${each.scrollHeight}px`;
}

const icons = Object.fromEntries([...document.querySelectorAll("#icons [data-icon]")].map((each) => [each.dataset.icon, each.innerHTML]));

function state(name, { time, message } = {}) {
  if (name === "saved" && time === undefined && shown.dataset.state === "saved") return;
  shown.dataset.state = name;
  if (name === "saved" && time) shown.dataset.time = time;
  const words = say(name, { time: shown.dataset.time || "" });
  if (name === "refused") explain(message);
  shown.innerHTML = icons[name] || icons.offline;
  shown.append(Object.assign(document.createElement("span"), { className: "saved__words", textContent: words }));
}

/** Why the server takes nothing, on top of the page: the deadline has passed, or the form is open elsewhere no more. */
function explain(message) {
  document.getElementById("refused")?.remove();
  if (!message) return;
  const box = Object.assign(document.createElement("div"), { id: "refused", className: "notice notice--bad" });
  box.setAttribute("role", "alert");
  box.innerHTML = icons.refused;
  box.append(Object.assign(document.createElement("p"), { textContent: message }));
  document.querySelector(".column").prepend(box);
}

async function send(message) {
  const response = await fetch(form.dataset.autosave, {
    method: "POST", body: JSON.stringify(message), signal: AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
  });
  return { status: response.status, json: await response.json() };
}

/** Under the field: what the other device has, and two buttons. */
function ask(name, theirs) {
  const body = fields.get(name).closest(".cell__body");
  body.querySelector(".cell__theirs")?.remove();
  const line = Object.assign(document.createElement("p"), { className: "cell__theirs" });
  line.setAttribute("role", "alert");
  line.append(Object.assign(document.createElement("span"), { textContent: say("theirs", { text: theirs || say("empty") }) }));
  for (const [mine, words] of [[true, "keep_mine"], [false, "use_theirs"]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary", textContent: say(words) });
    button.addEventListener("click", () => {
      const value = autosave.settle(name, mine);
      if (!mine) put(name, value);
      line.remove();
      fields.get(name).focus();
    });
    line.append(button);
  }
  body.append(line);
}

const stored = Object.fromEntries([...fields].map(([name, each]) => [name, each.dataset.base ?? sentValue(each)]));
const autosave = new Autosave({
  version: Number(form.dataset.version), stored, send, keep: onDevice(form.dataset.registration),
  onState(name, details) {
    form.elements.version.value = String(autosave.version);
    state(name, details);
    for (const [field, theirs] of Object.entries(details.fields || {})) ask(field, theirs);
  },
  onAnswers(answers) {
    for (const name of fields.keys()) if (autosave.follow(name, answers[name] || "")) put(name, answers[name] || "");
  },
});

if (!("locked" in form.dataset)) {
  for (const [name, each] of fields) {
    each.addEventListener("input", () => {
      grow(each);
      autosave.typed(name, valueOf(each), each.type === "checkbox" || each.tagName === "SELECT");
    });
    each.addEventListener("blur", () => autosave.waiting.includes(name) && autosave.plan(0));
    grow(each);
  }
  const kept = autosave.restore();
  for (const [name, each] of fields) {
    if (valueOf(each) !== sentValue(each)) autosave.typed(name, valueOf(each));
    else if (name in kept) put(name, kept[name]);
  }
  if (autosave.waiting.length) autosave.plan(0);
  window.addEventListener("online", () => autosave.plan(0));
  window.addEventListener("offline", () => autosave.waiting.length && state("offline"));
  document.addEventListener("registration:version", (event) => {
    autosave.version = Math.max(autosave.version, event.detail);
    form.elements.version.value = String(autosave.version);
  });
  form.addEventListener("submit", leave);
}

/** Before the page goes on, what is typed is saved; without a network one stays, and loses nothing. */
async function leave(event) {
  if (form.dataset.leaving) return;
  event.preventDefault();
  const button = event.submitter;
  await autosave.flush();
  await new Promise((done) => setTimeout(done)); // A form that is being submitted cannot be submitted again.
  if (autosave.failures || !navigator.onLine) return state("offline");
  if (Object.keys(autosave.conflicts).length) return document.querySelector(".cell__theirs button")?.focus();
  form.dataset.leaving = "1";
  form.requestSubmit(button);
}

window.addEventListener("pageshow", () => delete form.dataset.leaving);
startUploads();
startCountdowns();
document.getElementById("errors")?.focus();
