/**
 * Remember the last answers in this tab, so that coming back from the reader shows them at once and in place.
 * They stay on the device and go when the tab is closed.
 */

/** @typedef {import("./types.js").Answer} Answer */

const OURS = "turnwise.";
const KEY = "turnwise.answers.1";
const LAST = "turnwise.last.1";
const MOST_KEPT = 12;
const KEPT_FOR_MS = 10 * 60 * 1000;

/** @typedef {{address: string, at: number, answer: Answer}} Entry */

/**
 * The answers where storage is full or switched off: for as long as the page is open.
 *
 * @type {Entry[] | null}
 */
let held = null;

/** @returns {Entry[]} */
function entries() {
  try {
    const kept = held ?? JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((entry) => Date.now() - entry.at < KEPT_FOR_MS) : [];
  } catch {
    return [];
  }
}

/**
 * Keep an answer under the address that asks for it.
 *
 * @param {string} address
 * @param {Answer} answer
 */
export function remember(address, answer) {
  const others = entries().filter((entry) => entry.address !== address).slice(0, MOST_KEPT - 1);
  const kept = [{ address, at: Date.now(), answer }, ...others];
  try {
    sessionStorage.setItem(LAST, address);
    sessionStorage.setItem(KEY, JSON.stringify(kept));
    held = null;
  } catch {
    held = kept;
  }
}

/**
 * Return the answer kept for an address, or null.
 *
 * @param {string} address
 * @returns {Answer | null}
 */
export const recall = (address) => entries().find((entry) => entry.address === address)?.answer ?? null;

/** @returns {string | null} The address of the last question asked in this tab. */
export function lastAsked() {
  try {
    const address = sessionStorage.getItem(LAST);
    return address?.startsWith("/?") ? address : null;
  } catch {
    return null;
  }
}

/** Forget all that this browser keeps for these pages. */
export function forgetEverything() {
  held = null;
  try {
    for (const storage of [sessionStorage, localStorage]) {
      for (const key of Object.keys(storage).filter((one) => one.startsWith(OURS))) storage.removeItem(key);
    }
  } catch {
    // Switched off, so there was nothing.
  }
}

/**
 * Return what this tab keeps under a name, or null.
 *
 * @param {string} name
 * @returns {any}
 */
export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(OURS + name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Keep something for as long as this tab is open, if the browser lets us.
 *
 * @param {string} name
 * @param {unknown} value
 */
export function keep(name, value) {
  try {
    sessionStorage.setItem(OURS + name, JSON.stringify(value));
  } catch {
    // Full or switched off: it is made anew then.
  }
}
