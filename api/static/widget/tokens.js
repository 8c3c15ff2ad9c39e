/** Short-lived tokens, which the host page gets from a server that holds a key. */

/** A token this close to its end is not used any more. */
const TOKEN_MARGIN_MS = 20_000;

/** Gets tokens from the host page's own address and keeps each while it holds; widgets of one page share them. */
class Tokens {
  /** @type {Map<string, Promise<{token: string, endsAt: number}>>} */
  static #kept = new Map();

  /**
   * Return a token that still holds.
   *
   * @param {string} address
   * @returns {Promise<string>}
   */
  static async get(address) {
    const kept = Tokens.#kept.get(address);
    if (kept) {
      const { token, endsAt } = await kept;
      if (endsAt - Date.now() > TOKEN_MARGIN_MS) return token;
      if (Tokens.#kept.get(address) === kept) Tokens.#kept.delete(address);
    }
    const asking = Tokens.#kept.get(address) ?? Tokens.#fetch(address);
    Tokens.#kept.set(address, asking);
    try {
      return (await asking).token;
    } catch (cause) {
      Tokens.forget(address, asking);
      throw cause;
    }
  }

  /**
   * @param {string} address
   * @param {Promise<{token: string, endsAt: number}>} [which]  Only this one, if given.
   */
  static forget(address, which) {
    if (!which || Tokens.#kept.get(address) === which) Tokens.#kept.delete(address);
  }

  /** @param {string} address */
  static async #fetch(address) {
    /** @type {Response} */
    let response;
    try {
      response = await fetch(address, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
    } catch {
      throw new Trouble("unreachable", { detail: address });
    }
    const body = await response.json().catch(() => null);
    if (PASSING.has(response.status)) throw troubleOf(body, response.status, response.headers);
    if (!response.ok || !wordsOf(body?.token)) throw new Trouble("token", { status: response.status, detail: wordsOf(body?.detail) });
    const endsAt = Date.parse(wordsOf(body.expires_at));
    return { token: /** @type {string} */ (body.token), endsAt: Number.isNaN(endsAt) ? Infinity : endsAt };
  }
}
