/* The rows of criteria: added, removed, moved by buttons or by dragging; their fields are numbered anew each time. */

import { say } from "../js/words.js";

const NUMBERED = ["id", "name", "for", "aria-describedby"];

export function startRows(form, changed) {
  const list = form.querySelector("[data-rows]");
  const most = Number(list.dataset.mostRows);
  const adds = form.querySelector("[data-act=add]");
  const said = document.getElementById("said");
  const rows = () => [...list.children];
  const title = (row) => row.querySelector(".plain-field--title");

  function number() {
    rows().forEach((row, at) => {
      for (const node of row.querySelectorAll("[id], [name], [for]")) {
        for (const name of NUMBERED) {
          const value = node.getAttribute(name);
          if (value) node.setAttribute(name, value.replace(/-criterion-\d+-/, `-criterion-${at}-`));
        }
      }
      for (const button of row.querySelectorAll("[data-act]")) button.value = `${button.dataset.act}:${at}`;
      row.querySelector("[data-act=up]").disabled = at === 0;
      row.querySelector("[data-act=down]").disabled = at === rows().length - 1;
      row.querySelector("[data-act=remove]").disabled = rows().length === 1;
    });
    adds.hidden = rows().length >= most;
  }

  function arranged() {
    number();
    // The total beside the heading listens to the form's own input events.
    list.dispatchEvent(new Event("input", { bubbles: true }));
    changed();
  }

  function tellPlace(row) {
    said.textContent = `${title(row).value} ${say("moved", { place: rows().indexOf(row) + 1 })}`;
  }

  const acts = {
    add() {
      const row = document.getElementById("new-row").content.firstElementChild.cloneNode(true);
      row.classList.add("is-new");
      list.append(row);
      number();
      title(row).focus();
    },
    remove(row) {
      const next = row.nextElementSibling || row.previousElementSibling;
      said.textContent = say("removed", { title: title(row).value });
      row.remove();
      arranged();
      title(next).focus();
    },
    up(row, button) {
      row.previousElementSibling?.before(row);
      arranged();
      tellPlace(row);
      (button.disabled ? row.querySelector("[data-act=down]") : button).focus();
    },
    down(row, button) {
      row.nextElementSibling?.after(row);
      arranged();
      tellPlace(row);
      (button.disabled ? row.querySelector("[data-act=up]") : button).focus();
    },
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button) return;
    event.preventDefault();
    acts[button.dataset.act](button.closest("[data-row]"), button);
  });
  // Enter in a field saves; it must not press the first button of the first row.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); changed(); }
  });

  let dragged = null;
  form.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-handle]")?.closest("[data-row]");
    if (!row || event.button) return;
    event.preventDefault();
    dragged = row;
    row.classList.add("is-dragged");
    form.setPointerCapture(event.pointerId);
  });
  form.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const over = rows().find((row) => {
      const box = row.getBoundingClientRect();
      return row !== dragged && event.clientY > box.top && event.clientY < box.bottom;
    });
    if (!over) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    form.addEventListener(end, () => {
      if (!dragged) return;
      dragged.classList.remove("is-dragged");
      const row = dragged;
      dragged = null;
      arranged();
      tellPlace(row);
    });
  }
  number();
}
