/** What is pasted elsewhere: text, Markdown and HTML, with nothing of an answer read as a mark. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { answerAsHtml, answerAsMarkdown, answerAsText } from "../../../api/static/js/copied.js";

const ORIGIN = "https://t.example";
const citation = (n, quote, more = {}) => ({
  n, quote, speaker: "Ann Lee", role: "chair", organisation: null, attribution: "labelled", attribution_reason: null,
  title: "On <doors> & *keys*", date: "2024-01-02", start_time: 75, link: `/transcripts/a#turn-1:0-${quote.length}`, ...more,
});
const answer = (text, citations, more = {}) => ({ question: "Why *not*?", answer: text, notice: null, citations, ...more });

test("text carries the answer as it is, and a line for every source", () => {
  const text = answerAsText(answer("Ann: “a_b” [1]", [citation(1, "a_b")]), ORIGIN);
  assert.equal(text, "Why *not*?\n\nAnn: “a_b” [1]\n\nSources\n[1] Ann Lee, chair. “On <doors> & *keys*”, 2 January 2024, 01:15. https://t.example/transcripts/a#turn-1:0-3");
});

test("Markdown has footnotes, and what looks like a mark is escaped", () => {
  const markdown = answerAsMarkdown(answer("1. She *said* <b> [1]\n- and [9] `x`", [citation(1, "x")]), ORIGIN);
  assert.match(markdown, /^## Why \\\*not\\\*\?\n\n1\\\. She \\\*said\\\* \\<b\\> \[\^1\]\n\n\\- and \\\[9\\\] \\`x\\`\n\n\[\^1\]: Ann Lee, chair\. /);
  assert.ok(markdown.includes("<https://t.example/transcripts/a#turn-1:0-1>"));
});

test("HTML escapes every word", () => {
  const hostile = '<img src=x onerror="a">&\'';
  const html = answerAsHtml(answer(hostile, [citation(1, "x", { speaker: hostile, title: hostile })], { question: hostile, notice: hostile }), ORIGIN);
  assert.ok(!html.includes("<img"));
  assert.equal(html.match(/<(?!\/?(?:h2|h3|p|em|a)\b)/g), null);
  assert.ok(html.includes("&lt;img src=x onerror=&quot;a&quot;&gt;&amp;&#39;"));
});

test("an uncertain speaker and a misheard name are said in every form", () => {
  const one = [citation(1, "🙂 Yolshipin was far", { attribution: "inferred", attribution_reason: "they answer", gloss: [{ start: 2, end: 11, name: "Jönköping" }] })];
  for (const form of [answerAsText, answerAsMarkdown, answerAsHtml]) {
    const said = form(answer("x [1]", one), ORIGIN).replaceAll("\\", "");
    assert.ok(said.includes("Speaker inferred: they answer"), form.name);
    assert.ok(said.includes("Yolshipin [Jönköping]"), form.name);
  }
});
