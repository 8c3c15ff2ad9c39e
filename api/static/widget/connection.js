/** Ask the server and hear its answer as it comes: server-sent events over fetch (WHATWG HTML, section 9.2). */

/** Waits before another try when a connection fails or the server is busy. */
const RETRY_AFTER_MS = [800, 1600, 3200];
/** The server sends something at least every 15 s; three times as long means that it is gone. */
const SILENCE_MS = 45_000;

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
      if (pause === undefined) {
        if (cause.kind === "unreachable") tellDeveloper(address);
        throw cause;
      }
      wait(cause);
      await untilLater(Math.max(cause.waitMs, pause * (0.8 + 0.4 * Math.random())), signal);
    }
  }
}

/** Servers about which the console has been told. */
const told = new Set();

/**
 * Tell whoever put the widget into the page what to look at: to a script, a server that is down and one that does not
 * let this page's origin in look the same.
 *
 * @param {string} address
 */
function tellDeveloper(address) {
  const { origin } = new URL(address);
  if (origin === location.origin || told.has(origin)) return;
  told.add(origin);
  console.warn(`turnwise-chat: ${origin} gave this page no answer. If the server is running, start it with`
    + ` TURNWISE_ALLOWED_ORIGINS=${location.origin}, and if this page has a content policy, add ${origin} to connect-src.`);
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
