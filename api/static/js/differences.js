/** Show word by word where a quote departs from what was said. */

import { el } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Difference} Difference
 * @typedef {{differs: boolean, text: string}} Piece
 */

const WORD = /[\p{L}\p{N}]/u;

/**
 * Return where the words stand as whole words from a place on, or -1.
 *
 * @param {string} text
 * @param {string} words
 * @param {number} from
 */
function placeOf(text, words, from) {
  for (let start = text.indexOf(words, from); start >= 0; start = text.indexOf(words, start + 1)) {
    const before = text[start - 1] ?? " ";
    const after = text[start + words.length] ?? " ";
    if (!(WORD.test(before) && WORD.test(words)) && !WORD.test(after)) return start;
  }
  return -1;
}

/**
 * Cut what was said into the parts that the quote has as well and those that it has not.
 *
 * @param {string} said  Verbatim.
 * @param {Difference[]} differences  In order.
 * @returns {Piece[]}  Joined, they are what was said.
 */
export function pieces(said, differences) {
  /** @type {Piece[]} */
  const found = [];
  let at = 0;
  for (const { said: words } of differences) {
    const start = words ? placeOf(said, words, at) : -1;
    if (start < 0) continue;
    if (start > at) found.push({ differs: false, text: said.slice(at, start) });
    found.push({ differs: true, text: words });
    at = start + words.length;
  }
  if (at < said.length) found.push({ differs: false, text: said.slice(at) });
  return found;
}

/**
 * Draw the words that were said, those underlined that the quote has not.
 *
 * @param {string} said
 * @param {Difference[]} differences
 */
export const markedWords = (said, differences) =>
  pieces(said, differences).map(({ differs, text }) => (differs ? el("ins", {}, text) : text));

/**
 * Draw the differences side by side, which says in words what the lines under them show.
 *
 * @param {Difference[]} differences
 */
export function comparison(differences) {
  const words = strings.check;
  return el(
    "table",
    { class: "comparison" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, words.said), el("th", { scope: "col" }, words.asked))),
    el("tbody", {}, differences.map(({ said, asked }) => el(
      "tr",
      {},
      el("td", { dir: "auto" }, said ? el("ins", {}, said) : words.nothing),
      el("td", { dir: "auto" }, asked ? el("del", {}, asked) : words.nothing),
    ))),
  );
}
