/** Show the passages nearest to a question that has no answer, so that nobody takes them for one. */

import { attributionRemark } from "./attribution.js";
import { el, hiddenText } from "./dom.js";
import { dateInWords, list, post, who } from "./format.js";
import { readerLink } from "./links.js";
import { strings } from "./strings.js";

/** @typedef {import("./types.js").Passage} Passage */

const MOST_SHOWN = 3;
const TURNS_SHOWN = 2;

/**
 * Return how many of the passages are shown.
 *
 * @param {Passage[]} passages
 */
export const shownPassages = (passages) => Math.min(passages.length, MOST_SHOWN);

/** @param {Passage[]} passages */
export function nearestPassages(passages) {
  return el(
    "section",
    { class: "nearest", "aria-labelledby": "nearest-title" },
    el("h3", { id: "nearest-title" }, strings.answer.nearest),
    el("p", {}, strings.answer.nearestNote),
    el("ol", {}, passages.slice(0, MOST_SHOWN).map(passageItem)),
  );
}

/** @param {Passage} passage */
function passageItem(passage) {
  const read = readerLink(passage.link);
  return el(
    "li",
    { class: "passage" },
    el("h4", { class: "passage-title", dir: "auto" }, list(passage.title, dateInWords(passage.date))),
    passage.turns.slice(0, TURNS_SHOWN).map((turn) => [
      el("p", { class: "passage-turn", dir: "auto" },
        el("b", {}, who(turn)), post(turn.role, turn.organisation) && `, ${post(turn.role, turn.organisation)}`, `: ${turn.text}`),
      attributionRemark(turn, true),
    ]).flat(),
    read && el("p", { class: "source-links" },
      el("a", { href: read, "data-reader": true, "data-print-address": new URL(read, window.location.href).href },
        strings.answer.readInContext, hiddenText(`: ${passage.title}`))),
  );
}
