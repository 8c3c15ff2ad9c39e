/** The ask page: a question goes into the address, its answer onto the page. */

import { addressOfAsk, askFromAddress } from "./address.js";
import { answerHeading, answerParts, readyMessage } from "./answer.js";
import { askQuestion, Trouble, whenReady } from "./api.js";
import { showCollection } from "./collection.js";
import { announce, el, need } from "./dom.js";
import { choices, offerSpeakers, offerTranscripts, showChoices, watchFilters } from "./filters.js";
import { recall, remember } from "./memory.js";
import { strings } from "./strings.js";
import { troubleMessage } from "./trouble.js";

/** @typedef {import("./types.js").Ask} Ask */

const form = need("ask-form", HTMLFormElement);
const field = need("question", HTMLTextAreaElement);
const fieldError = need("question-error", HTMLElement);
const place = need("answer", HTMLElement);

/** The address that is shown, to tell going back from a jump within the page. */
let shownAddress = "";

/** Stops the question before, when another is asked meanwhile. */
let running = new AbortController();

/** @param {string} message  Empty when the question is all right. */
function showFieldError(message) {
  fieldError.textContent = message;
  fieldError.hidden = !message;
  field.setAttribute("aria-describedby", message ? "question-error" : "question-hint");
  if (message) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  } else {
    field.removeAttribute("aria-invalid");
  }
}

/** @param {HTMLElement[]} parts */
function show(...parts) {
  place.replaceChildren(...parts);
  place.hidden = parts.length === 0;
  document.body.classList.toggle("has-answer", parts.length > 0);
}

function focusHeading() {
  const heading = need("answer-heading", HTMLElement);
  heading.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start", behavior: "instant" });
}

/** Show the page without an answer. */
function showNothing() {
  running.abort();
  document.title = strings.ask.pageTitle;
  place.setAttribute("aria-busy", "false");
  field.value = "";
  showFieldError("");
  show();
}

/**
 * Ask, and show what comes.
 *
 * @param {Ask} ask
 */
async function answerTo(ask) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  document.title = strings.ask.titled(ask.question);
  place.setAttribute("aria-busy", "true");
  show(answerHeading(ask.question), el("p", { class: "loading" }, strings.ask.looking));
  focusHeading();
  try {
    const answer = await whenReady(() => askQuestion(ask, signal), () => {
      show(answerHeading(ask.question), el("div", { class: "message notice" },
        el("h3", {}, strings.trouble.warmingTitle), el("p", {}, strings.trouble.warmingDetail)));
      announce(`${strings.trouble.warmingTitle}. ${strings.trouble.warmingDetail}`);
    }, signal);
    if (signal.aborted) return;
    remember(addressOfAsk(ask), answer);
    show(...answerParts(answer, askRelated));
    announce(readyMessage(answer));
  } catch (cause) {
    if (signal.aborted) return;
    const { unexpectedTitle, unexpectedDetail } = strings.trouble;
    const trouble = cause instanceof Trouble ? cause : new Trouble("problem", 0, unexpectedTitle, unexpectedDetail);
    show(answerHeading(ask.question), troubleMessage(trouble, () => void answerTo(ask)));
    announce(`${trouble.title}. ${trouble.detail}`);
  }
  place.setAttribute("aria-busy", "false");
  focusHeading();
}

/**
 * Ask a new question: it gets its own place in the browser's history.
 *
 * @param {Ask} ask
 */
function askAnew(ask) {
  const address = addressOfAsk(ask);
  if (address !== window.location.pathname + window.location.search) window.history.pushState(null, "", address);
  shownAddress = address;
  void answerTo(ask);
}

/** @param {string} question */
function askRelated(question) {
  field.value = question;
  askAnew({ question, ...choices() });
}

/**
 * Show what the address asks for.
 *
 * @param {boolean} afresh  Ask the server even if this tab remembers the answer.
 */
function followAddress(afresh) {
  shownAddress = window.location.pathname + window.location.search;
  const ask = askFromAddress(window.location.search);
  if (!ask) {
    showNothing();
    return;
  }
  const { question, ...chosen } = ask;
  field.value = question;
  showFieldError("");
  showChoices(chosen);
  const kept = afresh ? null : recall(addressOfAsk(ask));
  if (!kept) {
    void answerTo(ask);
    return;
  }
  // The browser puts the page back where it was, so nothing moves and nothing is announced.
  running.abort();
  document.title = strings.ask.titled(question);
  place.setAttribute("aria-busy", "false");
  show(...answerParts(kept, askRelated));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = field.value.trim();
  const chosen = choices();
  if (!question) {
    showFieldError(strings.ask.empty);
    return;
  }
  if (chosen.from && chosen.to && chosen.to < chosen.from) {
    showFieldError(strings.ask.datesReversed);
    return;
  }
  showFieldError("");
  askAnew({ question, ...chosen });
});

field.addEventListener("keydown", (event) => {
  // Enter asks, as in any search field; Shift and Enter makes a new line; an input method's own Enter is left alone.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// Its words are a question that the server answers about itself, whatever the transcripts are.
const start = need("start", HTMLButtonElement);
start.addEventListener("click", () => askRelated(start.textContent));

window.addEventListener("popstate", () => {
  // Following the skip link is a step in the history too, though nothing else was asked.
  if (window.location.pathname + window.location.search !== shownAddress) followAddress(false);
});

watchFilters();
const [navigation] = performance.getEntriesByType("navigation");
followAddress(navigation instanceof PerformanceNavigationTiming && navigation.type === "reload");
await showCollection(need("collection-body", HTMLElement), offerTranscripts);
await offerSpeakers().catch((cause) => {
  if (!(cause instanceof Trouble)) throw cause;
});
