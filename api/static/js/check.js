/** The tab that checks a quote: was it said, by whom, and if not quite, what differs. */

import { checkQuote, whenReady } from "./api.js";
import { sourceNote } from "./citations.js";
import { copyButton } from "./clipboard.js";
import { comparison, markedWords } from "./differences.js";
import { announce, el, hiddenText, need } from "./dom.js";
import { Trouble } from "./problem.js";
import { strings } from "./strings.js";
import { troubleMessage } from "./trouble.js";

/**
 * @typedef {import("./types.js").QuoteCheck} QuoteCheck
 * @typedef {import("./types.js").Match} Match
 */

const words = strings.check;
const field = need("quote", HTMLTextAreaElement);
const place = need("checked", HTMLElement);
let running = new AbortController();

/** @param {string} quote */
const heading = (quote) =>
  el("h2", { id: "checked-heading", class: "answer-heading", tabindex: "-1", dir: "auto" }, hiddenText(`${words.youChecked} `), `“${quote}”`);

/** Take the result away, as when the address names none. */
export function showNoCheck() {
  running.abort();
  field.value = "";
  place.hidden = true;
  place.replaceChildren();
}

/**
 * Check a quote and show what comes.
 *
 * @param {string} quote
 */
export async function check(quote) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  field.value = quote;
  document.title = words.titled(quote);
  place.hidden = false;
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(heading(quote), el("p", { class: "loading" }, words.looking));
  focusHeading();
  try {
    const result = await whenReady(() => checkQuote(quote, signal), () => announce(strings.trouble.warmingTitle), signal);
    if (signal.aborted) return;
    place.replaceChildren(heading(quote), ...resultParts(result));
    announce(`${words[result.verdict]}.${words.ready(result.matches.length)}`);
  } catch (cause) {
    if (signal.aborted) return;
    const { unexpectedTitle, unexpectedDetail } = strings.trouble;
    const trouble = cause instanceof Trouble ? cause : new Trouble("problem", 0, unexpectedTitle, unexpectedDetail);
    place.replaceChildren(heading(quote), troubleMessage(trouble, () => void check(quote)));
    announce(`${trouble.title}. ${trouble.detail}`);
  }
  place.setAttribute("aria-busy", "false");
  focusHeading();
}

function focusHeading() {
  need("checked-heading", HTMLElement).focus({ preventScroll: true });
  place.scrollIntoView({ block: "start", behavior: "instant" });
}

/** @param {QuoteCheck} result */
function resultParts(result) {
  const note = { verbatim: words.verbatimNote, near: words.nearNote, not_found: words.notFoundNote }[result.verdict];
  const found = result.verdict !== "not_found";
  return [
    el("div", { class: `verdict verdict-${result.verdict}` }, el("h3", {}, words[result.verdict]), el("p", {}, note)),
    !found && result.matches.length > 0 && el("h3", {}, words.nearest),
    result.matches.length > 0 && el("ol", { class: "statements" }, result.matches.map((match) => el("li", {}, matchShown(match, result.verdict)))),
    el("div", { class: "actions" }, copyButton([words.share], () => window.location.href)),
  ].filter((part) => part !== false);
}

/**
 * @param {Match} match
 * @param {QuoteCheck["verdict"]} verdict
 */
function matchShown(match, verdict) {
  // What is far from the quote differs in nearly every word: marking them all would say nothing.
  const differences = verdict === "near" ? match.differences : [];
  return el(
    "figure",
    { class: "statement" },
    el(
      "div",
      { class: "statement-body" },
      el("blockquote", { dir: "auto" },
        el("p", {}, "“", el("span", { "data-quote": match.n }, markedWords(match.quote, differences)), "”")),
      differences.length > 0 && comparison(differences),
      verdict !== "verbatim" && el("p", { class: "alike" }, words.alike(match.similarity)),
    ),
    el("figcaption", { class: "sources" }, sourceNote(match, "")),
  );
}
