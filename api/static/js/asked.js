/** The questions asked on this device. They are kept by the browser alone, and can be cleared. */

import { announce, el, need } from "./dom.js";
import { dateInWords } from "./format.js";
import { forgetEverything } from "./memory.js";
import { strings } from "./strings.js";

const KEY = "turnwise.asked.1";
const MOST_KEPT = 50;
const place = need("asked", HTMLElement);

/** @typedef {{address: string, question: string, day: string}} Entry */

/** @returns {Entry[]} Newest first. */
function entries() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter((entry) => typeof entry?.address === "string" && entry.address.startsWith("/?") && typeof entry.question === "string");
  } catch {
    return [];
  }
}

/**
 * Keep a question that was answered.
 *
 * @param {string} address
 * @param {string} question
 */
export function keepAsked(address, question) {
  const others = entries().filter((entry) => entry.address !== address).slice(0, MOST_KEPT - 1);
  try {
    localStorage.setItem(KEY, JSON.stringify([{ address, question, day: new Date().toISOString().slice(0, 10) }, ...others]));
  } catch {
    // Storage is full or switched off: there is no list then.
  }
  showAsked();
}

function clear() {
  forgetEverything();
  showAsked();
  announce(strings.asked.cleared);
  need("main", HTMLElement).focus();
}

/** Show the list, or nothing where there is none. */
export function showAsked() {
  const kept = entries();
  const wasOpen = place.querySelector("details")?.open ?? false;
  place.hidden = kept.length === 0;
  place.replaceChildren(el(
    "details",
    { class: "asked-list", open: wasOpen },
    el("summary", {}, el("h2", { id: "asked-title" }, `${strings.asked.title} (${kept.length})`)),
    el("p", { class: "hint" }, strings.asked.note),
    el("ul", {}, kept.map(({ address, question, day }) =>
      el("li", {}, el("a", { href: address, dir: "auto" }, question), " ", el("span", { class: "hint" }, dateInWords(day))))),
    el("button", { type: "button", class: "button button-quiet", onclick: clear }, strings.asked.clear),
  ));
}
