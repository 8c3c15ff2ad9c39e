/** Say what went wrong, and offer to try again. */

import { el } from "./dom.js";
import { signInAddress } from "./links.js";
import { strings } from "./strings.js";

/**
 * Return a message about what went wrong.
 *
 * @param {import("./problem.js").Trouble} trouble
 * @param {() => void} onRetry
 * @param {"h2" | "h3"} [heading]
 */
export function troubleMessage(trouble, onRetry, heading = "h3") {
  return el(
    "div",
    { class: "message notice notice-alert" },
    el(heading, {}, trouble.title),
    trouble.detail && el("p", {}, trouble.detail),
    trouble.reference && trouble.status >= 500 && el("p", {}, strings.trouble.reference(trouble.reference)),
    trouble.signIn
      ? el("a", { class: "button", href: signInAddress(trouble.signIn) }, strings.trouble.signIn)
      : el("button", { type: "button", class: "button button-quiet", onclick: () => onRetry() }, strings.trouble.tryAgain),
  );
}
