/** Say in words when a speaker is not simply what the source states. */

import { el } from "./dom.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Attribution} Attribution
 * @typedef {{speaker: string | null, attribution: Attribution, attribution_reason: string | null}} Attributed
 */

/**
 * Return how a speaker is known, in words; empty when the source names them.
 *
 * @param {Omit<Attributed, "speaker">} said
 */
export function attributionWords(said) {
  if (said.attribution === "labelled" || !(said.attribution in strings.attribution)) return "";
  return `${strings.attribution[said.attribution]}${said.attribution_reason ? `: ${said.attribution_reason}` : ""}`;
}

/**
 * Return the remark on how a speaker is known, or null when the source names them.
 *
 * @param {Attributed} said
 * @param {boolean} [whoIsShown]  Whether "Speaker not known" stands beside it already, so that the reason is enough.
 * @returns {HTMLElement | null}
 */
export function attributionRemark(said, whoIsShown = false) {
  if (!attributionWords(said) || said.attribution === "labelled") return null;
  if (whoIsShown && said.speaker === null && said.attribution === "unknown") {
    return said.attribution_reason ? el("span", { class: "attribution" }, strings.attribution.because(said.attribution_reason)) : null;
  }
  const reason = said.attribution_reason ? `: ${said.attribution_reason}` : "";
  return el("span", { class: "attribution" }, el("strong", {}, strings.attribution[said.attribution]), reason);
}
