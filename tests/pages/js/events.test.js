/** Server-sent events, wherever the network cuts them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { parseEvent, serverEvents } from "../../../api/static/js/events.js";

const TEXT = `: ping\n\nevent: status\ndata: {"status":"answered"}\n\nevent: token\ndata: {"text":"Grüße 🙂\\n"}\n\nevent: done\ndata: {"answer":\ndata: "x"}\n\n`;

async function read(bytes, size) {
  const stream = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const events = [];
  for await (const event of serverEvents(stream)) events.push(event);
  return events;
}

test("events are the same wherever the stream is cut, with either line break", async () => {
  for (const text of [TEXT, TEXT.replaceAll("\n", "\r\n")]) {
    for (const size of [1, 2, 3, 5, 7, 1000]) {
      assert.deepEqual(await read(new TextEncoder().encode(text), size), [
        { name: "status", data: { status: "answered" } },
        { name: "token", data: { text: "Grüße 🙂\n" } },
        { name: "done", data: { answer: "x" } },
      ]);
    }
  }
});

test("an event that is cut off is no event", async () => {
  assert.deepEqual(await read(new TextEncoder().encode('event: token\ndata: {"te'), 4), []);
});

test("comments alone are no event, and a nameless one is a message", () => {
  assert.equal(parseEvent(": still working"), null);
  assert.deepEqual(parseEvent("data: 1"), { name: "message", data: 1 });
});
