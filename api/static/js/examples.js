/** Offer questions that were asked in these very conversations, and answered there. */

import { getTranscript, Trouble } from "./api.js";
import { questionsOf } from "./contents.js";
import { el, hiddenText } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Transcript} Transcript
 * @typedef {import("./types.js").TranscriptSummary} TranscriptSummary
 */

const MOST = 4;
const MOST_READ = 6;
/** Longer conversations are not fetched for the sake of an example. */
const LONGEST_TURNS = 300;
const SHORTEST = 5;
const LONGEST = 18;
const FEWEST_ANSWER_WORDS = 30;
const OPENER = /^(?:what|how|why|who|where|when|which|is|are|do|does|did|can|should)\b/i;
/** Words that point at what was said before, or at the person asked: such a question does not stand alone. */
const POINTS = /\b(?:you|your|yours|yourself|he|him|his|she|her|they|them|their|it|its|we|us|our|this|that|these|those|there|then|else|so|mean|i|me|my|one|ones|both|other)\b/i;

/**
 * Return the questions of a conversation that stand alone and have an answer of some length.
 *
 * @param {Transcript} transcript
 * @returns {string[]}
 */
export function standingQuestions(transcript) {
  return questionsOf(transcript.turns)
    .filter(({ turn, question }) => {
      const length = question.split(/\s+/).length;
      const answer = transcript.turns.find((other) => other.turn === turn + 1)?.text ?? "";
      return length >= SHORTEST && length <= LONGEST && OPENER.test(question) && !POINTS.test(question)
        && answer.split(/\s+/).length >= FEWEST_ANSWER_WORDS;
    })
    .map(({ question }) => question);
}

/**
 * Fill the place with questions; it stays empty where none can be had.
 *
 * @param {HTMLElement} place
 * @param {TranscriptSummary[]} transcripts
 * @param {(question: string) => void} onChosen
 */
export async function offerExamples(place, transcripts, onChosen) {
  const newest = transcripts
    .filter(({ turn_count: count }) => count > 3 && count <= LONGEST_TURNS)
    .sort((a, b) => (b.date ?? "").localeCompare(a.date ?? ""))
    .slice(0, MOST_READ);
  /** @type {string[]} */
  const questions = [];
  for (const { id } of newest) {
    if (questions.length >= MOST) break;
    try {
      questions.push(...standingQuestions(await getTranscript(id)).slice(0, 2));
    } catch (cause) {
      // Examples are a courtesy: without them the page still says what to do.
      if (!(cause instanceof Trouble)) throw cause;
      return;
    }
  }
  if (!questions.length) return;
  place.replaceChildren(
    el("p", { id: "examples-title", class: "hint" }, strings.ask.examples),
    el("ul", { "aria-labelledby": "examples-title" }, questions.slice(0, MOST).map((question) =>
      el("li", {}, el("button", { type: "button", class: "button button-quiet", onclick: () => onChosen(question) },
        hiddenText(strings.ask.exampleOf), question)))),
  );
}
