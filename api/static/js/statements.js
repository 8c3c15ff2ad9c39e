/** Draw what an answer says: its sentences, their quotations, and what introduces them. */

import { marker, sourceNote } from "./citations.js";
import { el } from "./dom.js";
import { quoteReport } from "./feedback.js";
import { dateInWords } from "./format.js";
import { sliceCodePoints } from "./offsets.js";
import { introducedQuote, segment } from "./segments.js";

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Citation} Citation
 * @typedef {import("./types.js").Sentence} Sentence
 */

/**
 * Return the sentences of an answer in their order, each quotation as a block with where it comes from.
 *
 * @param {Answer} answer
 */
export function statements(answer) {
  const byNumber = new Map(answer.citations.map((citation) => [citation.n, citation]));
  /** @type {Set<number>} */
  const explained = new Set();
  /** @type {HTMLElement[]} */
  const items = [];
  let at = 0;
  let speaking = "";
  /** @type {Told} */
  let told = { transcript: "", words: "" };
  for (const sentence of answer.sentences) {
    // Words between the sentences (a heading, say) belong to the answer too.
    if (sentence.start > at) items.push(...prose(sliceCodePoints(answer.answer, at, sentence.start)));
    at = Math.max(at, sentence.end);
    const cited = sentence.citations.flatMap((n) => byNumber.get(n) ?? []);
    told = factsTold(told, cited, sentence.text);
    const item = el("li", {}, statement(sentence, cited, explained, told.words, answer));
    // The same person going on need not be introduced again to those who see the line above.
    const introduced = item.querySelector(".statement-lead");
    const [{ transcript_id: transcript, speaker } = { transcript_id: "", speaker: null }] = cited;
    const who = cited.length === 1 && speaker ? `${transcript} ${speaker}` : (introduced?.textContent ?? "");
    if (introduced && who === speaking) {
      introduced.classList.add("visually-hidden");
      item.classList.add("goes-on");
    }
    speaking = introduced ? who : "";
    items.push(item);
  }
  items.push(...prose(sliceCodePoints(answer.answer, at, Infinity)));
  return el("ol", { class: "statements" }, items);
}

/**
 * Add to what has been told of a conversation while quotations come from it one after another ("in the same
 * conversation"), so that its title and date, and who somebody is, are not said beside each of them.
 *
 * @typedef {{transcript: string, words: string}} Told
 *
 * @param {Told} before
 * @param {Citation[]} cited
 * @param {string} text  Of the sentence that cites.
 * @returns {Told}
 */
function factsTold(before, cited, text) {
  const [{ transcript_id: transcript, quote = "" } = { transcript_id: "" }] = cited;
  const goesOn = transcript === before.transcript && cited.every((citation) => citation.transcript_id === transcript);
  return { transcript, words: (goesOn ? before.words : "") + text.replace(quote, "") };
}

/**
 * Return an introduction with the name set off, and with a date that is not broken over two lines.
 *
 * @param {string} lead
 * @param {Citation[]} cited
 */
function introduction(lead, cited) {
  const name = cited.map(({ speaker }) => speaker).find((words) => words && lead.startsWith(words)) ?? "";
  const rest = lead.slice(name.length);
  const date = cited.map((citation) => dateInWords(citation.date)).find((words) => words && rest.endsWith(words)) ?? "";
  return [
    name && el("b", {}, name),
    date ? rest.slice(0, -date.length) : rest,
    date && el("span", { class: "together" }, date),
  ];
}

/** @param {string} text */
const prose = (text) => (text.trim() ? [el("li", {}, el("p", { class: "statement-prose" }, text.trim()))] : []);

/**
 * @param {Sentence} sentence
 * @param {Citation[]} cited
 * @param {Set<number>} explained  Citations whose source has been shown above; added to.
 * @param {string} told  What was told of the conversation, here and above.
 * @param {Answer} answer  The whole of which the sentence is one.
 */
function statement(sentence, cited, explained, told, answer) {
  const { request_id: requestId, notice } = answer;
  const byNumber = new Map(cited.map((citation) => [citation.n, citation]));
  const segments = segment(sentence.text, cited);
  const alone = introducedQuote(segments);
  const markerOf = (/** @type {number} */ n) => {
    const citation = byNumber.get(n);
    return citation ? [" ", marker(citation)] : [];
  };
  const body = el("div", { class: "statement-body" });
  if (alone) {
    if (alone.lead) body.append(el("p", { class: "statement-lead" }, introduction(alone.lead, cited)));
    body.append(el("blockquote", { dir: "auto" }, el("p", {},
      alone.opening, el("span", { "data-quote": alone.quote.n }, alone.quote.text), alone.closing,
      alone.markers.flatMap((part) => markerOf(part.n)))));
  } else {
    body.append(el("p", { class: "statement-prose" }, segments.flatMap((part) => {
      if (part.kind === "marker") return markerOf(part.n);
      return part.kind === "quote" ? [el("q", { "data-quote": part.n }, part.text)] : [part.text];
    })));
  }

  // Several sources of one sentence stand under one another, hence the wrapper.
  const notes = el("figcaption", { class: "sources" });
  for (const citation of cited) {
    const verbatim = segments.some((part) => part.kind === "quote" && part.n === citation.n);
    if (explained.has(citation.n)) continue;
    explained.add(citation.n);
    if (!verbatim) {
      body.append(el("blockquote", { dir: "auto" },
        el("p", {}, "“", el("span", { "data-quote": citation.n }, citation.quote), "”", markerOf(citation.n))));
    }
    notes.append(sourceNote(citation, told, requestId ? quoteReport(requestId, citation.n) : null, notice));
  }
  return el("figure", { class: "statement" }, body, notes.childElementCount > 0 && notes);
}
