/** Which addresses may become links, and how a question stands in the page's address. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOfAsk, addressOfCheck, askFromAddress, asksBefore, quoteFromAddress } from "../../../api/static/js/address.js";
import { clock, dateInWords, post } from "../../../api/static/js/format.js";
import { mediaLink, outsideLink, readerLink, transcriptAddress, transcriptIdOf } from "../../../api/static/js/links.js";

const ORIGIN = "http://127.0.0.1:8000";

test("only http and https lead outside", () => {
  assert.equal(outsideLink("https://example.org/a"), "https://example.org/a");
  const refused = ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc", "/relative", "", null];
  for (const address of refused) assert.equal(outsideLink(address), null, String(address));
});

test("a reader link stays on this site's reader", () => {
  assert.equal(readerLink("/transcripts/a-b#turn-1:0-4", ORIGIN), "/transcripts/a-b#turn-1:0-4");
  const refused = ["//evil.example/transcripts/a", "https://evil.example/transcripts/a", "javascript:alert(1)", "/\\evil.example/transcripts/", "/v1/ask", "/transcripts/../v1/ask"];
  for (const link of refused) assert.equal(readerLink(link, ORIGIN), null, link);
});

test("a transcript's id survives its way through the address", () => {
  for (const id of ["2023-06-01-plain", "with space", "a/b", "50%", "q?#x", "Ärzte-中"]) {
    assert.equal(transcriptIdOf(new URL(transcriptAddress(id, 3), ORIGIN).pathname), id);
  }
  assert.equal(transcriptIdOf("/transcripts/%E0%A4%A"), null);
  assert.equal(transcriptIdOf("/transcripts/"), null);
});

test("what was asked survives its way through the address, with the questions before it", () => {
  const ask = {
    question: "Why & how? <b>50%</b> + 🙂", earlier: ["First?", "Then & there?"],
    speaker: "Ann Lee", transcript: "a/b", from: "2023-01-01", to: "",
  };
  assert.deepEqual(askFromAddress(addressOfAsk(ask).slice(1)), ask);
  assert.deepEqual(asksBefore(ask).map(addressOfAsk), [
    "/?q=First%3F&speaker=Ann+Lee&transcript=a%2Fb&from=2023-01-01",
    "/?q=First%3F&then=Then+%26+there%3F&speaker=Ann+Lee&transcript=a%2Fb&from=2023-01-01",
  ]);
  assert.equal(askFromAddress("?q=%20%20"), null);
  assert.equal([...askFromAddress(`?q=${"🙂".repeat(3000)}`).question].length, 2000);
  assert.equal(askFromAddress(`?q=a${"&then=b".repeat(60)}`).earlier.length, 20);
});

test("a quote to check survives its way through the address", () => {
  const quote = "“50% & more” … so she said";
  assert.equal(quoteFromAddress(addressOfCheck(quote).slice(1)), quote);
  assert.equal(quoteFromAddress("?q=Why"), "");
});

test("a recording plays from a time, a page does not", () => {
  assert.equal(mediaLink("https://a.example/talk.MP3?x=1", 75.9), "https://a.example/talk.MP3?x=1#t=75");
  assert.equal(mediaLink("https://www.youtube.com/watch?v=abc", 75), "https://www.youtube.com/watch?v=abc&t=75s");
  assert.equal(mediaLink("https://youtu.be/abc", 5), "https://youtu.be/abc?t=5s");
  assert.equal(mediaLink("https://vimeo.com/123", 75.9), "https://vimeo.com/123#t=75s");
  for (const [address, time] of [["https://a.example/page", 5], ["https://a.example/talk.mp3", null], ["javascript:a.mp3", 5], [null, 5], ["https://youtube.com.evil.example/x", 5]]) {
    assert.equal(mediaLink(address, time), null, String(address));
  }
});

test("dates, times and posts are put into words", () => {
  assert.equal(dateInWords("2023-12-06"), "6 December 2023");
  assert.equal(dateInWords(null), "");
  assert.equal(dateInWords("last spring"), "last spring");
  assert.deepEqual([0, 71.5, 3725, null].map(clock), ["00:00", "01:11", "1:02:05", ""]);
  assert.equal(post("chair of Acme", "Acme"), "chair of Acme");
  assert.equal(post("chair", "Acme"), "chair, Acme");
});
