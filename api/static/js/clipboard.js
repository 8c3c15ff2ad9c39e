/** Copy text, and say whether it worked where the reader is looking. */

import { announce, el } from "./dom.js";
import { strings } from "./strings.js";

const SHOWN_FOR_MS = 2500;

/**
 * Copy the text. The newer interface exists on secure origins only, so a plain intranet page takes the older way.
 *
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const carrier = el("textarea", { class: "visually-hidden", "aria-hidden": "true", tabindex: "-1" });
    const focused = document.activeElement;
    carrier.value = text;
    document.body.append(carrier);
    carrier.select();
    const copied = document.execCommand("copy");
    carrier.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    return copied;
  }
}

/**
 * Create a button that copies what `text` returns when pressed.
 *
 * @param {(string | Node)[]} label
 * @param {() => string} text
 * @param {string} [className]
 */
export function copyButton(label, text, className = "button button-quiet") {
  const shown = el("span", {}, label);
  const button = el("button", { type: "button", class: className, onclick: press }, shown);
  let timer = 0;

  async function press() {
    const copied = await copy(text());
    announce(copied ? strings.copy.done : strings.copy.failed);
    shown.replaceChildren(copied ? strings.copy.done : strings.copy.failed);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => { shown.replaceChildren(...label); }, SHOWN_FOR_MS);
  }
  return button;
}
