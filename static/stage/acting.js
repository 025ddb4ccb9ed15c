/* One press, one effect: a form is sent once; what the server says stands beside it, and nothing typed is lost. */

import { has, say } from "../js/words.js";

const STAYS = 4_000;
const STAYS_WITH_UNDO = 8_000;

/** The id of this press. It stays the same until the press has been answered, so that a repeat counts once. */
export function pressOf(form) {
  const field = form.querySelector("input[name=press]");
  if (field && !field.value) field.value = newId();
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** Sends a form; resolves to whether it had its effect. `after` runs once an undo has had its own. */
export async function sendAct(form, button, csrf, after) {
  if (form.dataset.sending) return false;
  form.dataset.sending = "true";
  const buttons = [...form.querySelectorAll("button")].filter((each) => !each.disabled);
  // Pressed by hand, a button gives the focus back to the page: the next space bar is the clock's, not its own again.
  const focused = document.activeElement === button && button.matches(":focus-visible");
  pressOf(form);
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  for (const each of buttons) each.disabled = true;
  tell(form, "");
  try {
    const answer = await fetch(button?.getAttribute("formaction") || form.action, {
      method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": csrf },
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const code = said.error?.code ?? "other";
      tell(form, said.error?.message || say(has(`errors.${code}`) ? `errors.${code}` : "errors.other"));
      return false;
    }
    if (!("quiet" in form.dataset)) toast(said.message, said.undo && (() => takeBack(said.undo, csrf, after)));
    finish(form);
    return true;
  } catch {
    tell(form, say("errors.network"));
    return false;
  } finally {
    delete form.dataset.sending;
    for (const each of buttons) each.disabled = false;
    // A disabled button loses the focus; a button that a key pressed from elsewhere never had it.
    if (focused && button?.isConnected && document.activeElement === document.body) button.focus();
  }
}

function finish(form) {
  form.reset();
  const press = form.querySelector("input[name=press]");
  if (press) press.value = "";
  const details = form.closest("details");
  if (details) details.open = false;
}

function tell(form, text) {
  let line = form.querySelector(".act-error");
  if (!text) return line?.remove();
  if (!line) {
    line = document.createElement("p");
    line.className = "act-error";
    line.setAttribute("role", "alert");
    form.append(line);
  }
  line.textContent = text;
  line.scrollIntoView({ block: "nearest" });
}

async function takeBack(undo, csrf, after) {
  try {
    const answer = await fetch(undo.url, {
      method: "POST", body: new URLSearchParams(undo.fields), headers: { Accept: "application/json", "X-CSRFToken": csrf },
    });
    const said = await answer.json().catch(() => ({}));
    toast(answer.ok ? said.message : said.error?.message || say("errors.other"));
    after?.();
  } catch {
    toast(say("errors.network"));
  }
}

function toast(text, undo) {
  if (!text) return;
  const line = document.createElement("div");
  line.className = "toast-line";
  line.textContent = text;
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-line__undo";
    button.textContent = say("undo");
    button.addEventListener("click", () => { line.remove(); undo(); });
    line.append(button);
  }
  document.getElementById("toasts").replaceChildren(line);
  setTimeout(() => line.remove(), undo ? STAYS_WITH_UNDO : STAYS);
}
