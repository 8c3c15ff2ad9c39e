/** The reader: one conversation, with the words that the address points to marked. */

import { getTranscript, whenReady } from "./api.js";
import { drawConversation } from "./conversation.js";
import { el, need } from "./dom.js";
import { transcriptIdOf } from "./links.js";
import { lastAsked } from "./memory.js";
import { movement } from "./motion.js";
import { Trouble } from "./problem.js";
import { showPerson } from "./person.js";
import { strings } from "./strings.js";
import { troubleMessage } from "./trouble.js";
import { fillWords } from "./words.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const main = need("main", HTMLElement);
const back = need("back", HTMLAnchorElement);
const words = strings.reader;

/** @type {Conversation | null} */
let conversation = null;

/** @param {Trouble} trouble */
function showTrouble(trouble) {
  if (trouble.status !== 404) {
    main.replaceChildren(el("div", { class: "reader-head" }, troubleMessage(
      new Trouble(trouble.kind, trouble.status, trouble.title || words.failedTitle, trouble.detail, trouble.reference, trouble.signIn),
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
    const transcript = await whenReady(() => getTranscript(id), () => {
      main.replaceChildren(el("p", { class: "loading" }, strings.trouble.warmingTitle));
    });
    document.title = words.titled(transcript.title);
    conversation = drawConversation(transcript, el("h1", { tabindex: "-1", dir: "auto" }, transcript.title), "h2");
    main.replaceChildren(...conversation.parts);
    conversation.follow(window.location.hash, "instant");
  } catch (cause) {
    if (!(cause instanceof Trouble)) throw cause;
    showTrouble(cause);
  }
  main.setAttribute("aria-busy", "false");
}

fillWords();
void showPerson();
const answered = lastAsked();
if (answered) {
  back.href = answered;
  back.textContent = words.backToAnswer;
}
window.addEventListener("hashchange", () => conversation?.follow(window.location.hash, movement()));
await open();
