/** Show an answer while it is being written: its words as they come, each number once its citation is known. */

import { marker } from "./citations.js";
import { el } from "./dom.js";
import { segment } from "./segments.js";

/**
 * @typedef {import("./types.js").Citation} Citation
 * @typedef {import("./events.js").ServerEvent} ServerEvent
 */

/**
 * Return where the answer grows, and what hears the events of its stream. It is drawn at most once a frame; what the
 * last event brings replaces it.
 *
 * @param {() => void} onFirst  Called when the first words are there.
 */
export function growingAnswer(onFirst) {
  const element = el("div", { class: "answer-text growing" });
  /** @type {Citation[]} */
  const citations = [];
  let text = "";
  let waiting = false;

  function draw() {
    waiting = false;
    const lines = text.split("\n").filter((line) => line.trim());
    element.replaceChildren(...lines.map((line) => el("p", { dir: "auto" }, segment(line, citations).map((part) => {
      const citation = citations.find(({ n }) => n === part.n);
      if (part.kind === "marker" && citation) return marker(citation);
      return part.kind === "quote" ? el("q", {}, part.text) : part.text;
    }))));
  }

  /** @param {ServerEvent} event */
  function hear({ name, data }) {
    if (name === "citation") citations.push(data);
    if (name !== "token" || typeof data?.text !== "string") return;
    if (!text) onFirst();
    text += data.text;
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(draw);
  }
  return { element, hear };
}
