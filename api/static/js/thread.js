/** What was asked and answered, one under another: earlier questions as they were answered, and the one of now. */

import { addressOfAsk, asksBefore } from "./address.js";
import { answerHeading, answerParts, earlierParts, readyMessage } from "./answer.js";
import { askQuestion, whenReady } from "./api.js";
import { keepAsked } from "./asked.js";
import { announce, el, hiddenText, need } from "./dom.js";
import { growingAnswer } from "./growing.js";
import { recall, remember } from "./memory.js";
import { Trouble } from "./problem.js";
import { strings } from "./strings.js";
import { troubleMessage } from "./trouble.js";

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Ask} Ask
 */

const place = need("answer", HTMLElement);
const words = strings.ask;

const MOST_ANSWERED_AGAIN = 3;

/** Stops the question before, when another is asked meanwhile. */
let running = new AbortController();
/** @type {(ask: Ask) => void} */
let askAnew = () => {};

/** @param {(ask: Ask) => void} listener  Hears of follow-ups and related questions. */
export function onAsked(listener) {
  askAnew = listener;
}

/** Take the answers away. */
export function showNoAnswer() {
  running.abort();
  place.setAttribute("aria-busy", "false");
  place.replaceChildren();
  place.hidden = true;
  document.body.classList.remove("has-answer");
}

/**
 * @param {Ask} ask
 * @param {(Node | null)[]} parts
 */
function show(ask, ...parts) {
  const earlier = asksBefore(ask).map((before, index) => {
    const kept = recall(addressOfAsk(before));
    const id = `earlier-heading-${index}`;
    return kept
      ? el("article", { class: "earlier", "aria-labelledby": id }, earlierParts(kept, id))
      : el("p", { class: "earlier" }, `${words.earlier} `, el("a", { href: addressOfAsk(before), dir: "auto" }, before.question));
  });
  place.replaceChildren(...earlier, el("article", { class: "exchange", "aria-labelledby": "answer-heading" }, parts));
  place.hidden = false;
  document.body.classList.add("has-answer");
}

function focusHeading() {
  const heading = need("answer-heading", HTMLElement);
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start", behavior: "instant" });
}

/**
 * Show the answer that this tab remembers.
 *
 * @param {Ask} ask
 * @param {Answer} answer
 * @param {boolean} isArrival  Whether the page was come to by a link, and so stands at its top. Going back, the browser
 *   puts it where it was: then nothing moves.
 */
export function showKept(ask, answer, isArrival) {
  running.abort();
  place.setAttribute("aria-busy", "false");
  showAnswer(ask, answer);
  if (isArrival) focusHeading();
}

/**
 * @param {Ask} ask
 * @param {Answer} answer
 */
function showAnswer(ask, answer) {
  const related = (/** @type {string} */ question) => askAnew({ ...ask, earlier: [], question });
  show(ask, ...answerParts(answer, related), followUp(ask), paperNote(ask, answer));
}

/**
 * Return what only stands on paper, at the end: what the quotes on it are, and where to ask again.
 *
 * @param {Ask} ask
 * @param {Answer} answer
 */
function paperNote(ask, answer) {
  const earlier = asksBefore(ask).flatMap((before) => recall(addressOfAsk(before))?.citations ?? []);
  const citations = [...earlier, ...answer.citations];
  const conversations = new Set(citations.map((citation) => citation.transcript_id));
  const made = citations.length > 0 && `${strings.answer.made(citations.length, conversations.size)}. `;
  return el("div", { class: "only-print" },
    el("p", {}, made, strings.answer.printedNote), el("p", {}, `${strings.answer.askAgain} ${window.location.href}`));
}

/**
 * Return the field for the next question of the same conversation.
 *
 * @param {Ask} ask
 */
function followUp(ask) {
  const field = el("textarea", { id: "follow-up", rows: 1, maxlength: 2000, autocomplete: "off", enterkeyhint: "go", "aria-describedby": "follow-up-hint" });
  const form = el(
    "form",
    { class: "follow-up", novalidate: true },
    el("label", { for: "follow-up" }, words.followUp),
    el("p", { id: "follow-up-hint", class: "hint" }, words.followUpHint),
    el("div", { class: "ask-row" }, field,
      el("button", { type: "submit", class: "button" }, words.followUpAsk, hiddenText(`: ${words.followUp}`))),
  );
  submitOnEnter(field, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = field.value.trim();
    if (question) askAnew({ ...ask, question, earlier: [...ask.earlier, ask.question] });
    else field.focus();
  });
  return form;
}

/**
 * Enter asks, as in any search field; Shift and Enter makes a new line; an input method's own Enter is left alone.
 *
 * @param {HTMLTextAreaElement} field
 * @param {HTMLFormElement} form
 */
export function submitOnEnter(field, form) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

/** @param {Ask} ask  Return what was asked before, with what this tab remembers of the answers. */
const historyOf = (ask) =>
  asksBefore(ask).map((before) => ({ question: before.question, answer: recall(addressOfAsk(before))?.answer ?? null }));

/**
 * Ask the last questions before this one whose answers this tab does not have, as where somebody was sent its address:
 * whom "she" means may stand only there.
 *
 * @param {Ask} ask
 * @param {AbortSignal} signal
 */
async function answerEarlier(ask, signal) {
  for (const before of asksBefore(ask).slice(-MOST_ANSWERED_AGAIN)) {
    if (signal.aborted) return;
    if (recall(addressOfAsk(before))) continue;
    remember(addressOfAsk(before), await askQuestion(before, historyOf(before), () => {}, signal));
  }
}

/**
 * Ask, and show what comes.
 *
 * @param {Ask} ask
 */
export async function answerTo(ask) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const heading = () => answerHeading(ask.question);
  document.title = words.titled(ask.question);
  place.setAttribute("aria-busy", "true");
  const loading = el("p", { class: "loading" }, words.looking);
  show(ask, heading(), loading);
  focusHeading();
  const growing = growingAnswer(() => loading.replaceWith(growing.element));
  try {
    const answer = await whenReady(async () => {
      await answerEarlier(ask, signal);
      return askQuestion(ask, historyOf(ask), growing.hear, signal);
    }, () => {
      show(ask, heading(), el("div", { class: "message notice" },
        el("h3", {}, strings.trouble.warmingTitle), el("p", {}, strings.trouble.warmingDetail)), loading);
      announce(`${strings.trouble.warmingTitle}. ${strings.trouble.warmingDetail}`);
    }, signal);
    if (signal.aborted) return;
    remember(addressOfAsk(ask), answer);
    keepAsked(addressOfAsk(ask), ask.question);
    showAnswer(ask, answer);
    announce(readyMessage(answer));
  } catch (cause) {
    if (signal.aborted) return;
    const { unexpectedTitle, unexpectedDetail } = strings.trouble;
    const trouble = cause instanceof Trouble ? cause : new Trouble("problem", 0, unexpectedTitle, unexpectedDetail);
    const begun = growing.element.isConnected ? growing.element : null;
    show(ask, heading(), troubleMessage(trouble, () => void answerTo(ask)), begun);
    announce(`${trouble.title}. ${trouble.detail}`);
  }
  place.setAttribute("aria-busy", "false");
  focusHeading();
}
