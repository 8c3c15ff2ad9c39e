/** Build elements. Text only ever enters as text nodes, so nothing that was said, asked or named can become markup. */

/**
 * Create an element. Properties are attributes, except functions, which become listeners of that event; null,
 * undefined and false are left out, and true is an empty attribute.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, Property>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** @param {string} text  Read by assistive technology only. */
const unseen = (text) => el("span", { class: "unseen" }, text);

/**
 * @param {string} label
 * @param {(event: Event) => void} onClick
 * @param {string} [kind]
 */
const button = (label, onClick, kind = "quiet") =>
  el("button", { type: "button", class: `button ${kind}`, part: "button", click: onClick }, label);

/**
 * Draw a line icon from its path.
 *
 * @param {string} path  In a square of 24.
 */
function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "icon");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}
const CROSS = "M6 6l12 12M18 6L6 18";
const SPEECH = "M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12h5";

/**
 * A link that opens in a new tab and tells the page there nothing about this one.
 *
 * @param {string} href
 * @param {string} words
 * @param {string} newTab
 */
const outward = (href, words, newTab) =>
  el("a", { href, target: "_blank", rel: "noopener noreferrer", part: "link" }, words, " ", unseen(newTab),
    el("span", { class: "outward", "aria-hidden": "true" }, "↗"));
