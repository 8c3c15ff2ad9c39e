/** Find the words that an address points to, and mark them. */

import { el, hiddenText } from "./dom.js";
import { sliceCodePoints } from "./offsets.js";
import { strings } from "./strings.js";

/** @typedef {import("./offsets.js").Paragraph} Paragraph */

/**
 * Return a paragraph's content with the part between two offsets of its turn marked.
 *
 * @param {Paragraph} paragraph
 * @param {number} start  In code points over the turn.
 * @param {number} end
 * @returns {(Node | string)[]}
 */
export function markedParagraph(paragraph, start, end) {
  const from = Math.max(start, paragraph.start) - paragraph.start;
  const to = Math.min(end, paragraph.end) - paragraph.start;
  if (from >= to) return [paragraph.text];
  return [
    sliceCodePoints(paragraph.text, 0, from),
    hiddenText(strings.reader.quoteStart),
    el("mark", { tabindex: "-1" }, sliceCodePoints(paragraph.text, from, to)),
    hiddenText(strings.reader.quoteEnd),
    sliceCodePoints(paragraph.text, to, Infinity),
  ];
}

/**
 * Mark a span of a turn, and take away the mark there was before.
 *
 * @param {HTMLElement} text  The element whose paragraphs are the turn's.
 * @param {Paragraph[]} parts
 * @param {number} start  In code points over the turn; equal to `end` to mark nothing.
 * @param {number} end
 * @returns {HTMLElement | null} The first mark.
 */
export function mark(text, parts, start, end) {
  const elements = text.querySelectorAll("p");
  parts.forEach((part, index) => elements[index]?.replaceChildren(...markedParagraph(part, start, end)));
  return text.querySelector("mark");
}
