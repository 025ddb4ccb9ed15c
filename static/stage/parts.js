/* Take over the parts of the page that have changed, without losing what is typed, open, scrolled or focused. */

/** Replaces each [data-part] whose HTML differs from what the server sent last; `html` is the whole of the parts.
    Returns whether all were taken over: a part whose form is on its way stays until it has been answered. */
export function swapParts(root, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const grid = root.querySelector("[data-parts]");
  const names = (node) => [...node.querySelectorAll("[data-part]")].map((part) => part.dataset.part).join();
  const kept = remember(grid);
  if (names(grid) !== names(fresh)) {
    // Another set of parts: take the whole grid.
    const next = document.importNode(fresh.querySelector("[data-parts]"), true);
    for (const part of next.querySelectorAll("[data-part]")) part.sent = part.outerHTML;
    grid.replaceWith(next);
    restore(next, kept);
    return true;
  }
  let changed = false, whole = true;
  for (const next of fresh.querySelectorAll("[data-part]")) {
    const old = grid.querySelector(`[data-part="${next.dataset.part}"]`);
    const sent = next.outerHTML;
    if (old.sent === sent) continue;
    if (old.querySelector("form[data-sending]")) { whole = false; continue; }
    const part = document.importNode(next, true);
    part.sent = sent;
    old.replaceWith(part);
    changed = true;
  }
  if (changed) restore(grid, kept);
  return whole;
}

const fields = (form) => [...form.elements].filter((each) => each.name && each.type !== "hidden" && each.tagName !== "BUTTON");

/** What a person did to the page: typed, opened, scrolled, was told, and where the focus stands. */
function remember(root) {
  const kept = { typed: new Map(), open: new Map(), scrolled: new Map(), told: new Map(), focus: null };
  for (const form of root.querySelectorAll("form[data-form]")) {
    kept.typed.set(form.dataset.form, fields(form).map((field) => [field.name, field.value]));
    const line = form.querySelector(".act-error");
    if (line) kept.told.set(form.dataset.form, line);
    const press = form.querySelector("input[name=press]");
    if (press?.value) kept.typed.get(form.dataset.form).push(["press", press.value]);
  }
  for (const each of root.querySelectorAll("[data-keep]")) {
    if (each.tagName === "DETAILS") kept.open.set(each.dataset.keep, each.open);
    else kept.scrolled.set(each.dataset.keep, each.scrollTop);
  }
  const at = document.activeElement;
  if (at && root.contains(at)) kept.focus = { path: pathOf(at), start: at.selectionStart, end: at.selectionEnd };
  return kept;
}

function pathOf(node) {
  if (node.id) return `#${CSS.escape(node.id)}`;
  const form = node.closest("form[data-form]");
  if (!form) return node.getAttribute("href") ? `a[href="${CSS.escape(node.getAttribute("href"))}"]` : null;
  const own = node.value && node.name ? `[name="${CSS.escape(node.name)}"][value="${CSS.escape(node.value)}"]` : "";
  return `form[data-form="${CSS.escape(form.dataset.form)}"] ${node.tagName.toLowerCase()}${own}`;
}

function restore(root, kept) {
  for (const form of root.querySelectorAll("form[data-form]")) {
    for (const [name, value] of kept.typed.get(form.dataset.form) ?? []) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    const line = kept.told.get(form.dataset.form);
    if (line && !form.contains(line)) form.append(line);
  }
  for (const each of root.querySelectorAll("[data-keep]")) {
    const { keep } = each.dataset;
    if (kept.open.has(keep)) each.open = kept.open.get(keep);
    if (kept.scrolled.has(keep)) each.scrollTop = kept.scrolled.get(keep);
  }
  if (!root.contains(document.activeElement)) revealOnStage(root);
  if (!kept.focus?.path || document.activeElement !== document.body) return;
  const at = root.querySelector(kept.focus.path);
  at?.focus({ preventScroll: true });
  if (at && typeof kept.focus.start === "number") at.setSelectionRange?.(kept.focus.start, kept.focus.end);
}

/** Scrolls the running order to who is on stage; nothing around the list moves. */
export function revealOnStage(root) {
  const on = root.querySelector(".order__line--on");
  if (!on?.closest(".order")) return;
  const list = on.closest(".order");
  const line = on.getBoundingClientRect();
  const seen = list.getBoundingClientRect();
  if (line.top < seen.top) list.scrollTop -= seen.top - line.top;
  else if (line.bottom > seen.bottom) list.scrollTop += line.bottom - seen.bottom;
}
