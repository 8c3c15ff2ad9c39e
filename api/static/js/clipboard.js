/** Copy text, and say whether it worked where the reader is looking. */

import { announce, el } from "./dom.js";
import { strings } from "./strings.js";

const SHOWN_FOR_MS = 2500;

/** @typedef {{text: string, html?: string}} Copied */

/**
 * Copy the text, and the HTML if there is any. The newer interface exists on secure origins only, so a plain intranet
 * page takes the older way.
 *
 * @param {Copied} copied
 * @returns {Promise<boolean>}
 */
async function copy({ text, html }) {
  try {
    if (html === undefined) await navigator.clipboard.writeText(text);
    else {
      const kind = (/** @type {string} */ type, /** @type {string} */ content) => new Blob([content], { type });
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": kind("text/plain", text), "text/html": kind("text/html", html) })]);
    }
    return true;
  } catch {
    return copyTheOlderWay(text, html);
  }
}

/**
 * @param {string} text
 * @param {string | undefined} html
 */
function copyTheOlderWay(text, html) {
  const give = (/** @type {ClipboardEvent} */ event) => {
    event.clipboardData?.setData("text/plain", text);
    if (html !== undefined) event.clipboardData?.setData("text/html", html);
    event.preventDefault();
  };
  const carrier = el("textarea", { class: "visually-hidden", "aria-hidden": "true", tabindex: "-1" });
  const focused = document.activeElement;
  carrier.value = text;
  document.body.append(carrier);
  carrier.select();
  document.addEventListener("copy", give);
  const done = document.execCommand("copy");
  document.removeEventListener("copy", give);
  carrier.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return done;
}

/**
 * Create a button that copies what `what` returns when pressed.
 *
 * @param {(string | Node)[]} label
 * @param {() => string | Copied} what
 * @param {string} [className]
 */
export function copyButton(label, what, className = "button button-quiet") {
  const shown = el("span", {}, label);
  const button = el("button", { type: "button", class: className, onclick: press }, shown);
  let timer = 0;

  async function press() {
    const wanted = what();
    const copied = await copy(typeof wanted === "string" ? { text: wanted } : wanted);
    announce(copied ? strings.copy.done : strings.copy.failed);
    shown.replaceChildren(copied ? strings.copy.done : strings.copy.failed);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => { shown.replaceChildren(...label); }, SHOWN_FOR_MS);
  }
  return button;
}
