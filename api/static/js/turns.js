/** Draw the turns of a conversation, each with who speaks, when, and how to point to it. */

import { attributionRemark } from "./attribution.js";
import { copyButton } from "./clipboard.js";
import { sourceLine } from "./copied.js";
import { el, hiddenText } from "./dom.js";
import { clock, post, who } from "./format.js";
import { mediaLink, transcriptAddress } from "./links.js";
import { paragraphs } from "./offsets.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Transcript} Transcript
 * @typedef {import("./types.js").Turn} Turn
 * @typedef {import("./offsets.js").Paragraph} Paragraph
 *
 * @typedef {object} DrawnTurn
 * @property {Turn} turn
 * @property {HTMLElement} section  Has the id `turn-12`.
 * @property {HTMLElement} text
 * @property {Paragraph[]} paragraphs
 */

/**
 * Draw one turn.
 *
 * @param {Transcript} transcript
 * @param {Turn} turn
 * @param {"h2" | "h3"} heading
 * @returns {DrawnTurn}
 */
export function drawTurn(transcript, turn, heading) {
  const name = who(turn);
  const headingId = `turn-${turn.turn}-speaker`;
  const organisation = transcript.speakers.find((speaker) => speaker.name === turn.speaker)?.organisation ?? null;
  const role = post(turn.role, organisation);
  const time = clock(turn.start_time);
  const address = transcriptAddress(transcript.id, turn.turn);
  const media = mediaLink(transcript.url, turn.start_time);
  const parts = paragraphs(turn.text);
  const text = el("div", { class: "turn-text" }, turn.text
    ? parts.map((part) => el("p", { dir: "auto" }, part.text))
    : el("p", { class: "turn-empty" }, strings.reader.noWords));

  const asText = () => {
    const citation = { ...turn, organisation, title: transcript.title, date: transcript.date };
    return `“${turn.text}”\n\n${sourceLine(citation, window.location.origin + address)}`;
  };
  // An article is no landmark: a hundred landmarks of few names would help nobody to get about.
  const section = el(
    "article",
    { id: `turn-${turn.turn}`, class: "turn", "aria-labelledby": headingId },
    el(
      "div",
      { class: "turn-head" },
      el(heading, { id: headingId, class: "turn-who", tabindex: "-1" }, name),
      role && el("p", { class: "turn-role" }, role),
      attributionRemark(turn, true),
      el(
        "div",
        { class: "turn-tools" },
        time && el("time", {}, time),
        el("a", { href: address }, strings.reader.link, hiddenText(strings.reader.linkTo(name))),
        media && el("a", { href: media, rel: "noopener noreferrer" }, strings.answer.play(time)),
        turn.text && copyButton([strings.reader.copy, hiddenText(strings.reader.copyOf(name))], asText, "turn-copy"),
      ),
    ),
    text,
  );
  return { turn, section, text, paragraphs: turn.text ? parts : [] };
}
