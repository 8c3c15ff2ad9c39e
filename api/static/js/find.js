/** Find words in a conversation. Places are painted by the CSS Custom Highlight API, so that the text stays as it is. */

import { announce, el } from "./dom.js";
import { movement } from "./motion.js";
import { strings } from "./strings.js";

const WAIT_MS = 150;
const ALL = "found";
const CURRENT = "found-here";

/**
 * Return where words stand in a text, ignoring case; places do not overlap.
 *
 * @param {string} text
 * @param {string} wanted
 * @returns {{start: number, end: number}[]}  In UTF-16 units, as DOM ranges count.
 */
export function placesOf(text, wanted) {
  if (!wanted.trim()) return [];
  // A transcript's white space is folded, so the reader's need not be typed exactly; typed quotes find set ones.
  const pattern = wanted.trim().split(/\s+/).map((word) =>
    word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/['’‘]/g, "['’‘]").replace(/["“”]/g, "[\"“”]")).join("\\s+");
  return [...text.matchAll(new RegExp(pattern, "giu"))].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

/**
 * @param {HTMLElement} element
 * @param {string} wanted
 */
function rangesIn(element, wanted) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  /** @type {Range[]} */
  const ranges = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement?.classList.contains("visually-hidden")) continue;
    for (const { start, end } of placesOf(node.nodeValue ?? "", wanted)) {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      ranges.push(range);
    }
  }
  return ranges;
}

/** @param {string} name @param {Range[]} ranges */
function paint(name, ranges) {
  // Older browsers lack it: the page still moves to the place.
  if (typeof Highlight !== "undefined") CSS.highlights.set(name, new Highlight(...ranges));
}

/**
 * Return the field that finds words in the texts.
 *
 * @param {HTMLElement[]} texts
 */
export function finder(texts) {
  /** @type {Range[]} */
  let found = [];
  let at = -1;
  let timer = 0;
  let shownFor = "";
  const count = el("span", { class: "find-count" });
  const field = el("input", { id: "find", type: "search", autocomplete: "off", enterkeyhint: "search", oninput: searchSoon });
  const back = el("button", { type: "button", class: "button button-quiet", onclick: () => step(-1) }, strings.reader.previous);
  const on = el("button", { type: "button", class: "button button-quiet", onclick: () => step(1) }, strings.reader.next);
  const form = el("form", { class: "find", role: "search" }, el("label", { for: "find" }, strings.reader.find),
    el("div", { class: "find-row" }, field, back, on, count));

  function searchSoon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(search, WAIT_MS);
  }

  function search() {
    window.clearTimeout(timer);
    shownFor = field.value;
    found = texts.flatMap((text) => rangesIn(text, field.value));
    at = -1;
    paint(ALL, found);
    paint(CURRENT, []);
    count.textContent = field.value.trim() ? strings.reader.place(0, found.length) : "";
    if (found.length) step(1, false);
    else if (field.value.trim()) announce(strings.reader.place(0, 0));
  }

  /** @param {1 | -1} direction @param {boolean} [told] */
  function step(direction, told = true) {
    if (field.value !== shownFor) {
      search();
      return;
    }
    if (!found.length) return;
    at = (at + direction + found.length) % found.length;
    const range = found[at];
    if (!range) return;
    paint(CURRENT, [range]);
    count.textContent = strings.reader.place(at + 1, found.length);
    range.startContainer.parentElement?.scrollIntoView({ block: "center", behavior: movement() });
    announce(told ? `${count.textContent}: ${range.startContainer.nodeValue ?? ""}`.slice(0, 300) : count.textContent);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    step(1);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      step(-1);
    }
  });
  return form;
}
