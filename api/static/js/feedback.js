/** Thumbs for an answer, and the report of a wrong quote. */

import { giveFeedback } from "./api.js";
import { announce, el, hiddenText } from "./dom.js";
import { Trouble } from "./problem.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Feedback} Feedback */

const words = strings.feedback;
/** A server of before this feature says so by one of these. */
const ABSENT = [404, 405, 501];
let numbered = 0;

/**
 * Send feedback, and return what to tell the person who gave it.
 *
 * @param {Feedback} feedback
 */
async function send(feedback) {
  try {
    await giveFeedback(feedback);
    return words.thanks;
  } catch (cause) {
    if (!(cause instanceof Trouble)) throw cause;
    return ABSENT.includes(cause.status) ? cause.detail || words.absent : words.failed;
  }
}

/**
 * Return a small form that asks for a comment.
 *
 * @param {string} question
 * @param {(comment: string) => Promise<string>} onSend  Returns what to say instead of the form.
 * @param {() => void} onCancel
 */
function commentForm(question, onSend, onCancel) {
  numbered += 1;
  const id = `comment-${numbered}`;
  const field = el("textarea", { id, rows: 2, maxlength: 4000, "aria-describedby": `${id}-hint` });
  const form = el(
    "form",
    { class: "comment" },
    el("label", { for: id }, question),
    el("p", { id: `${id}-hint`, class: "hint" }, words.hint),
    field,
    el("div", { class: "comment-buttons" },
      el("button", { type: "submit", class: "button button-small" }, words.send),
      el("button", { type: "button", class: "button button-quiet", onclick: onCancel }, words.cancel)),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = await onSend(field.value.trim());
    const told = el("p", { class: "told", tabindex: "-1" }, said);
    form.replaceWith(told);
    told.focus();
    announce(said);
  });
  return { form, field };
}

/**
 * Return the question whether an answer helped.
 *
 * @param {string} requestId
 */
export function thumbs(requestId) {
  const place = el("div", { class: "feedback", role: "group", "aria-label": words.question });
  const buttons = () => [
    el("span", { "aria-hidden": "true" }, words.question),
    el("button", { type: "button", class: "button button-quiet", onclick: up }, words.yes),
    el("button", { type: "button", class: "button button-quiet", onclick: down }, words.no),
  ];

  async function up() {
    const said = await send({ request_id: requestId, rating: "up" });
    const told = el("p", { class: "told", tabindex: "-1" }, said);
    place.replaceChildren(told);
    told.focus();
    announce(said);
  }
  function down() {
    const { form, field } = commentForm(words.comment,
      (comment) => send({ request_id: requestId, rating: "down", ...(comment && { comment }) }),
      () => { place.replaceChildren(...buttons()); place.querySelectorAll("button")[1]?.focus(); });
    place.replaceChildren(form);
    field.focus();
  }
  place.append(...buttons());
  return place;
}

/**
 * Return the button that reports a wrong quote; its form opens under it.
 *
 * @param {string} requestId
 * @param {number} n  The citation's number.
 */
export function quoteReport(requestId, n) {
  const holder = el("div", { class: "report" });
  const button = el("button", { type: "button", class: "link-button", onclick: open }, words.report, hiddenText(words.reportWhat + strings.answer.forQuote(n)));
  function open() {
    const { form, field } = commentForm(words.reportOf(n),
      (comment) => send({ request_id: requestId, rating: "down", citation: n, ...(comment && { comment }) }),
      () => { holder.replaceChildren(button); button.focus(); });
    holder.replaceChildren(form);
    field.focus();
  }
  holder.append(button);
  return holder;
}
