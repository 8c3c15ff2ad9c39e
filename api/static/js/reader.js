/** The reader: one conversation, with the words that the address points to marked. */

import { getTranscript, Trouble, whenReady } from "./api.js";
import { announce, el, need } from "./dom.js";
import { dateInWords, post, who } from "./format.js";
import { outsideLink, transcriptIdOf } from "./links.js";
import { mark } from "./marking.js";
import { lastAsked } from "./memory.js";
import { codePointLength, parseTarget } from "./offsets.js";
import { strings } from "./strings.js";
import { troubleMessage } from "./trouble.js";
import { drawTurn } from "./turns.js";

/**
 * @typedef {import("./types.js").Transcript} Transcript
 * @typedef {import("./turns.js").DrawnTurn} DrawnTurn
 */

const main = need("main", HTMLElement);
const back = need("back", HTMLAnchorElement);
const words = strings.reader;

/** @type {Map<number, DrawnTurn>} */
const turns = new Map();
/** @type {DrawnTurn | null} */
let here = null;

/** @param {Transcript} transcript */
function header(transcript) {
  const source = outsideLink(transcript.url);
  return el(
    "header",
    { class: "reader-head" },
    el("h1", { tabindex: "-1", dir: "auto" }, transcript.title),
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

/** @param {Transcript} transcript */
function draw(transcript) {
  document.title = words.titled(transcript.title);
  const drawn = transcript.turns.map((turn) => drawTurn(transcript, turn));
  drawn.forEach((one) => turns.set(one.turn.turn, one));
  main.replaceChildren(header(transcript), ...drawn.map((one) => one.section));
}

/**
 * Scroll to what the address points to, mark it and put the focus there.
 *
 * @param {ScrollBehavior} behavior
 */
function followHash(behavior) {
  if (here) {
    here.section.classList.remove("is-here");
    mark(here.text, here.paragraphs, 0, 0);
    here = null;
  }
  const target = parseTarget(window.location.hash);
  if (!target) return;
  here = turns.get(target.turn) ?? null;
  const beyond = !here || (target.end !== null && target.end > codePointLength(here.turn.text));
  if (beyond) announce(words.noSuchQuote);
  if (!here) return;
  here.section.classList.add("is-here");
  const found = target.start === null || target.end === null || beyond
    ? null
    : mark(here.text, here.paragraphs, target.start, target.end);
  const focus = found ?? here.section.querySelector("h2");
  focus?.focus({ preventScroll: true });
  // A long quote should begin on the screen, so it is not centred.
  const tall = found && found.getBoundingClientRect().height > window.innerHeight * 0.6;
  (found ?? here.section).scrollIntoView({ behavior, block: found && !tall ? "center" : "start" });
  if (found) announce(words.marked(who(here.turn)));
}

/** @param {Trouble} trouble */
function showTrouble(trouble) {
  if (trouble.status !== 404) {
    main.replaceChildren(el("div", { class: "reader-head" }, troubleMessage(
      new Trouble(trouble.kind, trouble.status, trouble.title || words.failedTitle, trouble.detail, trouble.reference),
      () => void open(), "h2")));
    return;
  }
  document.title = words.titled(words.notFoundTitle);
  main.replaceChildren(el(
    "div",
    { class: "reader-head" },
    el("h1", {}, words.notFoundTitle),
    el("p", {}, words.notFoundDetail),
    el("p", {}, el("a", { href: "/" }, words.toAskPage)),
  ));
}

async function open() {
  const id = transcriptIdOf(window.location.pathname);
  try {
    if (id === null) throw new Trouble("problem", 404, words.notFoundTitle, words.notFoundDetail);
    draw(await whenReady(() => getTranscript(id), () => {
      main.replaceChildren(el("p", { class: "loading" }, strings.trouble.warmingTitle));
    }));
    followHash("instant");
  } catch (cause) {
    if (!(cause instanceof Trouble)) throw cause;
    showTrouble(cause);
  }
  main.setAttribute("aria-busy", "false");
}

const answered = lastAsked();
if (answered) {
  back.href = answered;
  back.textContent = words.backToAnswer;
}
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
window.addEventListener("hashchange", () => followHash(calm.matches ? "instant" : "smooth"));
await open();
