/**
 * Offsets of the contract count Unicode code points; JavaScript strings count UTF-16 units, of which an emoji
 * takes two. Everything that crosses from one to the other is here.
 */

/**
 * Return how many code points the text has.
 *
 * @param {string} text
 */
export function codePointLength(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * Return the UTF-16 index of a code point offset; past the end it is the text's length.
 *
 * @param {string} text
 * @param {number} offset  In code points, from 0.
 * @returns {number}
 */
export function toUtf16(text, offset) {
  let index = 0;
  for (let left = offset; left > 0 && index < text.length; left -= 1) {
    index += /** @type {number} */ (text.codePointAt(index)) > 0xffff ? 2 : 1;
  }
  return index;
}

/**
 * Return the part of the text between two code point offsets.
 *
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
export const sliceCodePoints = (text, start, end) => text.slice(toUtf16(text, start), toUtf16(text, end));

/**
 * @typedef {object} Paragraph
 * @property {string} text
 * @property {number} start  In code points over the whole turn, blank lines counted.
 * @property {number} end
 */

/**
 * Split a turn's text at its blank lines, keeping each paragraph's place in the turn.
 *
 * @param {string} text
 * @returns {Paragraph[]}
 */
export function paragraphs(text) {
  let start = 0;
  return text.split("\n\n").map((part) => {
    const end = start + codePointLength(part);
    const paragraph = { text: part, start, end };
    start = end + 2;
    return paragraph;
  });
}

/**
 * @typedef {object} Target
 * @property {number} turn
 * @property {number | null} start  In code points; null when the address names the turn alone.
 * @property {number | null} end
 */

/**
 * Read `#turn-12` or `#turn-12:0-80`; anything else is null.
 *
 * @param {string} hash
 * @returns {Target | null}
 */
export function parseTarget(hash) {
  // Mail programs and chat tools like to encode the colon.
  const match = /^#turn-(\d{1,7})(?::(\d{1,9})-(\d{1,9}))?$/.exec(hash.replace(/%3A/i, ":"));
  if (!match) return null;
  const [, turn, start, end] = match;
  const span = start !== undefined && end !== undefined && Number(start) < Number(end);
  return { turn: Number(turn), start: span ? Number(start) : null, end: span ? Number(end) : null };
}
