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
const MOST_READ = 12;
/** Longer conversations are not fetched for the sake of an example. */
const LONGEST_TURNS = 300;
const SHORTEST = 4;
const LONGEST = 18;
const FEWEST_ANSWER_WORDS = 30;
const OPENER = /^(?:what|how|why|who|where|when|which|is|are|do|does|did|can|could|should)\b/i;
/** Words that point at what was said before: a question with one of them does not stand alone. */
const POINTS = /\b(?:he|him|his|she|her|they|them|their|it|its|we|us|our|this|that|these|those|there|then|else|i|me|my|one|ones|both|other|second|time|whole|thing)\b/i;
/** What a question is about is said in words of some length; these say nothing about it. */
const EMPTY = new Set(["about", "actually", "could", "doing", "going", "hardest", "people", "really", "should", "think", "thing", "trying", "where", "which", "would", "would've", "first"]);
const TELLING_LENGTH = 5;
const FEWEST_TELLING = 2;

/**
 * Take away what only the person in the room understands: "And Ann, what is a run chart?" becomes "What is a run chart?".
 *
 * @param {string} question
 */
export function freed(question) {
  const bare = question
    .replace(/^(?:(?:and|so|but|now|ok|okay|well)\b[,\s]*)+/i, "")
    .replace(/^\p{Lu}[\p{L}'’-]*,\s+(?=\p{Ll})/u, "")
    .replace(/,\s+\p{Lu}[\p{L}'’-]*,\s+/u, " ")
    .replace(/,\s+(?:then|\p{Lu}[\p{L}'’-]*)\?$/u, "?");
  return bare.charAt(0).toLocaleUpperCase(strings.locale) + bare.slice(1);
}

/** @param {string} question */
function standsAlone(question) {
  const words = question.split(/\s+/);
  const telling = new Set(words.map((word) => word.toLowerCase().replace(/[^\p{L}'’-]/gu, ""))
    .filter((word) => word.length >= TELLING_LENGTH && !EMPTY.has(word)));
  return words.length >= SHORTEST && words.length <= LONGEST && OPENER.test(question) && !POINTS.test(question)
    && telling.size >= FEWEST_TELLING;
}

/**
 * Return the questions of a conversation that stand alone and have an answer of some length.
 *
 * @param {Transcript} transcript
 * @returns {string[]}
 */
export function standingQuestions(transcript) {
  return questionsOf(transcript.turns)
    .filter(({ turn }) => {
      const answer = transcript.turns.find((other) => other.turn === turn + 1)?.text ?? "";
      return answer.split(/\s+/).length >= FEWEST_ANSWER_WORDS;
    })
    .map(({ question }) => freed(question))
    .filter(standsAlone);
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
      questions.push(...standingQuestions(await getTranscript(id)).slice(0, 1));
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
