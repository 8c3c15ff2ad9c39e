/** What is pasted elsewhere: text, Markdown and HTML, with nothing of an answer read as a mark. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { answerAsHtml, answerAsMarkdown, answerAsText, quoteAsText } from "../../../api/static/js/copied.js";

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

test("what qualifies an answer stands before it, and goes with each quote", () => {
  const one = citation(1, "It did");
  for (const form of [answerAsText, answerAsMarkdown, answerAsHtml]) {
    const said = form(answer("Ann: “It did” [1]", [one], { notice: "Not Bo: these are Ann's words" }), ORIGIN).replaceAll("&#39;", "'");
    assert.ok(said.indexOf("Not Bo: these are Ann's words") > 0, form.name);
    assert.ok(said.indexOf("Not Bo") < said.indexOf("It did"), form.name);
  }
  assert.match(quoteAsText(one, ORIGIN, "Not Bo."), /^Not Bo\.\n“It did”\n/);
  assert.match(quoteAsText(one, ORIGIN), /^“It did”\n/);
});

test("how a follow-up was understood goes along, and nothing is said where it was asked so", () => {
  for (const form of [answerAsText, answerAsMarkdown, answerAsHtml]) {
    const understood = (more) => form(answer("x [1]", [citation(1, "x")], { question: "And she?", ...more }), ORIGIN);
    assert.ok(understood({ standalone_question: "And Ann Lee?" }).includes("Understood as: And Ann Lee?"), form.name);
    assert.ok(!understood({ standalone_question: "And she?" }).includes("Understood as"), form.name);
  }
});
