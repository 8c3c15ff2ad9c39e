/** The ask page: what is asked or checked goes into the address, what comes of it onto the page. */

import { addressOfAsk, addressOfCheck, askFromAddress, quoteFromAddress } from "./address.js";
import { showAsked } from "./asked.js";
import { shut, watchReaderLinks } from "./beside.js";
import { check, showNoCheck } from "./check.js";
import { showCollection } from "./collection.js";
import { need } from "./dom.js";
import { offerExamples } from "./examples.js";
import { choices, offerSpeakers, offerTranscripts, showChoices, watchFilters } from "./filters.js";
import { recall } from "./memory.js";
import { Trouble } from "./problem.js";
import { strings } from "./strings.js";
import { showPerson } from "./person.js";
import { showTab, watchTabs } from "./tabs.js";
import { answerTo, onAsked, showKept, showNoAnswer, submitOnEnter } from "./thread.js";
import { fillWords } from "./words.js";

/**
 * @typedef {import("./types.js").Ask} Ask
 * @typedef {import("./types.js").TranscriptSummary} TranscriptSummary
 */

const form = need("ask-form", HTMLFormElement);
const field = need("question", HTMLTextAreaElement);
const checkForm = need("check-form", HTMLFormElement);
const quoteField = need("quote", HTMLTextAreaElement);

const examples = need("examples", HTMLElement);

/** @type {TranscriptSummary[]} */
let known = [];
/** The address that is shown, to tell going back from a jump within the page. */
let shownAddress = "";

/**
 * Say what is wrong at a field, or that nothing is.
 *
 * @param {HTMLTextAreaElement} at
 * @param {string} message  Empty when it is all right.
 */
function showFieldError(at, message) {
  const place = need(`${at.id}-error`, HTMLElement);
  place.textContent = message;
  place.hidden = !message;
  at.setAttribute("aria-describedby", `${at.id}-${message ? "error" : "hint"}`);
  if (message) {
    at.setAttribute("aria-invalid", "true");
    at.focus();
  } else {
    at.removeAttribute("aria-invalid");
  }
}

/** @param {string} address  Gets its own place in the browser's history, unless it is shown already. */
function goTo(address) {
  if (address !== window.location.pathname + window.location.search) window.history.pushState(null, "", address);
  shownAddress = address;
  shut();
}

/**
 * Ask a new question.
 *
 * @param {Ask} ask
 */
function askAnew(ask) {
  goTo(addressOfAsk(ask));
  field.value = ask.earlier[0] ?? ask.question;
  showFieldError(field, "");
  void answerTo(ask);
}

/** @param {string} question */
const askPlain = (question) => askAnew({ question, earlier: [], ...choices() });

/**
 * Show what the address asks for.
 *
 * @param {{afresh?: boolean, isArrival?: boolean}} [how]  Ask the server even if this tab remembers the answer; whether
 *   the page was come to by a link.
 */
function followAddress({ afresh = false, isArrival = false } = {}) {
  const isFirst = !shownAddress;
  shownAddress = window.location.pathname + window.location.search;
  shut();
  showFieldError(field, "");
  const quote = quoteFromAddress(window.location.search);
  showTab(quote ? "check" : "ask");
  if (quote) {
    showNoAnswer();
    void check(quote);
    return;
  }
  showNoCheck();
  const ask = askFromAddress(window.location.search);
  if (!ask) {
    document.title = strings.ask.pageTitle;
    // Somebody may have begun to type before this script was there.
    if (!isFirst) field.value = "";
    showNoAnswer();
    void offerExamples(examples, known, askPlain);
    return;
  }
  field.value = ask.earlier[0] ?? ask.question;
  showChoices(ask);
  const kept = afresh ? null : recall(addressOfAsk(ask));
  if (!kept) {
    void answerTo(ask);
    return;
  }
  document.title = strings.ask.titled(ask.question);
  showKept(ask, kept, isArrival);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = field.value.trim();
  const chosen = choices();
  if (!question) showFieldError(field, strings.ask.empty);
  else if (chosen.from && chosen.to && chosen.to < chosen.from) showFieldError(field, strings.ask.datesReversed);
  else askAnew({ question, earlier: [], ...chosen });
});
submitOnEnter(field, form);

checkForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const quote = quoteField.value.trim();
  showFieldError(quoteField, quote ? "" : strings.check.empty);
  if (!quote) return;
  goTo(addressOfCheck(quote));
  void check(quote);
});
submitOnEnter(quoteField, checkForm);

// Its words are a question that the server answers about itself, whatever the transcripts are.
const start = need("start", HTMLButtonElement);
start.textContent = strings.ask.start;
start.addEventListener("click", () => askPlain(strings.ask.start));

window.addEventListener("popstate", () => {
  // Following the skip link is a step in the history too, though nothing else was asked.
  if (window.location.pathname + window.location.search !== shownAddress) followAddress();
});

fillWords();
watchFilters();
watchTabs();
watchReaderLinks();
onAsked(askAnew);
showAsked();
const [navigation] = performance.getEntriesByType("navigation");
const way = navigation instanceof PerformanceNavigationTiming ? navigation.type : "navigate";
followAddress({ afresh: way === "reload", isArrival: way === "navigate" });

void showPerson();
await showCollection(need("collection-body", HTMLElement), (transcripts) => {
  known = transcripts;
  offerTranscripts(transcripts);
});
await offerSpeakers().catch((cause) => {
  if (!(cause instanceof Trouble)) throw cause;
});
if (!askFromAddress(window.location.search)) await offerExamples(examples, known, askPlain);
