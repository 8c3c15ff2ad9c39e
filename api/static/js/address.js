/** Keep what was asked in the page's address, so that it can be shared and gone back to. */

/** @typedef {import("./types.js").Ask} Ask */

const QUESTION_MOST = 2000;

/**
 * Read what was asked from an address's query; null when there is no question.
 *
 * @param {string} search  Such as `?q=Why`.
 * @returns {Ask | null}
 */
export function askFromAddress(search) {
  const query = new URLSearchParams(search);
  const question = [...(query.get("q") ?? "").trim()].slice(0, QUESTION_MOST).join("");
  if (!question) return null;
  const part = (/** @type {string} */ name) => query.get(name) ?? "";
  return { question, speaker: part("speaker"), transcript: part("transcript"), from: part("from"), to: part("to") };
}

/**
 * Write what was asked as an address of the ask page; choices that were not made are left out.
 *
 * @param {Ask} ask
 */
export function addressOfAsk(ask) {
  const query = new URLSearchParams({ q: ask.question });
  if (ask.speaker) query.set("speaker", ask.speaker);
  if (ask.transcript) query.set("transcript", ask.transcript);
  if (ask.from) query.set("from", ask.from);
  if (ask.to) query.set("to", ask.to);
  return `/?${query}`;
}
