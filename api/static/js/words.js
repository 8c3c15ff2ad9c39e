/** Put the words of `strings.js` into the page's own HTML, so that a translation of that one file translates all. */

import { need } from "./dom.js";
import { strings } from "./strings.js";

/** @type {Record<string, string>} */
const page = strings.page;

/** Say on paper what this is, and of which day. */
function stampPaper() {
  const day = new Intl.DateTimeFormat(strings.locale, { dateStyle: "long" }).format(new Date());
  const paper = document.body.classList.contains("reading") ? strings.reader : strings.answer;
  need("on-paper", HTMLElement).textContent = paper.printed(day);
}

export function fillWords() {
  stampPaper();
  window.addEventListener("beforeprint", stampPaper);
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
