/** Take a sentence of an answer apart into words, quotations and citation numbers, without changing a character. */

/**
 * @typedef {import("./types.js").Citation} Citation
 * @typedef {{kind: "words" | "quote" | "marker", text: string, n: number}} Segment
 */

const MARKER = /\[(\d{1,3})\]/g;

/**
 * Split a sentence so that the segments' texts, joined, are the sentence again. A quotation is found by its exact
 * words; a citation whose words are not in the sentence has no quote segment.
 *
 * @param {string} text
 * @param {Citation[]} cited  The citations of this sentence.
 * @returns {Segment[]}
 */
export function segment(text, cited) {
  /** @type {{start: number, end: number, n: number}[]} */
  const quotes = [];
  for (const citation of [...cited].sort((a, b) => b.quote.length - a.quote.length)) {
    const start = citation.quote ? placeOf(citation.quote, text, quotes) : -1;
    if (start >= 0) quotes.push({ start, end: start + citation.quote.length, n: citation.n });
  }
  quotes.sort((a, b) => a.start - b.start);

  /** @type {Segment[]} */
  const segments = [];
  let at = 0;
  for (const { start, end, n } of quotes) {
    segments.push(...wordsAndMarkers(text.slice(at, start), cited));
    segments.push({ kind: "quote", text: text.slice(start, end), n });
    at = end;
  }
  segments.push(...wordsAndMarkers(text.slice(at), cited));
  return segments;
}

/**
 * Return where the quote stands in the text, outside the places already taken, or -1.
 *
 * @param {string} quote
 * @param {string} text
 * @param {{start: number, end: number}[]} taken
 */
function placeOf(quote, text, taken) {
  for (let start = text.indexOf(quote); start >= 0; start = text.indexOf(quote, start + 1)) {
    const end = start + quote.length;
    if (taken.every((other) => end <= other.start || start >= other.end)) return start;
  }
  return -1;
}

/**
 * @param {string} text
 * @param {Citation[]} cited
 * @returns {Segment[]}
 */
function wordsAndMarkers(text, cited) {
  /** @type {Segment[]} */
  const segments = [];
  let at = 0;
  for (const match of text.matchAll(MARKER)) {
    const n = Number(match[1]);
    // "[3]" that cites nothing here is part of what is written, not a citation.
    if (!cited.some((citation) => citation.n === n)) continue;
    if (match.index > at) segments.push({ kind: "words", text: text.slice(at, match.index), n: 0 });
    segments.push({ kind: "marker", text: match[0], n });
    at = match.index + match[0].length;
  }
  if (at < text.length) segments.push({ kind: "words", text: text.slice(at), n: 0 });
  return segments;
}

/**
 * Recognise a sentence that only introduces one quotation: `Name, role, date: “quote” [1]`.
 *
 * @param {Segment[]} segments
 * @returns {{lead: string, opening: string, quote: Segment, closing: string, markers: Segment[]} | null}
 */
export function introducedQuote(segments) {
  const at = segments.findIndex((part) => part.kind === "quote");
  const quote = segments[at];
  if (!quote) return null;
  const before = segments.slice(0, at);
  const after = segments.slice(at + 1);
  if (after.some((part) => part.kind === "quote") || before.some((part) => part.kind === "marker")) return null;

  const intro = before.map((part) => part.text).join("");
  const rest = after.filter((part) => part.kind === "words").map((part) => part.text).join("");
  if (/[\p{L}\p{N}]/u.test(rest)) return null;
  const split = /^([\s\S]*?)([“"‘']?)$/.exec(intro);
  const lead = (split?.[1] ?? "").trim();
  if (lead && !/[:,]$/.test(lead)) return null;
  return {
    lead: lead.replace(/[:,]$/, ""),
    opening: split?.[2] ?? "",
    quote,
    closing: rest.trim().replace(/\s+/g, ""),
    markers: after.filter((part) => part.kind === "marker"),
  };
}
