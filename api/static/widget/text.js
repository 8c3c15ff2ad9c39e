/** Words: places in them, dates, times, which addresses may become links, and the pieces of an answer. */

const MARKER = /\[(\d{1,3})\]/g;

/**
 * Cut by code points, as the contract counts.
 *
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
const slicePoints = (text, start, end) => Array.from(text).slice(Math.max(0, start), Math.max(0, end)).join("");

/**
 * Write an ISO date in words; what is none stays as it is.
 *
 * @param {string | null} iso
 * @param {string} locale
 */
function dateInWords(iso, locale) {
  if (!iso) return "";
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

/**
 * Write seconds as "12:05" or "1:02:05".
 *
 * @param {number | null | undefined} seconds
 */
function clock(seconds) {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "";
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (!parts[0]) parts.shift();
  return parts.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
}

/**
 * Return role and organisation; the organisation is left out where the role names it already.
 *
 * @param {Said} said
 */
function post({ role, organisation }) {
  const known = role && organisation && role.toLowerCase().includes(organisation.toLowerCase());
  return [role, known ? null : organisation].filter(Boolean).join(", ");
}

/**
 * Return an address if it is http or https, else null: a transcript's own words never choose a scheme.
 *
 * @param {string | null | undefined} address
 * @param {string} [base]
 */
function webAddress(address, base) {
  if (!address) return null;
  try {
    const url = new URL(address, base);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

/**
 * Take a paragraph of an answer apart without changing a character: a lead (`Name, role, date`), words, quotations and
 * citation numbers. While it still comes in, the beginning of a quotation is known by the citation sent before it.
 *
 * @param {string} text
 * @param {Map<number, Citation>} citations
 * @param {boolean} isGrowing
 * @returns {Segment[]}
 */
function segmentsOf(text, citations, isGrowing) {
  /** @type {{start: number, end: number, n: number}[]} */
  const quotes = [];
  for (const { quote, n } of [...citations.values()].sort((a, b) => b.quote.length - a.quote.length)) {
    const start = quote ? text.indexOf(quote) : -1;
    const end = start + quote.length;
    if (start >= 0 && quotes.every((other) => end <= other.start || start >= other.end)) quotes.push({ start, end, n });
  }
  const opened = text.lastIndexOf("“") + 1;
  const begun = isGrowing && opened && quotes.every(({ end }) => end <= opened) ? text.slice(opened) : "";
  const coming = begun && [...citations.values()].find(({ quote }) => quote.startsWith(begun));
  if (coming) quotes.push({ start: opened, end: text.length, n: coming.n });
  quotes.sort((a, b) => a.start - b.start);

  /** @type {Segment[]} */
  const segments = [];
  let at = 0;
  const lead = /^([^[\]]*?): ?[“"]$/u.exec(text.slice(0, quotes[0]?.start ?? 0))?.[1];
  if (lead) {
    segments.push({ kind: "lead", text: lead, n: quotes[0]?.n ?? 0 });
    at = (quotes[0]?.start ?? 0) - 1;
  }
  for (const { start, end, n } of quotes) {
    segments.push(...wordsAndMarkers(text.slice(at, start), citations));
    segments.push({ kind: "quote", text: text.slice(start, end), n });
    at = end;
  }
  return [...segments, ...wordsAndMarkers(text.slice(at), citations)];
}

/**
 * @param {string} text
 * @param {Map<number, Citation>} citations
 * @returns {Segment[]}
 */
function wordsAndMarkers(text, citations) {
  /** @type {Segment[]} */
  const segments = [];
  let at = 0;
  for (const match of text.matchAll(MARKER)) {
    const n = Number(match[1]);
    // "[3]" that cites nothing is part of what is written.
    if (!citations.has(n)) continue;
    if (match.index > at) segments.push({ kind: "words", text: text.slice(at, match.index), n: 0 });
    segments.push({ kind: "marker", text: match[0], n });
    at = match.index + match[0].length;
  }
  if (at < text.length) segments.push({ kind: "words", text: text.slice(at), n: 0 });
  return segments;
}

/**
 * Return a quotation with some of the words around it, where the passage it stands in was sent too.
 *
 * @param {Citation} citation
 * @param {Passage[]} passages
 * @returns {{before: string, quote: string, after: string}}
 */
function inContext(citation, passages) {
  const { quote, transcript_id: id, turn, start, end } = citation;
  const around = passages
    .filter((passage) => passage.transcript_id === id)
    .flatMap((passage) => passage.turns)
    .find((part) => part.turn === turn && part.start <= start && part.end >= end);
  const at = around ? start - around.start : 0;
  if (!around || slicePoints(around.text, at, at + end - start) !== quote) return { before: "", quote, after: "" };
  const before = slicePoints(around.text, 0, at).split("\n\n").pop() ?? "";
  const after = slicePoints(around.text, at + end - start, Infinity).split("\n\n")[0] ?? "";
  return { before: lastWords(before), quote, after: firstWords(after) };
}

const AROUND = 140;
/** @param {string} text */
const lastWords = (text) => (text.length > AROUND ? `… ${text.slice(-AROUND).replace(/^\S*\s+/u, "")}` : text);
/** @param {string} text */
const firstWords = (text) => (text.length > AROUND ? `${text.slice(0, AROUND).replace(/\s+\S*$/u, "")} …` : text);
