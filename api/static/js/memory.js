/**
 * Remember the last answers in this tab, so that coming back from the reader shows them at once and in place.
 * They stay on the device and go when the tab is closed.
 */

/** @typedef {import("./types.js").Answer} Answer */

const KEY = "turnwise.answers.1";
const LAST = "turnwise.last.1";
const MOST_KEPT = 12;
const KEPT_FOR_MS = 10 * 60 * 1000;

/** @typedef {{address: string, at: number, answer: Answer}} Entry */

/** @returns {Entry[]} */
function entries() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
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
  const kept = entries().filter((entry) => entry.address !== address).slice(0, MOST_KEPT - 1);
  try {
    sessionStorage.setItem(LAST, address);
    sessionStorage.setItem(KEY, JSON.stringify([{ address, at: Date.now(), answer }, ...kept]));
  } catch {
    // Storage is full or switched off: the question is simply asked again.
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
