/** Elements in one line, icons from the page's own set, text written only where it changed. */

/** h("button", {class: "key", onclick: f, "data-key": "7"}, "7") */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A copy of an icon of the template's icon store. */
export function icon(name) {
  const found = document.getElementById("icons").content.querySelector(`[data-icon="${name}"] > svg`);
  return found ? found.cloneNode(true) : document.createTextNode("");
}

export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

export function mark(node, name, value) {
  const text = value === null || value === undefined || value === false ? null : String(value);
  if (text === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** Replaces the children only when `key` says that they differ from what is there. */
export function fillOnce(node, key, make) {
  if (node.dataset.made === key) return;
  node.dataset.made = key;
  node.replaceChildren(...make().filter(Boolean));
}

/** A key that a finger presses keeps the focus where it is, so that a keyboard's Enter never repeats it. */
export function keepsFocus(node) {
  node.addEventListener("pointerdown", (event) => event.preventDefault());
  node.addEventListener("mousedown", (event) => event.preventDefault());
  return node;
}
