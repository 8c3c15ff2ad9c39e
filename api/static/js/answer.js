/** Draw a reply: the question, what was found, and what can be done with it. */

import { copyButton } from "./clipboard.js";
import { sentencesOf } from "./contents.js";
import { answerAsHtml, answerAsMarkdown, answerAsText } from "./copied.js";
import { el, hiddenText } from "./dom.js";
import { thumbs } from "./feedback.js";
import { nearestPassages, shownPassages } from "./passages.js";
import { statements } from "./statements.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Answer} Answer */

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
    // That there is no answer is said first and large; what was looked for and where, beneath it.
    const [first = ""] = answer.status === "not_found" ? sentencesOf(lines[0] ?? "") : [];
    if (first && lines[0]?.startsWith(first)) lines.splice(0, 1, first, lines[0].slice(first.length).trim());
    const kind = answer.status === "not_found" ? "answer-text answer-none" : "answer-text";
    parts.push(el("div", { class: kind }, lines.filter(Boolean).flatMap((line) => [el("p", {}, line), "\n"])));
  }
  return parts;
}

/**
 * Return what a screen reader should hear once when the reply is there.
 *
 * @param {Answer} answer
 */
export function readyMessage(answer) {
  return answer.notice ? `${kindOfAnswer(answer)} ${answer.notice}` : kindOfAnswer(answer);
}

/** @param {Answer} answer */
function kindOfAnswer(answer) {
  if (answer.status === "about") return strings.answer.aboutReady;
  if (answer.status === "not_found") return strings.answer.notFoundReady(shownPassages(answer.passages));
  const conversations = new Set(answer.citations.map((citation) => citation.transcript_id));
  return strings.answer.ready(answer.citations.length, conversations.size);
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
      copyButton([words.copyFormatted], () => ({ text: text(), html: answerAsHtml(answer, origin) })),
      copyButton([words.copyText], text),
      copyButton([words.copyMarkdown], () => answerAsMarkdown(answer, origin)),
    ),
    el(
      "div",
      { class: "actions-group" },
      copyButton([words.share, hiddenText(words.shareWhat)], () => window.location.href),
      el("button", { type: "button", class: "button button-quiet", onclick: () => window.print() }, words.print),
    ),
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
