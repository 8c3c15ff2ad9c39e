/** Draw a reply: its sentences with their quotations in the order of the answer, and what can be done with it. */

import { marker, sourceNote } from "./citations.js";
import { copyButton } from "./clipboard.js";
import { answerAsHtml, answerAsMarkdown, answerAsText } from "./copied.js";
import { el, hiddenText } from "./dom.js";
import { quoteReport, thumbs } from "./feedback.js";
import { dateInWords } from "./format.js";
import { nearestPassages, shownPassages } from "./passages.js";
import { introducedQuote, segment } from "./segments.js";
import { sliceCodePoints } from "./offsets.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Citation} Citation
 * @typedef {import("./types.js").Sentence} Sentence
 */

/**
 * Return the heading of the answer, which is the question; focus goes to it when the answer is there.
 *
 * @param {string} question
 * @param {string} [id]
 */
export const answerHeading = (question, id = "answer-heading") =>
  el("h2", { id, class: "answer-heading", tabindex: "-1", dir: "auto" }, hiddenText(`${strings.ask.youAsked} `), question);

/**
 * Return the parts of a reply, heading first.
 *
 * @param {Answer} answer
 * @param {(question: string) => void} onRelated
 * @returns {HTMLElement[]}
 */
export function answerParts(answer, onRelated) {
  const parts = [answerHeading(answer.question), ...replyParts(answer)];
  if (answer.status === "not_found") {
    if (answer.passages.length) parts.push(nearestPassages(answer.passages));
    parts.push(waysOn());
  }
  parts.push(actions(answer));
  if (answer.related_questions.length) parts.push(related(answer.related_questions, onRelated));
  return parts;
}

/**
 * Return an earlier reply of the same conversation: what was asked and answered, without what can be done with it.
 *
 * @param {Answer} answer
 * @param {string} id  Of its heading.
 */
export const earlierParts = (answer, id) => [answerHeading(answer.question, id), ...replyParts(answer)];

/** @param {Answer} answer */
function replyParts(answer) {
  /** @type {HTMLElement[]} */
  const parts = [];
  if (answer.standalone_question && answer.standalone_question !== answer.question) {
    parts.push(el("p", { class: "understood", dir: "auto" }, strings.ask.understood(answer.standalone_question)));
  }
  if (answer.notice) parts.push(el("p", { class: "notice" }, answer.notice));
  if (answer.status === "answered") parts.push(statements(answer));
  else {
    const lines = answer.answer.split("\n").filter((line) => line.trim());
    parts.push(el("div", { class: "answer-text" }, lines.flatMap((line) => [el("p", {}, line), "\n"])));
  }
  return parts;
}

/**
 * Return what a screen reader should hear once when the reply is there.
 *
 * @param {Answer} answer
 */
export function readyMessage(answer) {
  if (answer.status === "about") return strings.answer.aboutReady;
  if (answer.status === "not_found") return strings.answer.notFoundReady(shownPassages(answer.passages));
  const conversations = new Set(answer.citations.map((citation) => citation.transcript_id));
  return strings.answer.ready(answer.citations.length, conversations.size);
}

/** @param {Answer} answer */
function statements(answer) {
  const byNumber = new Map(answer.citations.map((citation) => [citation.n, citation]));
  /** @type {Set<number>} */
  const explained = new Set();
  /** @type {HTMLElement[]} */
  const items = [];
  let at = 0;
  let lead = "";
  for (const sentence of answer.sentences) {
    // Words between the sentences (a heading, say) belong to the answer too.
    if (sentence.start > at) items.push(...prose(sliceCodePoints(answer.answer, at, sentence.start)));
    at = Math.max(at, sentence.end);
    const cited = sentence.citations.flatMap((n) => byNumber.get(n) ?? []);
    const item = el("li", {}, statement(sentence, cited, explained, answer.request_id));
    // The same person going on need not be introduced again to those who see the line above.
    const introduced = item.querySelector(".statement-lead");
    if (introduced && introduced.textContent === lead) {
      introduced.classList.add("visually-hidden");
      item.classList.add("goes-on");
    }
    lead = introduced?.textContent ?? "";
    items.push(item);
  }
  items.push(...prose(sliceCodePoints(answer.answer, at, Infinity)));
  return el("ol", { class: "statements" }, items);
}

/**
 * Return an introduction in which the date is not broken over two lines.
 *
 * @param {string} lead
 * @param {Citation[]} cited
 */
function dateTogether(lead, cited) {
  const date = cited.map((citation) => dateInWords(citation.date)).find((words) => words && lead.endsWith(words));
  return date ? [lead.slice(0, -date.length), el("span", { class: "together" }, date)] : [lead];
}

/** @param {string} text */
const prose = (text) => (text.trim() ? [el("li", {}, el("p", { class: "statement-prose" }, text.trim()))] : []);

/**
 * @param {Sentence} sentence
 * @param {Citation[]} cited
 * @param {Set<number>} explained  Citations whose source has been shown above; added to.
 * @param {string} requestId
 */
function statement(sentence, cited, explained, requestId) {
  const byNumber = new Map(cited.map((citation) => [citation.n, citation]));
  const segments = segment(sentence.text, cited);
  const alone = introducedQuote(segments);
  const markerOf = (/** @type {number} */ n) => {
    const citation = byNumber.get(n);
    return citation ? [" ", marker(citation)] : [];
  };
  const body = el("div", { class: "statement-body" });
  let said = sentence.text;
  if (alone) {
    said = alone.lead;
    if (alone.lead) body.append(el("p", { class: "statement-lead" }, dateTogether(alone.lead, cited)));
    body.append(el("blockquote", { dir: "auto" }, el("p", {},
      alone.opening, el("span", { "data-quote": alone.quote.n }, alone.quote.text), alone.closing,
      alone.markers.flatMap((part) => markerOf(part.n)))));
  } else {
    body.append(el("p", { class: "statement-prose" }, segments.flatMap((part) => {
      if (part.kind === "marker") return markerOf(part.n);
      return part.kind === "quote" ? [el("q", { "data-quote": part.n }, part.text)] : [part.text];
    })));
  }

  // Several sources of one sentence stand under one another, hence the wrapper.
  const notes = el("figcaption", { class: "sources" });
  for (const citation of cited) {
    const verbatim = segments.some((part) => part.kind === "quote" && part.n === citation.n);
    if (explained.has(citation.n)) continue;
    explained.add(citation.n);
    if (!verbatim) {
      body.append(el("blockquote", { dir: "auto" },
        el("p", {}, "“", el("span", { "data-quote": citation.n }, citation.quote), "”", markerOf(citation.n))));
    }
    notes.append(sourceNote(citation, said, requestId ? quoteReport(requestId, citation.n) : null));
  }
  return el("figure", { class: "statement" }, body, notes.childElementCount > 0 && notes);
}

/** @param {Answer} answer */
function actions(answer) {
  const { origin } = window.location;
  const text = () => answerAsText(answer, origin);
  const { answer: words } = strings;
  return el(
    "div",
    { class: "actions" },
    answer.citations.length > 0 && el(
      "div",
      { class: "actions-group", role: "group", "aria-labelledby": "copy-title" },
      el("span", { id: "copy-title" }, words.copy),
      copyButton([words.copyText], text),
      copyButton([words.copyFormatted], () => ({ text: text(), html: answerAsHtml(answer, origin) })),
      copyButton([words.copyMarkdown], () => answerAsMarkdown(answer, origin)),
    ),
    copyButton([words.share], () => window.location.href),
    el("button", { type: "button", class: "button button-quiet", onclick: () => window.print() }, words.print),
    answer.request_id && thumbs(answer.request_id),
  );
}

/** What to try when there is no answer. */
function waysOn() {
  const { answer: words } = strings;
  return el(
    "section",
    { class: "ways", "aria-labelledby": "ways-title" },
    el("h3", { id: "ways-title" }, words.notFoundTips),
    el("ul", {}, words.notFoundWays.map((way) => el("li", {}, way))),
    el("p", {}, el("a", { href: "#collection-title" }, words.seeList)),
  );
}

/**
 * @param {string[]} questions
 * @param {(question: string) => void} onRelated
 */
function related(questions, onRelated) {
  return el(
    "section",
    { class: "related", "aria-labelledby": "related-title" },
    el("h3", { id: "related-title" }, strings.answer.related),
    el("ul", {}, questions.map((question) =>
      el("li", {}, el("button", { type: "button", class: "button button-quiet", onclick: () => onRelated(question) }, question)))),
  );
}
