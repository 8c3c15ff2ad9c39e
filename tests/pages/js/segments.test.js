/** A sentence of an answer, taken apart into words, quotations and numbers. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { introducedQuote, segment } from "../../../api/static/js/segments.js";

const cite = (n, quote) => ({ n, quote });
const joined = (segments) => segments.map((part) => part.text).join("");

test("an introduced quotation is found with its introduction, quotation marks and number", () => {
  const text = "Ann Lee, ward manager, 6 December 2023: “We tried it once.” [1]";
  const segments = segment(text, [cite(1, "We tried it once.")]);
  assert.equal(joined(segments), text);
  const alone = introducedQuote(segments);
  assert.equal(alone.lead, "Ann Lee, ward manager, 6 December 2023");
  assert.equal(`${alone.opening}${alone.quote.text}${alone.closing}`, "“We tried it once.”");
  assert.deepEqual(alone.markers.map((part) => part.n), [1]);
});

test("prose around a quotation stays prose", () => {
  const segments = segment("She said “once” [1] and later “twice” [2].", [cite(1, "once"), cite(2, "twice")]);
  assert.equal(introducedQuote(segments), null);
  assert.deepEqual(segments.filter((part) => part.kind === "quote").map((part) => [part.n, part.text]), [[1, "once"], [2, "twice"]]);
});

test("a quotation that holds brackets, numbers or a colon stays whole", () => {
  const quote = "Step [1]: ask, [laughter] then ask again.";
  const text = `Ann Lee: “${quote}” [1]`;
  const segments = segment(text, [cite(1, quote)]);
  assert.equal(joined(segments), text);
  assert.equal(introducedQuote(segments).quote.text, quote);
});

test("a number in brackets that cites nothing here is left as words", () => {
  const segments = segment("See [7] for “that” [1]", [cite(1, "that")]);
  assert.deepEqual(segments.filter((part) => part.kind === "marker").map((part) => part.n), [1]);
});

test("one quotation inside another is not marked twice", () => {
  const text = "Ann: “we tried it and we tried it again” [1][2]";
  const segments = segment(text, [cite(1, "we tried it and we tried it again"), cite(2, "we tried it")]);
  assert.equal(joined(segments), text);
  assert.equal(segments.filter((part) => part.kind === "quote").length, 1);
});

test("a sentence without the quoted words has numbers only", () => {
  const segments = segment("People asked first [2].", [cite(2, "something else")]);
  assert.deepEqual(segments.map((part) => part.kind), ["words", "marker", "words"]);
  assert.equal(introducedQuote(segments), null);
});
