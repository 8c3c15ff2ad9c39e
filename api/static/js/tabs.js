/** Two tabs by the ARIA authoring practice: one stop for Tab, arrow keys between them, chosen as they are reached. */

import { need } from "./dom.js";

/** @typedef {"ask" | "check"} TabName */

/** @type {TabName[]} */
const NAMES = ["ask", "check"];
const tab = (/** @type {TabName} */ name) => need(`tab-${name}`, HTMLButtonElement);

/**
 * Show one tab's panel.
 *
 * @param {TabName} chosen
 */
export function showTab(chosen) {
  for (const name of NAMES) {
    const is = name === chosen;
    tab(name).setAttribute("aria-selected", String(is));
    tab(name).tabIndex = is ? 0 : -1;
    need(`panel-${name}`, HTMLElement).hidden = !is;
  }
}

export function watchTabs() {
  for (const [index, name] of NAMES.entries()) {
    tab(name).addEventListener("click", () => showTab(name));
    tab(name).addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const target = step ? NAMES[(index + step + NAMES.length) % NAMES.length] : { Home: NAMES[0], End: NAMES.at(-1) }[event.key];
      if (!target) return;
      event.preventDefault();
      showTab(target);
      tab(target).focus();
    });
  }
}
