/** Write an answer with its citations as plain text, as Markdown and as HTML, to be pasted elsewhere. */

import { attributionWords } from "./attribution.js";
import { clock, dateInWords, list, post, who } from "./format.js";
import { readerLink } from "./links.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Citation} Citation
 * @typedef {Pick<Citation, "speaker" | "role" | "organisation" | "title" | "date" | "start_time"
 *   | "attribution" | "attribution_reason">} Source
 */

/** @param {Source} citation  Who said it, and how that is known. */
function personOf(citation) {
  const remark = citation.speaker ? attributionWords(citation) : "";
  return `${list(who(citation), post(citation.role, citation.organisation))}${remark ? ` (${remark})` : ""}`;
}

/** @param {Source} citation */
const placeOf = (citation) => list(`“${citation.title}”`, dateInWords(citation.date), clock(citation.start_time));

/** @param {Citation} citation @param {string} origin */
const addressOf = (citation, origin) => origin + (readerLink(citation.link, origin) ?? "");

/** @param {Citation} citation  What the misheard names in it probably are. */
const glosses = (citation) => {
  const points = [...citation.quote];
  return (citation.gloss ?? []).map(({ start, end, name }) => strings.answer.gloss(points.slice(start, end).join(""), name));
};

/**
 * Write where a quotation comes from on one line.
 *
 * @param {Source} citation
 * @param {string} address
 */
export const sourceLine = (citation, address) => `${personOf(citation)}. ${placeOf(citation)}. ${address}`;

/**
 * Write one quotation with where it comes from.
 *
 * @param {Citation} citation
 * @param {string} origin  Put in front of the reader's link.
 * @param {string | null} [notice]  What qualifies it.
 */
export const quoteAsText = (citation, origin, notice = null) =>
  [...(notice ? [notice] : []), `“${citation.quote}”`, sourceLine(citation, addressOf(citation, origin)), ...glosses(citation)].join("\n");

/** @param {Answer} answer  How the question was understood, where that differs. */
const understood = (answer) =>
  (answer.standalone_question && answer.standalone_question !== answer.question ? [strings.ask.understood(answer.standalone_question)] : []);

/**
 * Write an answer with its sources as plain text.
 *
 * @param {Answer} answer
 * @param {string} origin  Put in front of the reader's links.
 */
export function answerAsText(answer, origin) {
  const parts = [answer.question, ...understood(answer), ...(answer.notice ? [answer.notice] : []), answer.answer];
  if (answer.citations.length) {
    const lines = answer.citations.map((c) =>
      [`[${c.n}] ${sourceLine(c, addressOf(c, origin))}`, ...glosses(c).map((gloss) => `    ${gloss}`)].join("\n"));
    parts.push([strings.answer.sources, ...lines].join("\n"));
  }
  return parts.join("\n\n");
}

/**
 * Escape what Markdown (CommonMark 0.31, section 2.4) or the HTML in it would read as a mark.
 *
 * @param {string} text
 */
const asMarkdown = (text) => text.replace(/[\\`*_[\]<>#|~&]/g, "\\$&").replace(/^(\s*\d*)([-+.)])(?=\s)/gm, "$1\\$2");

/**
 * Write an answer with its sources as Markdown, the numbers as footnotes.
 *
 * @param {Answer} answer
 * @param {string} origin
 */
export function answerAsMarkdown(answer, origin) {
  const known = new Set(answer.citations.map((citation) => citation.n));
  const body = asMarkdown(answer.answer).replace(/\\\[(\d{1,3})\\\]/g, (whole, n) => (known.has(Number(n)) ? `[^${n}]` : whole));
  const parts = [`## ${asMarkdown(answer.question)}`, ...understood(answer).map(asMarkdown)];
  if (answer.notice) parts.push(`> ${asMarkdown(answer.notice)}`);
  parts.push(body.replace(/\n(?!\n)/g, "\n\n"));
  const notes = answer.citations.map((c) =>
    `[^${c.n}]: ${asMarkdown(list(personOf(c)))}. ${asMarkdown(placeOf(c))}. <${addressOf(c, origin)}>${glosses(c).map((gloss) => ` ${asMarkdown(gloss)}.`).join("")}`);
  if (notes.length) parts.push(notes.join("\n"));
  return `${parts.join("\n\n")}\n`;
}

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @param {string} text */
const asHtml = (text) => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? "");

/**
 * Write an answer with its sources as HTML; every word of it is escaped.
 *
 * @param {Answer} answer
 * @param {string} origin
 */
export function answerAsHtml(answer, origin) {
  const paragraphs = answer.answer.split("\n").filter((line) => line.trim()).map((line) => `<p>${asHtml(line)}</p>`);
  const before = [...understood(answer), ...(answer.notice ? [answer.notice] : [])].map((words) => `<p><em>${asHtml(words)}</em></p>`);
  const parts = [`<h2>${asHtml(answer.question)}</h2>`, ...before, ...paragraphs];
  if (answer.citations.length) {
    const items = answer.citations.map((c) => {
      const address = asHtml(addressOf(c, origin));
      const said = [personOf(c), placeOf(c), ...glosses(c)].map((part) => `${asHtml(part)}. `).join("");
      return `<p>[${c.n}] ${said}<a href="${address}">${address}</a></p>`;
    });
    parts.push(`<h3>${asHtml(strings.answer.sources)}</h3>`, ...items);
  }
  return parts.join("\n");
}
