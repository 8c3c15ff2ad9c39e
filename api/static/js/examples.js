/** Offer questions that were asked in these very conversations, and answered there. */

import { getTranscript } from "./api.js";
import { questionsOf } from "./contents.js";
import { el, hiddenText } from "./dom.js";
import { keep, kept } from "./memory.js";
import { Trouble } from "./problem.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Transcript} Transcript
 * @typedef {import("./types.js").TranscriptSummary} TranscriptSummary
 */

const MOST = 4;
/** Conversations of more turns than this together are not fetched for the sake of examples: they weigh. */
const MOST_TURNS_READ = 250;
const KEPT_AS = "examples.1";
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
 * Return a question of each of the newest conversations, as many as are offered; the tab remembers them as long as the
 * conversations stay the same.
 *
 * @param {TranscriptSummary[]} transcripts
 * @returns {Promise<string[]>}
 */
async function questionsFrom(transcripts) {
  const newest = transcripts.filter(({ turn_count: count }) => count > 3).sort((a, b) => (b.date ?? "").localeCompare(a.date ?? ""));
  const of = newest.map(({ id }) => id).join(" ");
  const before = kept(KEPT_AS);
  if (before?.of === of && Array.isArray(before.questions)) return before.questions;
  /** @type {string[]} */
  const questions = [];
  let turnsLeft = MOST_TURNS_READ;
  for (const { id, turn_count: count } of newest) {
    if (questions.length >= MOST) break;
    if (count > turnsLeft) continue;
    turnsLeft -= count;
    try {
      questions.push(...standingQuestions(await getTranscript(id)).slice(0, 1));
    } catch (cause) {
      // Examples are a courtesy: without them the page still says what to do.
      if (!(cause instanceof Trouble)) throw cause;
      return questions;
    }
  }
  keep(KEPT_AS, { of, questions });
  return questions;
}

/**
 * Fill the place with questions; it stays empty where none can be had.
 *
 * @param {HTMLElement} place
 * @param {TranscriptSummary[]} transcripts
 * @param {(question: string) => void} onChosen
 */
export async function offerExamples(place, transcripts, onChosen) {
  if (place.childElementCount || !transcripts.length) return;
  const questions = await questionsFrom(transcripts);
  if (!questions.length) return;
  place.replaceChildren(
    el("p", { id: "examples-title", class: "hint" }, strings.ask.examples),
    el("ul", { "aria-labelledby": "examples-title" }, questions.slice(0, MOST).map((question) =>
      el("li", {}, el("button", { type: "button", class: "button button-quiet", onclick: () => onChosen(question) },
        hiddenText(strings.ask.exampleOf), question)))),
  );
}
