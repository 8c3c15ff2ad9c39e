/** The widget's parts by themselves: streams however cut, answers taken apart, tokens, dates and addresses. */

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { test } = require("node:test");
const vm = require("node:vm");

const FOLDER = join(__dirname, "../../../api/static/widget");
const parts = ["text", "trouble", "tokens", "connection"].map((part) => readFileSync(join(FOLDER, `${part}.js`), "utf8")).join("\n");
const names = "{ segmentsOf, slicePoints, clock, dateInWords, post, webAddress, inContext, eventsOf, Trouble }";
const widget = vm.runInNewContext(`${parts}\n;(${names})`, { URL, TextDecoder, console });
const plain = (value) => JSON.parse(JSON.stringify(value));

async function eventsIn(pieces) {
  const queue = [...pieces];
  const reader = { read: async () => (queue.length ? { done: false, value: queue.shift() } : { done: true, value: undefined }) };
  const events = [];
  for await (const { name, data } of widget.eventsOf(reader, () => {})) events.push([name, data]);
  return events;
}

test("events are the same however the bytes are cut", async () => {
  const stream = ': ping\r\n\r\nevent: token\ndata: {"text": "Jönköping 👩🏽‍⚕️"}\n\nevent: done\r\ndata: {}\r\n\r\ndata: a\ndata:b\n\nevent: cut off\ndata: x';
  const bytes = new TextEncoder().encode(stream);
  const whole = [["token", '{"text": "Jönköping 👩🏽‍⚕️"}'], ["done", "{}"], ["", "a\nb"]];
  for (let size = 1; size <= bytes.length; size += 1) {
    const pieces = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
    assert.deepEqual(await eventsIn(pieces), whole, `pieces of ${size}`);
  }
});

const cited = (...quotes) => new Map(quotes.map((quote, index) => [index + 1, { n: index + 1, quote }]));
const kinds = (segments) => plain(segments).map(({ kind, text, n }) => (n ? `${kind} ${n}: ${text}` : `${kind}: ${text}`));

test("a quotation with its lead is taken apart", () => {
  const text = "Ada Quill, ward sister, 2 May 2024: “It [the kettle] was moved.” [1]";
  assert.deepEqual(kinds(widget.segmentsOf(text, cited("It [the kettle] was moved."), false)), [
    "lead 1: Ada Quill, ward sister, 2 May 2024", "words: “", "quote 1: It [the kettle] was moved.", "words: ” ", "marker 1: [1]",
  ]);
});

test("prose keeps its words; numbers that cite nothing are words", () => {
  const text = "It was moved [1], says rule [9], and “nobody” minded [2].";
  const segments = widget.segmentsOf(text, cited("x".repeat(9), "y".repeat(9)), false);
  assert.equal(plain(segments).map(({ text: part }) => part).join(""), text);
  assert.deepEqual(plain(segments).filter(({ kind }) => kind === "marker").map(({ n }) => n), [1, 2]);
});

test("a quotation is one from its first word on", () => {
  const whole = "Ada: “It was moved to the day room.” [1]";
  const quote = "It was moved to the day room.";
  for (let end = 7; end <= whole.length; end += 1) {
    const segments = plain(widget.segmentsOf(whole.slice(0, end), cited(quote), true));
    assert.equal(segments[0].kind, "lead", whole.slice(0, end));
    assert.ok(quote.startsWith(segments[2].text));
  }
});

test("the words around a quotation come from its own turn, counted in code points", () => {
  const text = "👩🏽‍⚕️ First. Second, then.\n\nThird.";
  const start = Array.from("👩🏽‍⚕️ First. ").length;
  const citation = { quote: "Second, then.", transcript_id: "t", turn: 2, start, end: start + 13 };
  const passages = [{ transcript_id: "t", turns: [{ turn: 2, start: 0, end: Array.from(text).length, text }] }];
  assert.deepEqual(plain(widget.inContext(citation, passages)), { before: "👩🏽‍⚕️ First. ", quote: "Second, then.", after: "" });
  assert.deepEqual(plain(widget.inContext({ ...citation, turn: 3 }, passages)), { before: "", quote: "Second, then.", after: "" });
  assert.deepEqual(plain(widget.inContext({ ...citation, start: 0, end: 13 }, passages)).before, "");
});

test("dates, times, posts and addresses", () => {
  assert.equal(widget.dateInWords("2024-05-02", "en-GB"), "2 May 2024");
  assert.equal(widget.dateInWords("soon", "en-GB"), "soon");
  assert.equal(widget.dateInWords(null, "en-GB"), "");
  assert.deepEqual([widget.clock(75), widget.clock(3725.9), widget.clock(0), widget.clock(null)], ["1:15", "1:02:05", "0:00", ""]);
  assert.equal(widget.post({ role: "chair of the Board", organisation: "the board" }), "chair of the Board");
  assert.equal(widget.post({ role: null, organisation: "Quay Hospital" }), "Quay Hospital");
  assert.equal(widget.webAddress("https://example.org/a").href, "https://example.org/a");
  for (const address of ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc", "x", "", null]) {
    assert.equal(widget.webAddress(address), null, String(address));
  }
});

test("only what may pass is tried again", () => {
  const passing = (kind, more) => new widget.Trouble(kind, more).isPassing;
  assert.deepEqual([passing("unreachable"), passing("lost"), passing("token"), passing("broken")], [true, true, false, false]);
  assert.deepEqual([401, 403, 422, 429, 500, 503].map((status) => passing("problem", { status })), [false, false, false, true, false, true]);
  assert.equal(passing("problem", { status: 429, waitMs: 600_000 }), false);
});
