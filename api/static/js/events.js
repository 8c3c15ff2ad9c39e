/** Read server-sent events (WHATWG HTML, section 9.2) from a response that was asked for with POST. */

/** @typedef {{name: string, data: any}} ServerEvent */

/**
 * Yield the events of a stream as they come; comment lines, which keep proxies awake, are passed over.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* serverEvents(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      // A line break that is cut in two (CR here, LF in the next part) waits for its other half.
      waiting = (waiting + (value ? decoder.decode(value, { stream: true }) : "")).replace(/\r\n/g, "\n");
      const blocks = waiting.split("\n\n");
      waiting = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event) yield event;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * Read one event; null for one that is only comments.
 *
 * @param {string} block  Its lines.
 * @returns {ServerEvent | null}
 */
export function parseEvent(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return data.length ? { name, data: JSON.parse(data.join("\n")) } : null;
}
