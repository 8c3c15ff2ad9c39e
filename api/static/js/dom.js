/**
 * Build elements from data. Text only ever enters as text nodes, so nothing that was said, asked or named can
 * become markup.
 */

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} Properties
 */

/**
 * Create an element. Properties are attributes, except `onclick`-like functions, which become listeners;
 * null, undefined and false are left out, and true is an empty attribute.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Properties} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(key.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * Create words that only assistive technology reads.
 *
 * @param {string} text
 */
export const hiddenText = (text) => el("span", { class: "visually-hidden" }, text);

/**
 * Return the element of that id; the page's own HTML always has it.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function need(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page lacks #${id}`);
  return found;
}

/**
 * Say one thing politely to assistive technology.
 *
 * @param {string} message
 */
export function announce(message) {
  const region = need("announcer", HTMLElement);
  // Emptying first makes the same words be read again when they come twice in a row.
  region.textContent = "";
  window.setTimeout(() => { region.textContent = message; }, 60);
}
