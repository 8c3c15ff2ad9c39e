/** Keep what was asked in the page's address, so that it can be shared and gone back to. */

/** @typedef {import("./types.js").Ask} Ask */

const QUESTION_MOST = 2000;
const HISTORY_MOST = 20;

/** @param {string} text */
const trimmed = (text) => [...text.trim()].slice(0, QUESTION_MOST).join("");

/**
 * Read what was asked from an address's query; null when there is no question. `q` is the first question, each
 * `then` a follow-up; the last of them is what is asked.
 *
 * @param {string} search  Such as `?q=Why` or `?q=Why&then=Who`.
 * @returns {Ask | null}
 */
export function askFromAddress(search) {
  const query = new URLSearchParams(search);
  const questions = [query.get("q") ?? "", ...query.getAll("then")].map(trimmed).filter(Boolean);
  const question = questions.pop();
  if (!question) return null;
  const part = (/** @type {string} */ name) => query.get(name) ?? "";
  return {
    question, earlier: questions.slice(-HISTORY_MOST),
    speaker: part("speaker"), transcript: part("transcript"), from: part("from"), to: part("to"),
  };
}

/**
 * Write what was asked as an address of the ask page; choices that were not made are left out.
 *
 * @param {Ask} ask
 */
export function addressOfAsk(ask) {
  const [first = "", ...then] = [...ask.earlier, ask.question];
  const query = new URLSearchParams({ q: first });
  for (const question of then) query.append("then", question);
  if (ask.speaker) query.set("speaker", ask.speaker);
  if (ask.transcript) query.set("transcript", ask.transcript);
  if (ask.from) query.set("from", ask.from);
  if (ask.to) query.set("to", ask.to);
  return `/?${query}`;
}

/**
 * Return the questions that led to this one, each as it was asked.
 *
 * @param {Ask} ask
 * @returns {Ask[]}
 */
export const asksBefore = (ask) =>
  ask.earlier.map((question, index) => ({ ...ask, question, earlier: ask.earlier.slice(0, index) }));

/**
 * Read the quote to check from an address's query; empty when there is none.
 *
 * @param {string} search
 */
export const quoteFromAddress = (search) => trimmed(new URLSearchParams(search).get("check") ?? "");

/** @param {string} quote */
export const addressOfCheck = (quote) => `/?${new URLSearchParams({ check: quote })}`;
