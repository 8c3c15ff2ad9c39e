/** Ask the server and hear its answer as it comes: server-sent events over fetch (WHATWG HTML, section 9.2). */

/** Waits before another try when a connection fails or the server is busy. */
const RETRY_AFTER_MS = [800, 1600, 3200];
/** The server sends something at least every 15 s; three times as long means that it is gone. */
const SILENCE_MS = 45_000;
/** A token this close to its end is not used any more. */
const TOKEN_MARGIN_MS = 20_000;
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

/**
 * Yield the events of a stream, however it is cut into pieces.
 *
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {() => void} onLife  Called whenever something comes, comments too.
 * @returns {AsyncGenerator<{name: string, data: string}>}
 */
async function* eventsOf(reader, onLife) {
  const decoder = new TextDecoder();
  let rest = "";
  let name = "";
  /** @type {string[]} */
  let data = [];
  for (;;) {
    const { done, value } = await reader.read();
    onLife();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line) {
        if (data.length) yield { name, data: data.join("\n") };
        name = "";
        data = [];
        continue;
      }
      const [, field, said = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === "event") name = said;
      if (field === "data") data.push(said);
    }
    if (done) return;
  }
}

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

/**
 * Ask once.
 *
 * @param {string} address
 * @param {Asked} asked
 * @param {string} token  Empty without one.
 * @param {(name: string, data: any) => void} hear
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
async function askOnce(address, asked, token, hear, signal) {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  let watch = setTimeout(leave, SILENCE_MS);
  const onLife = () => { clearTimeout(watch); watch = setTimeout(leave, SILENCE_MS); };
  signal.addEventListener("abort", leave);
  let hasBegun = false;
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream", ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(asked),
      credentials: "same-origin",
      cache: "no-store",
      signal: leaving.signal,
    });
    onLife();
    if (!response.ok) throw troubleOf(await response.json().catch(() => null), response.status, response.headers);
    // A server or proxy that does not stream still answers.
    if (!/^text\/event-stream/i.test(response.headers.get("Content-Type") ?? "")) return answerOf(await response.json());
    if (!response.body) throw new Trouble("broken");
    for await (const { name, data } of eventsOf(response.body.getReader(), onLife)) {
      hasBegun = true;
      const said = JSON.parse(data);
      if (name === "done") return answerOf(said);
      if (name === "error") throw troubleOf(said, Number(said?.status) || 500, response.headers);
      hear(name, said);
    }
    throw new Trouble("lost");
  } catch (cause) {
    if (cause instanceof Trouble || signal.aborted) throw cause;
    if (cause instanceof SyntaxError) throw new Trouble("broken");
    throw new Trouble(hasBegun ? "lost" : "unreachable");
  } finally {
    clearTimeout(watch);
    signal.removeEventListener("abort", leave);
    leave();
  }
}

/**
 * @param {any} said
 * @returns {Answer}
 */
function answerOf(said) {
  const lists = [said?.citations, said?.passages, said?.related_questions];
  if (typeof said?.answer !== "string" || !lists.every(Array.isArray)) throw new Trouble("broken");
  return said;
}

/**
 * Ask, and try again while that may help.
 *
 * @param {{address: string, tokenUrl: string, asked: Asked}} what
 * @param {{hear: (name: string, data: any) => void, wait: (cause: Trouble) => void}} listener
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
async function askServer({ address, tokenUrl, asked }, { hear, wait }, signal) {
  let isRenewed = false;
  for (let failures = 0; ;) {
    try {
      const token = tokenUrl && (await Tokens.get(tokenUrl));
      signal.throwIfAborted();
      return await askOnce(address, asked, token, hear, signal);
    } catch (cause) {
      if (signal.aborted || !(cause instanceof Trouble)) throw cause;
      if (cause.status === 401 && cause.kind === "problem" && tokenUrl && !isRenewed) {
        isRenewed = true;
        Tokens.forget(tokenUrl);
        continue;
      }
      if (!cause.isPassing) throw cause;
      if (!navigator.onLine) {
        wait(cause);
        await untilOnline(signal);
        failures = 0;
        continue;
      }
      const pause = RETRY_AFTER_MS[failures++];
      if (pause === undefined) throw cause;
      wait(cause);
      await untilLater(Math.max(cause.waitMs, pause * (0.8 + 0.4 * Math.random())), signal);
    }
  }
}

/** @param {number} ms @param {AbortSignal} signal */
const untilLater = (ms, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
});

/** @param {AbortSignal} signal */
const untilOnline = (signal) => new Promise((resolve, reject) => {
  window.addEventListener("online", resolve, { once: true, signal });
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
});
