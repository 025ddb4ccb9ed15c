/* The words of a page: read from its JSON block, placeholders filled. No sentence is written in a script. */

const block = document.getElementById("words");
const words = block ? JSON.parse(block.textContent) : {};

/** Is the page in English? */
export const english = document.documentElement.lang.toLowerCase().startsWith("en");

/** Replace every %(name)s of a text by args.name, and %% by %. */
export function fill(text, args = {}) {
  return text.replace(/%(?:\((\w+)\)s|%)/g, (whole, name) => (name === undefined ? "%" : name in args ? String(args[name]) : whole));
}

/** The text filed under key, filled. A dotted key walks into nested blocks. A missing word shows its key, never nothing. */
export function say(key, args = {}) {
  const text = key.split(".").reduce((node, part) => (node ? node[part] : undefined), words);
  return typeof text === "string" ? fill(text, args) : key;
}

/** Has the page a word under this key? */
export function has(key) {
  return typeof key.split(".").reduce((node, part) => (node ? node[part] : undefined), words) === "string";
}

/** A text of a frame that comes in both languages: {"zh": …, "en": …} or a plain string. */
export function pick(text) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  return (english ? text.en || text.zh : text.zh || text.en) || "";
}

/** A topic as it is written: 《…》 or “…”, unless it brings its own marks. */
export function topic(title) {
  if (!title) return "";
  return /^[《“"「]/.test(title) ? title : say("topic", { title });
}

/** A signed decimal string as it is set in type: −1.00, +2.00, 0. */
export function signed(value) {
  if (value.startsWith("-")) return `−${value.slice(1)}`;
  return /^[+]?0*(\.0*)?$/.test(value) || value.startsWith("+") ? value : `+${value}`;
}

/** Parse the JSON block with this id; null where the page has none. */
export function data(id) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
}
