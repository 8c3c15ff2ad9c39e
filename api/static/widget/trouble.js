/** What can go wrong, whether it passes, and which words say it. */

/** The longest that a server may ask to be left alone before the visitor is told instead. */
const MOST_PATIENCE_MS = 20_000;
const PASSING = new Set([429, 502, 503, 504]);

/**
 * What went wrong: `unreachable` (no reply), `lost` (broke off), `token` (the host page gave none), `problem` (a reply
 * with an HTTP status that says so), `broken` (a reply that makes no sense).
 *
 * @typedef {"unreachable" | "lost" | "token" | "problem" | "broken"} TroubleKind
 */
class Trouble extends Error {
  /**
   * @param {TroubleKind} kind
   * @param {{status?: number, detail?: string, reference?: string, waitMs?: number}} [more]
   */
  constructor(kind, { status = 0, detail = "", reference = "", waitMs = 0 } = {}) {
    super(`turnwise-chat: ${kind} ${status || ""} ${detail}`.trim());
    this.kind = kind;
    this.status = status;
    this.detail = detail;
    this.reference = reference;
    this.waitMs = waitMs;
  }

  /**
   * Which of the strings say it.
   *
   * @returns {"unreachable" | "lost" | "busy" | "signIn" | "forbidden" | "broken"}
   */
  get words() {
    if (this.kind === "unreachable" || this.kind === "lost") return this.kind;
    if (this.kind === "token" || this.status === 401) return "signIn";
    if (this.status === 403) return "forbidden";
    return PASSING.has(this.status) ? "busy" : "broken";
  }

  /** Whether trying again may help. */
  get isPassing() {
    if (this.kind === "unreachable" || this.kind === "lost") return true;
    return PASSING.has(this.status) && this.waitMs <= MOST_PATIENCE_MS;
  }
}

/** @param {unknown} value */
const wordsOf = (value) => (typeof value === "string" ? value : "");

/**
 * @param {any} body  A problem document (RFC 9457), if it is one.
 * @param {number} status
 * @param {Headers} [headers]
 */
function troubleOf(body, status, headers) {
  const waitMs = 1000 * Number(headers?.get("Retry-After") ?? 0) || 0;
  const fields = Array.isArray(body?.errors) ? body.errors.map((/** @type {any} */ one) => wordsOf(one?.detail ?? one?.msg)) : [];
  const detail = [wordsOf(body?.detail), ...fields].filter(Boolean).join(" ");
  return new Trouble("problem", { status, detail, reference: headers?.get("X-Request-ID") ?? "", waitMs });
}
