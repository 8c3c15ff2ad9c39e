/** On wide screens a citation opens the conversation beside the answer; on narrow ones its link is simply followed. */

import { getTranscript, whenReady } from "./api.js";
import { drawConversation } from "./conversation.js";
import { announce, el, hiddenText, need } from "./dom.js";
import { transcriptIdOf } from "./links.js";
import { movement } from "./motion.js";
import { Trouble } from "./problem.js";
import { strings } from "./strings.js";
import { troubleMessage } from "./trouble.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const WIDE = window.matchMedia("(min-width: 72rem)");
const words = strings.beside;
const place = need("beside", HTMLElement);

/** @type {{id: string, title: string, conversation: Conversation} | null} */
let open = null;
/** @type {HTMLElement | null} What was pressed, to give the focus back to. */
let opener = null;
let asked = 0;

/** Close the conversation, if one is open, without moving the focus. */
export function shut() {
  asked += 1;
  open = null;
  place.hidden = true;
  place.replaceChildren();
  document.body.classList.remove("has-beside");
}

function close() {
  const from = opener;
  shut();
  if (from?.isConnected) {
    from.focus({ preventScroll: true });
    from.scrollIntoView({ block: "nearest", behavior: movement() });
  } else need("main", HTMLElement).focus();
}

/**
 * Show a conversation beside the answer.
 *
 * @param {URL} address  Of the reader.
 */
async function show(address) {
  const id = transcriptIdOf(address.pathname);
  if (id === null) return;
  asked += 1;
  const mine = asked;
  document.body.classList.add("has-beside");
  place.hidden = false;
  // The title stays in sight: whoever comes by a link lands in the middle of a conversation.
  const bar = (/** @type {HTMLElement} */ title) => el("div", { class: "beside-bar" },
    el("div", {}, title, el("a", { href: address.pathname + address.hash }, words.alone)),
    el("button", { type: "button", class: "button button-quiet", onclick: close }, words.close, hiddenText(`: ${words.label}`)));
  const heading = (/** @type {string} */ text, className = "beside-title") =>
    el("h2", { id: "beside-title", class: className, tabindex: "-1", dir: "auto" }, text);
  if (open?.id === id) {
    place.firstElementChild?.replaceWith(bar(heading(open.title)));
    open.conversation.follow(address.hash, movement());
    return;
  }
  const waiting = heading(strings.page.opening, "beside-title loading");
  place.replaceChildren(bar(waiting));
  waiting.focus({ preventScroll: true });
  try {
    const transcript = await whenReady(() => getTranscript(id), () => announce(strings.trouble.warmingTitle));
    if (mine !== asked) return;
    const title = heading(transcript.title);
    const conversation = drawConversation(transcript, null, "h3");
    open = { id, title: transcript.title, conversation };
    place.replaceChildren(bar(title), ...conversation.parts);
    place.scrollTop = 0;
    title.focus({ preventScroll: true });
    conversation.follow(address.hash, "instant");
  } catch (cause) {
    if (!(cause instanceof Trouble)) throw cause;
    open = null;
    if (mine !== asked) return;
    place.replaceChildren(bar(heading(strings.reader.failedTitle)), troubleMessage(cause, () => void show(address)));
    announce(`${cause.title}. ${cause.detail}`);
  }
}

/** Open links to the reader beside the answer where there is room; a click with a modifier key stays the browser's. */
export function watchReaderLinks() {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[data-reader], .beside a[data-turn]") : null;
    if (!(link instanceof HTMLAnchorElement) || !WIDE.matches) return;
    event.preventDefault();
    if (!place.contains(link)) opener = link;
    void show(new URL(link.href));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open && !event.defaultPrevented && place.contains(document.activeElement)) close();
  });
  WIDE.addEventListener("change", () => { if (!WIDE.matches && !place.hidden) close(); });
}
