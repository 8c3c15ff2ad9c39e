/**
 * Show a quote and its source beside its number, on hover and on focus (WCAG 2.2, 1.4.13: it can be dismissed with
 * Escape, pointed at, and stays until the pointer or the focus leaves).
 */

import { el } from "./dom.js";
import { dateInWords, list, who } from "./format.js";

/** @typedef {import("./types.js").Citation} Citation */

const WAIT_MS = 180;
const LONGEST = 280;
/** Room kept between the preview and the edge of the window, in pixels. */
const EDGE = 12;

/** @type {HTMLElement | null} */
let shown = null;
let timer = 0;

function hide() {
  window.clearTimeout(timer);
  shown?.remove();
  shown = null;
}

/** @param {string} text */
const shortened = (text) => ([...text].length > LONGEST ? `${[...text].slice(0, LONGEST).join("").trimEnd()}…` : text);

/**
 * @param {HTMLElement} marker
 * @param {Citation} citation
 */
function show(marker, citation) {
  hide();
  // The link's own name says "Quote 1, read in context", and the quote stands in the answer: nothing to say twice.
  shown = el(
    "div",
    { class: "preview", "aria-hidden": "true" },
    el("p", { class: "preview-quote", dir: "auto" }, `“${shortened(citation.quote)}”`),
    el("p", { class: "preview-source", dir: "auto" }, list(who(citation), citation.title, dateInWords(citation.date))),
  );
  shown.addEventListener("pointerenter", () => window.clearTimeout(timer));
  shown.addEventListener("pointerleave", hideSoon);
  document.body.append(shown);
  const at = marker.getBoundingClientRect();
  const box = shown.getBoundingClientRect();
  const left = Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - box.width - EDGE));
  const below = at.bottom + box.height + EDGE < window.innerHeight;
  shown.style.left = `${left + window.scrollX}px`;
  shown.style.top = `${(below ? at.bottom + 4 : at.top - box.height - 4) + window.scrollY}px`;
}

function hideSoon() {
  window.clearTimeout(timer);
  timer = window.setTimeout(hide, WAIT_MS);
}

/**
 * Give a number its preview.
 *
 * @param {HTMLElement} marker
 * @param {Citation} citation
 */
export function offerPreview(marker, citation) {
  marker.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "touch") return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => show(marker, citation), WAIT_MS);
  });
  marker.addEventListener("pointerleave", hideSoon);
  marker.addEventListener("focus", () => { if (marker.matches(":focus-visible")) show(marker, citation); });
  marker.addEventListener("blur", hide);
  marker.addEventListener("click", hide);
}

document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
window.addEventListener("resize", hide);
