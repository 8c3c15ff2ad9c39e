/** What can go wrong, in words for the reader: the server's own where it gives any. */

import { strings } from "./strings.js";

/** What went wrong, in words for the reader. */
export class Trouble extends Error {
  /**
   * @param {"offline" | "problem" | "starting"} kind
   * @param {number} status  HTTP status; 0 when there was no reply.
   * @param {string} title
   * @param {string} detail
   * @param {string} [reference]  The request id to quote in a report.
   * @param {string} [signIn]  Where the person can sign in, if that is what is missing.
   */
  constructor(kind, status, title, detail, reference = "", signIn = "") {
    super(title);
    this.kind = kind;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.reference = reference;
    this.signIn = signIn;
  }
}

/**
 * Read a problem document (RFC 9457).
 *
 * @param {any} body  A problem document, or what came instead.
 * @param {number} status
 * @param {string} reference
 */
export function problem(body, status, reference) {
  const { unexpectedTitle, unexpectedDetail } = strings.trouble;
  const title = words(body?.title);
  return new Trouble("problem", status, title || unexpectedTitle, explain(body) || (title ? "" : unexpectedDetail), reference);
}

/** @param {unknown} value */
const words = (value) => (typeof value === "string" ? value : "");

/**
 * Return a problem's own words: its detail, and what each field got wrong.
 *
 * @param {any} body
 */
function explain(body) {
  const fields = Array.isArray(body?.errors) ? body.errors.map((/** @type {any} */ e) => words(e?.msg ?? e?.detail)) : [];
  const detail = words(body?.detail);
  return [detail, ...fields.filter((/** @type {string} */ said) => said && !detail.includes(said))].filter(Boolean).join(". ");
}

/** @param {string} address  Where people sign in. */
export const signInWanted = (address) =>
  new Trouble("problem", 401, strings.trouble.signInTitle, strings.trouble.signInDetail, "", address);

/** Where nobody can sign in, only programs with a key are let in. */
export const keyWanted = () => new Trouble("problem", 401, strings.trouble.keyTitle, strings.trouble.keyDetail);
