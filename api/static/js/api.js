/** Talk to the server. Everything that can go wrong comes out as one kind of error with words for the reader. */

import { serverEvents } from "./events.js";
import { keyWanted, problem, signInWanted, Trouble } from "./problem.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Ask} Ask
 * @typedef {import("./types.js").Feedback} Feedback
 * @typedef {import("./types.js").Filters} Filters
 * @typedef {import("./types.js").Me} Me
 * @typedef {import("./types.js").QuoteCheck} QuoteCheck
 * @typedef {import("./events.js").ServerEvent} ServerEvent
 * @typedef {import("./types.js").Transcript} Transcript
 * @typedef {import("./types.js").TranscriptSummary} TranscriptSummary
 */

const READY_EVERY_MS = 1500;
const READY_WITHIN_MS = 120_000;
const UNKNOWN_CALLER = 401;

/** @param {unknown} cause */
const isAbort = (cause) => cause instanceof DOMException && cause.name === "AbortError";

/**
 * @param {unknown} body
 * @returns {RequestInit}
 */
const asJson = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/**
 * Send a request and return the response, whatever its status.
 *
 * @param {string} path
 * @param {RequestInit} options
 * @throws {Trouble}
 */
async function send(path, options) {
  try {
    return await fetch(path, { ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw new Trouble("offline", 0, strings.trouble.offlineTitle, strings.trouble.offlineDetail);
  }
}

/**
 * Send a request and return its JSON.
 *
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 * @throws {Trouble}
 */
const call = async (path, options = {}) => readJson(await send(path, options));

/**
 * @param {Response} response
 * @returns {Promise<any>}
 * @throws {Trouble}  Unless the response is one of success.
 */
async function readJson(response) {
  const reference = response.headers.get("X-Request-ID") ?? "";
  /** @type {any} */
  let body = null;
  try {
    body = await response.json();
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    if (response.ok) throw problem(null, response.status, reference);
  }
  if (response.ok) return body;
  throw response.status === UNKNOWN_CALLER ? await whoIsWanted() : problem(body, response.status, reference);
}

/** @returns {Promise<Trouble>} What a person can do whom the server does not know. */
async function whoIsWanted() {
  const { sign_in: signIn } = await whoIsThere();
  return signIn ? signInWanted(signIn) : keyWanted();
}

/** @returns {Promise<Me>} Who the server takes this person for. */
export const whoIsThere = () => call("/v1/me");

/** @returns {Promise<boolean>} Whether this browser is signed out now. */
export async function signOut() {
  // The server sends browsers on to a page, which is not wanted here.
  const left = await fetch("/signout", { method: "POST", redirect: "manual" }).catch(() => null);
  return left?.type === "opaqueredirect";
}

/** @returns {Promise<boolean>} Whether the server has its index and model in memory. */
async function isReady() {
  try {
    return (await fetch("/readyz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/**
 * Run a request; while the server is still starting, say so once and run it again when it is ready.
 *
 * @template T
 * @param {() => Promise<T>} request
 * @param {() => void} onStarting
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export async function whenReady(request, onStarting, signal) {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  let told = false;
  let refusedWhenReady = false;
  for (;;) {
    try {
      return await request();
    } catch (cause) {
      if (!(cause instanceof Trouble) || cause.status !== 503) throw cause;
      const ready = await isReady();
      // It may have become ready between the two calls, so one refusal of a ready server is forgiven.
      if (ready && refusedWhenReady) throw cause;
      refusedWhenReady = ready;
      if (!ready && !told) {
        told = true;
        onStarting();
      }
    }
    while (!(await isReady())) {
      signal?.throwIfAborted();
      if (Date.now() > giveUpAt) {
        throw new Trouble("starting", 503, strings.trouble.stillWarming, strings.trouble.stillWarmingDetail);
      }
      await new Promise((done) => { window.setTimeout(done, READY_EVERY_MS); });
    }
    signal?.throwIfAborted();
  }
}

/**
 * Ask a question, and hear the answer while it is made.
 *
 * @param {Ask} ask
 * @param {{question: string, answer: string | null}[]} history  Oldest first.
 * @param {(event: ServerEvent) => void} onEvent  Hears every event but the last.
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function askQuestion(ask, history, onEvent, signal) {
  /** @type {Filters} */
  const filters = {};
  if (ask.speaker) filters.speakers = [ask.speaker];
  if (ask.transcript) filters.transcript_ids = [ask.transcript];
  if (ask.from) filters.date_from = ask.from;
  if (ask.to) filters.date_to = ask.to;
  const response = await send("/v1/ask", {
    ...asJson({ question: ask.question, filters, stream: true, ...(history.length ? { history } : {}) }),
    headers: { "Content-Type": "application/json", Accept: "text/event-stream, application/json" },
    signal,
  });
  const streamed = response.headers.get("Content-Type")?.startsWith("text/event-stream");
  if (!response.ok || !streamed || !response.body) return readJson(response);
  const reference = response.headers.get("X-Request-ID") ?? "";
  const cutOff = new Trouble("offline", 0, strings.ask.cutOff, strings.ask.cutOffDetail);
  try {
    for await (const event of serverEvents(response.body)) {
      if (event.name === "done") return event.data;
      if (event.name === "error") throw problem(event.data, Number(event.data?.status) || 500, reference);
      onEvent(event);
    }
  } catch (cause) {
    if (cause instanceof Trouble || isAbort(cause)) throw cause;
    throw cutOff;
  }
  throw cutOff;
}

/**
 * Ask whether words were said.
 *
 * @param {string} quote
 * @param {AbortSignal} signal
 * @returns {Promise<QuoteCheck>}
 */
export const checkQuote = (quote, signal) => call("/v1/quote", { ...asJson({ quote }), signal });

/**
 * Tell the owner what somebody thinks of an answer.
 *
 * @param {Feedback} feedback
 * @returns {Promise<unknown>}
 */
export const giveFeedback = (feedback) => call("/v1/feedback", asJson(feedback));

/**
 * List conversations, a page at a time.
 *
 * @param {string | null} [next]  What the page before gave as `next`.
 * @returns {Promise<{transcripts: TranscriptSummary[], next: string | null}>}
 */
export function listTranscripts(next = null) {
  // `next` may be a whole address or a bare cursor; an address is only followed on this server's own list.
  const path = "/v1/transcripts";
  if (!next) return call(path);
  return call(next.startsWith(`${path}?`) ? next : `${path}?cursor=${encodeURIComponent(next)}`);
}

/** @returns {Promise<{speakers: {name: string, turn_count: number}[]}>} Everyone who speaks. */
export const listSpeakers = () => call("/v1/speakers");

/**
 * Fetch one conversation with its turns.
 *
 * @param {string} id
 * @returns {Promise<Transcript>}
 */
export const getTranscript = (id) => call(`/v1/transcripts/${encodeURIComponent(id)}`);
