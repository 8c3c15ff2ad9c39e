/** Offsets between code points and UTF-16, over texts with and without characters beyond the basic plane. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { codePointLength, paragraphs, parseTarget, sliceCodePoints, toUtf16 } from "../../../api/static/js/offsets.js";

const ALPHABET = ["a", "é", "e\u0301", "🙂", "👩‍⚕️", "𝔘", "中", " ", "\n\n", "\n", "\ud83d", "“"];

/** A small generator with a fixed seed, so that a failure can be repeated. */
function* texts(count) {
  let state = 20240312;
  const next = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let made = 0; made < count; made += 1) {
    yield Array.from({ length: next(24) }, () => ALPHABET[next(ALPHABET.length)]).join("");
  }
}

test("a slice by code points equals the slice of the array of code points", () => {
  for (const text of texts(400)) {
    const points = Array.from(text);
    assert.equal(codePointLength(text), points.length);
    for (let start = 0; start <= points.length; start += 3) {
      for (let end = start; end <= points.length; end += 2) {
        assert.equal(sliceCodePoints(text, start, end), points.slice(start, end).join(""));
      }
    }
  }
});

test("an offset past the end is the end", () => {
  assert.equal(toUtf16("🙂a", 9), 3);
  assert.equal(sliceCodePoints("🙂a", 1, Infinity), "a");
});

test("paragraphs stand at their own code points and joined are the turn again", () => {
  for (const text of texts(400)) {
    const parts = paragraphs(text);
    assert.equal(parts.map((part) => part.text).join("\n\n"), text);
    for (const part of parts) assert.equal(sliceCodePoints(text, part.start, part.end), part.text);
  }
});

test("an address names a turn, or a span of it", () => {
  assert.deepEqual(parseTarget("#turn-12"), { turn: 12, start: null, end: null });
  assert.deepEqual(parseTarget("#turn-12:0-80"), { turn: 12, start: 0, end: 80 });
  assert.deepEqual(parseTarget("#turn-0%3A4-9"), { turn: 0, start: 4, end: 9 });
});

test("a span that holds nothing still leads to its turn", () => {
  assert.deepEqual(parseTarget("#turn-3:9-9"), { turn: 3, start: null, end: null });
  assert.deepEqual(parseTarget("#turn-3:9-2"), { turn: 3, start: null, end: null });
});

test("what is not an address of a turn is nothing", () => {
  for (const hash of ["", "#", "#main", "#turn-", "#turn-x", "#turn-1:2", "#turn--1", "#turn-1:2-3-4", "#turn-99999999999"]) {
    assert.equal(parseTarget(hash), null, hash);
  }
});
