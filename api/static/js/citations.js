/** Show where a quotation comes from, and write the same as plain text for copying. */

import { attributionRemark } from "./attribution.js";
import { el, hiddenText } from "./dom.js";
import { clock, dateInWords, list, post, who } from "./format.js";
import { outsideLink, readerLink } from "./links.js";
import { sliceCodePoints } from "./offsets.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Citation} Citation
 */

/**
 * Return the number of a citation, as a link to the words in the reader.
 *
 * @param {Citation} citation
 */
export function marker(citation) {
  const address = readerLink(citation.link);
  const number = [el("span", { "aria-hidden": "true" }, citation.n), hiddenText(strings.answer.marker(citation.n))];
  return address ? el("a", { class: "marker", href: address }, ...number) : el("span", { class: "marker" }, citation.n);
}

/**
 * Return the facts about a quotation that the words before it have not given already.
 *
 * @param {Citation} citation
 * @param {string} said  What stands in front of the quotation.
 */
export function sourceNote(citation, said) {
  const { answer } = strings;
  const unsaid = (/** @type {string | null} */ fact) => (fact && !said.includes(fact) ? fact : "");
  // Where nobody knows the speaker, the remark below says so.
  const name = citation.attribution === "unknown" ? unsaid(citation.speaker) : unsaid(who(citation));
  const role = post(unsaid(citation.role), unsaid(citation.organisation));
  const title = unsaid(citation.title);
  const where = [
    title && el("cite", { dir: "auto" }, title),
    unsaid(dateInWords(citation.date)),
    citation.start_time !== null && answer.atTime(clock(citation.start_time)),
  ].filter(Boolean);
  const read = readerLink(citation.link);
  const source = outsideLink(citation.url);
  return el(
    "div",
    { class: "source" },
    (name || role) && el("p", { class: "source-who" }, name, name && role ? ", " : "", role && el("span", {}, role)),
    attributionRemark(citation),
    where.length > 0 && el("p", { class: "source-where" }, where.flatMap((fact, index) => (index ? [", ", fact] : [fact]))),
    (citation.gloss ?? [])
      .map(({ start, end, name: right }) => ({ heard: sliceCodePoints(citation.quote, start, end), right }))
      .filter(({ heard, right }) => !said.includes(`${heard} [${right}]`))
      .map(({ heard, right }) => el("p", { class: "gloss" }, answer.gloss(heard, right))),
    el(
      "p",
      { class: "source-links" },
      read && el("a", { href: read, "data-print-address": new URL(read, window.location.href).href },
        answer.readInContext, hiddenText(answer.forQuote(citation.n))),
      source && el("a", { href: source, rel: "noopener noreferrer" }, answer.sourcePage, hiddenText(answer.forQuote(citation.n))),
    ),
  );
}

/**
 * Write where a quotation comes from on one line.
 *
 * @param {Pick<Citation, "speaker" | "role" | "organisation" | "title" | "date" | "start_time"
 *   | "attribution" | "attribution_reason">} citation
 * @param {string} address
 */
export function sourceLine(citation, address) {
  const remark = attributionRemark(citation)?.textContent;
  const person = list(who(citation), post(citation.role, citation.organisation));
  const place = list(`“${citation.title}”`, dateInWords(citation.date), clock(citation.start_time));
  return `${person}${remark && citation.speaker ? ` (${remark})` : ""}. ${place}. ${address}`;
}

/**
 * Write an answer with its sources as plain text.
 *
 * @param {Answer} answer
 * @param {string} origin  Put in front of the reader's links.
 */
export function answerAsText(answer, origin) {
  const parts = [answer.question, answer.answer];
  if (answer.notice) parts.push(answer.notice);
  if (answer.citations.length) {
    const lines = answer.citations.map((c) => `[${c.n}] ${sourceLine(c, origin + (readerLink(c.link, origin) ?? ""))}`);
    parts.push([strings.answer.sources, ...lines].join("\n"));
  }
  return parts.join("\n\n");
}
