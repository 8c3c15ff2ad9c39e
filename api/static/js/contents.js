/** The questions of whoever leads a conversation, as its table of contents. */

import { el } from "./dom.js";
import { transcriptAddress } from "./links.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Transcript} Transcript
 * @typedef {import("./types.js").Turn} Turn
 * @typedef {{turn: number, question: string}} Entry
 */

const ASKS = /[?？؟]["”’']?$/;
/** Where more people ask than this, it is a meeting and nobody leads (as `rag.transcripts.interviewers` has it). */
const MOST_HOSTS = 2;
const FEWEST_WORDS = 4;

/**
 * Cut a text into sentences.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function sentencesOf(text) {
  const cut = new Intl.Segmenter(strings.locale, { granularity: "sentence" });
  return [...cut.segment(text)].map(({ segment }) => segment.trim()).filter(Boolean);
}

/** @param {string} text  The last question of its last two sentences; empty when it does not end asking. */
const asked = (text) => sentencesOf(text).slice(-2).filter((sentence) => ASKS.test(sentence)).at(-1) ?? "";

/**
 * Return who leads the conversation: over a third of their turns end in a question. Empty where nobody does.
 *
 * @param {Turn[]} turns
 * @returns {Set<string>}
 */
export function hosts(turns) {
  /** @type {Map<string, {asking: number, all: number}>} */
  const counts = new Map();
  for (const { speaker, text } of turns) {
    if (!speaker || !text) continue;
    const count = counts.get(speaker) ?? { asking: 0, all: 0 };
    counts.set(speaker, { asking: count.asking + (asked(text) ? 1 : 0), all: count.all + 1 });
  }
  const names = [...counts].filter(([, { asking, all }]) => asking * 3 > all).map(([name]) => name);
  return new Set(names.length <= MOST_HOSTS && names.length < counts.size ? names : []);
}

/**
 * Return the questions of the hosts, in order.
 *
 * @param {Turn[]} turns
 * @returns {Entry[]}
 */
export function questionsOf(turns) {
  const leading = hosts(turns);
  return turns
    .filter(({ speaker }) => speaker !== null && leading.has(speaker))
    .map(({ turn, text }) => ({ turn, question: asked(text) }))
    .filter(({ question }) => question.split(/\s+/).length >= FEWEST_WORDS);
}

/**
 * Draw the table of contents; null where nobody asks.
 *
 * @param {Transcript} transcript
 */
export function contents(transcript) {
  const entries = questionsOf(transcript.turns);
  if (!entries.length) return null;
  return el(
    "details",
    { class: "contents" },
    el("summary", {}, strings.reader.contents),
    el("ol", {}, entries.map(({ turn, question }) =>
      el("li", {}, el("a", { href: transcriptAddress(transcript.id, turn), "data-turn": turn, dir: "auto" }, question)))),
  );
}
