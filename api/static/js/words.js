/** Put the words of `strings.js` into the page's own HTML, so that a translation of that one file translates all. */

import { strings } from "./strings.js";

/** @type {Record<string, string>} */
const page = strings.page;

export function fillWords() {
  document.documentElement.lang = strings.locale;
  for (const element of document.querySelectorAll("[data-words]")) {
    const said = page[element.getAttribute("data-words") ?? ""];
    if (said && element.textContent !== said) element.textContent = said;
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    const said = page[element.getAttribute("data-label") ?? ""];
    if (said) element.setAttribute("aria-label", said);
  }
}
