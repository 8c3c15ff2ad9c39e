/** One conversation to be read: in the reader, and beside an answer. */

import { contents } from "./contents.js";
import { announce, el } from "./dom.js";
import { finder } from "./find.js";
import { dateInWords, post, who } from "./format.js";
import { outsideLink } from "./links.js";
import { mark } from "./marking.js";
import { codePointLength, parseTarget } from "./offsets.js";
import { strings } from "./strings.js";
import { drawTurn } from "./turns.js";

/**
 * @typedef {import("./types.js").Transcript} Transcript
 * @typedef {import("./turns.js").DrawnTurn} DrawnTurn
 *
 * @typedef {object} Conversation
 * @property {HTMLElement[]} parts  Header first.
 * @property {(hash: string, behavior: ScrollBehavior) => void} follow  Scroll to what `#turn-12:0-80` points to, mark it
 *   and put the focus there.
 */

/** More of the text on the screen than this, and a mark is shown from its beginning rather than centred. */
const TALL = 0.6;
const words = strings.reader;

/**
 * @param {Transcript} transcript
 * @param {HTMLElement | null} title
 */
function header(transcript, title) {
  const source = outsideLink(transcript.url);
  return el(
    "header",
    { class: "reader-head" },
    title,
    el(
      "p",
      { class: "facts" },
      transcript.date && el("time", { datetime: transcript.date }, dateInWords(transcript.date)),
      transcript.collection !== "default" && el("span", {}, transcript.collection),
      source && el("a", { href: source, rel: "noopener noreferrer" }, words.sourcePage),
    ),
    transcript.speakers.length > 0 && el(
      "ul",
      { class: "people", "aria-label": words.speakers },
      transcript.speakers.map((speaker) => {
        const role = post(speaker.role, speaker.organisation);
        return el("li", {}, el("span", { class: "people-name" }, speaker.name), role && el("span", { class: "people-role" }, role));
      }),
    ),
  );
}

/**
 * Draw a conversation.
 *
 * @param {Transcript} transcript
 * @param {HTMLElement | null} title  Its heading; null where that stands elsewhere.
 * @param {"h2" | "h3"} turnHeading
 * @returns {Conversation}
 */
export function drawConversation(transcript, title, turnHeading) {
  /** @type {Map<number, DrawnTurn>} */
  const turns = new Map();
  /** @type {DrawnTurn | null} */
  let here = null;
  const drawn = transcript.turns.map((turn) => drawTurn(transcript, turn, turnHeading));
  const seen = new Set();
  for (const one of drawn) {
    turns.set(one.turn.turn, one);
    // Who somebody is stands beside their first words, and beside those that a link leads to.
    if (seen.has(one.turn.speaker)) one.section.classList.add("is-known");
    seen.add(one.turn.speaker);
  }

  /** @type {Conversation["follow"]} */
  function follow(hash, behavior) {
    if (here) {
      here.section.classList.remove("is-here");
      mark(here.text, here.paragraphs, 0, 0);
      here = null;
    }
    const target = parseTarget(hash);
    if (!target) return;
    here = turns.get(target.turn) ?? null;
    const beyond = !here || (target.end !== null && target.end > codePointLength(here.turn.text));
    if (beyond) announce(words.noSuchQuote);
    if (!here) return;
    here.section.classList.add("is-here");
    const found = target.start === null || target.end === null || beyond
      ? null
      : mark(here.text, here.paragraphs, target.start, target.end);
    /** @type {HTMLElement | null} */
    const focus = found ?? here.section.querySelector(".turn-who");
    focus?.focus({ preventScroll: true });
    const tall = found && found.getBoundingClientRect().height > window.innerHeight * TALL;
    (found ?? here.section).scrollIntoView({ behavior, block: found && !tall ? "center" : "start" });
    if (found) announce(words.marked(who(here.turn)));
  }

  const tools = el("div", { class: "reader-tools" }, contents(transcript), finder(drawn.map((one) => one.text)));
  return { parts: [header(transcript, title), tools, ...drawn.map((one) => one.section)], follow };
}
