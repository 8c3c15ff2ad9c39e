/** Show which conversations can be asked about. */

import { listTranscripts, whenReady } from "./api.js";
import { el } from "./dom.js";
import { dateInWords } from "./format.js";
import { transcriptAddress } from "./links.js";
import { Trouble } from "./problem.js";
import { strings } from "./strings.js";
import { troubleMessage } from "./trouble.js";

/** @typedef {import("./types.js").TranscriptSummary} TranscriptSummary */

const FIRST_SHOWN = 12;
/** On a phone a dozen is three screens. */
const FIRST_SHOWN_NARROW = 5;
const NAMES_SHOWN = 4;

/**
 * Fill the list of conversations, and go on filling it when asked to.
 *
 * @param {HTMLElement} place
 * @param {(transcripts: TranscriptSummary[]) => void} onLoaded  Told of every conversation known so far.
 */
export async function showCollection(place, onLoaded) {
  /** @type {TranscriptSummary[]} */
  const known = [];
  /** @type {string | null} */
  let next = null;
  let limit = window.matchMedia("(max-width: 40rem)").matches ? FIRST_SHOWN_NARROW : FIRST_SHOWN;

  async function load() {
    const page = await whenReady(() => listTranscripts(next), () => {
      place.replaceChildren(el("p", { class: "loading" }, strings.trouble.warmingTitle));
    });
    known.push(...page.transcripts);
    next = page.next;
    onLoaded(known);
  }

  function draw() {
    const shown = known.slice(0, limit);
    const list = el("ul", { class: "conversations" }, shown.map(conversation));
    const hiddenCount = known.length - shown.length;
    const more = hiddenCount > 0
      ? el("button", { type: "button", class: "button button-quiet", onclick: showAll }, strings.collection.showAll(known.length))
      : next && el("button", { type: "button", class: "button button-quiet", onclick: loadMore }, strings.collection.more);
    place.replaceChildren(list, ...(more ? [more] : []));
  }

  function showAll() {
    const from = limit;
    limit = Infinity;
    draw();
    focusItem(from);
  }

  async function loadMore() {
    const from = known.length;
    limit = Infinity;
    await attempt();
    focusItem(from);
  }

  /** @param {number} index  The first conversation that was not there before. */
  function focusItem(index) {
    place.querySelectorAll("li")[index]?.querySelector("a")?.focus();
  }

  async function attempt() {
    try {
      await load();
      if (known.length) draw();
      else place.replaceChildren(el("div", { class: "message" }, el("p", {}, strings.collection.empty), el("p", {}, strings.collection.howToAdd)));
    } catch (cause) {
      if (!(cause instanceof Trouble)) throw cause;
      place.replaceChildren(troubleMessage(cause, attempt, "h3"));
    }
  }

  place.replaceChildren(el("p", { class: "loading" }, strings.collection.loading));
  await attempt();
}

/** @param {TranscriptSummary} transcript */
function conversation(transcript) {
  const names = transcript.speakers.map((speaker) => speaker.name);
  const others = names.length - NAMES_SHOWN;
  const people = names.slice(0, NAMES_SHOWN).join(", ") + (others > 0 ? ` ${strings.collection.andOthers(others)}` : "");
  return el(
    "li",
    {},
    el("h3", {}, el("a", { href: transcriptAddress(transcript.id), dir: "auto" }, transcript.title)),
    transcript.date && el("p", {}, el("time", { datetime: transcript.date }, dateInWords(transcript.date))),
    people && el("p", {}, people),
  );
}
