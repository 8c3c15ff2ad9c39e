/** The choices that narrow the search. */

import { listSpeakers } from "./api.js";
import { el, need } from "./dom.js";
import { dateInWords, list } from "./format.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Ask} Ask
 * @typedef {Omit<Ask, "question" | "earlier">} Choices
 * @typedef {import("./types.js").TranscriptSummary} TranscriptSummary
 */

const panel = need("filters", HTMLDetailsElement);
const count = need("filters-count", HTMLElement);
const speaker = need("filter-speaker", HTMLSelectElement);
const transcript = need("filter-transcript", HTMLSelectElement);
const from = need("filter-from", HTMLInputElement);
const to = need("filter-to", HTMLInputElement);

/** @returns {Choices} What is chosen now. */
export const choices = () => ({ speaker: speaker.value, transcript: transcript.value, from: from.value, to: to.value });

/**
 * Show choices, as after following a shared link; the panel opens when there are any.
 *
 * @param {Choices} chosen
 */
export function showChoices(chosen) {
  select(speaker, chosen.speaker);
  select(transcript, chosen.transcript);
  from.value = chosen.from;
  to.value = chosen.to;
  if (Object.values(choices()).some(Boolean)) panel.open = true;
  showCount();
}

/** Put all choices back, and keep the count beside the panel's name right. */
export function watchFilters() {
  panel.addEventListener("change", showCount);
  need("filters-clear", HTMLButtonElement).addEventListener("click", () => {
    showChoices({ speaker: "", transcript: "", from: "", to: "" });
    speaker.focus();
  });
}

/** Offer everyone who speaks. Without the list the page still answers, so a failure leaves "Anyone". */
export async function offerSpeakers() {
  const { speakers } = await listSpeakers();
  offer(speaker, strings.ask.anyone, speakers.map(({ name }) => ({ value: name, label: name })));
}

/**
 * Offer the conversations that are known.
 *
 * @param {TranscriptSummary[]} transcripts
 */
export function offerTranscripts(transcripts) {
  offer(transcript, strings.ask.anyConversation,
    transcripts.map(({ id, title, date }) => ({ value: id, label: list(title, dateInWords(date)) })));
}

/**
 * @param {HTMLSelectElement} menu
 * @param {string} none
 * @param {{value: string, label: string}[]} options
 */
function offer(menu, none, options) {
  const chosen = menu.value;
  menu.replaceChildren(el("option", { value: "" }, none), ...options.map(({ value, label }) => el("option", { value }, label)));
  select(menu, chosen);
}

/**
 * Choose a value, offering it first when it is not among the options (yet).
 *
 * @param {HTMLSelectElement} menu
 * @param {string} value
 */
function select(menu, value) {
  if (value && ![...menu.options].some((option) => option.value === value)) menu.append(el("option", { value }, value));
  menu.value = value;
}

function showCount() {
  count.textContent = strings.ask.choices(Object.values(choices()).filter(Boolean).length);
}
