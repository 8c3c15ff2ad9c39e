/** Show where a quotation comes from. */

import { attributionRemark } from "./attribution.js";
import { copyButton } from "./clipboard.js";
import { quoteAsText } from "./copied.js";
import { el, hiddenText } from "./dom.js";
import { clock, dateInWords, post, who } from "./format.js";
import { mediaLink, outsideLink, readerLink } from "./links.js";
import { sliceCodePoints } from "./offsets.js";
import { offerPreview } from "./preview.js";
import { strings } from "./strings.js";

/**
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
  if (!address) return el("span", { class: "marker" }, citation.n);
  const link = el("a", { class: "marker", href: address, "data-reader": true }, ...number);
  offerPreview(link, citation);
  return link;
}

/**
 * Return the facts about a quotation that the words before it have not given already.
 *
 * @param {Citation} citation
 * @param {string} said  What stands in front of the quotation.
 * @param {HTMLElement | null} [tool]  What else can be done with the quotation.
 * @param {string | null} [notice]  What qualifies the quotation, wherever it is taken.
 */
export function sourceNote(citation, said, tool = null, notice = null) {
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
  const media = mediaLink(citation.url, citation.start_time);
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
      "div",
      { class: "source-links" },
      read && el("a", { href: read, "data-reader": true, "data-print-address": new URL(read, window.location.href).href },
        answer.readInContext, hiddenText(answer.forQuote(citation.n))),
      media && el("a", { href: media, rel: "noopener noreferrer" }, answer.play(clock(citation.start_time))),
      source && el("a", { href: source, rel: "noopener noreferrer" }, answer.sourcePage, hiddenText(answer.forQuote(citation.n))),
      copyButton([answer.copyQuote, hiddenText(answer.forQuote(citation.n))], () => quoteAsText(citation, window.location.origin, notice), "link-button"),
      tool,
    ),
  );
}
