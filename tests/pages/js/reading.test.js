/** Finding words, the table of contents, example questions, and differences between quotes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { hosts, questionsOf } from "../../../api/static/js/contents.js";
import { pieces } from "../../../api/static/js/differences.js";
import { freed, standingQuestions } from "../../../api/static/js/examples.js";
import { placesOf } from "../../../api/static/js/find.js";

const turns = (...said) => said.map(([speaker, text], turn) => ({ turn, speaker, text }));
const LONG = "It began with the porters, and then the pharmacy, and ".repeat(6);
const TALK = turns(
  ["Ann", "Welcome. And Bo, what is a driver diagram for?"], ["Bo", LONG],
  ["Ann", "Right. How did they measure it?"], ["Bo", LONG],
  ["Ann", "Thank you."], ["Bo", "It was nothing, was it?"], ["Bo", "Goodbye."], ["Bo", "Really goodbye."], ["Bo", "Now."],
);

test("words are found in any case, across white space, with either kind of quotation mark", () => {
  assert.deepEqual(placesOf("The ward. the WARD's", "ward"), [{ start: 4, end: 8 }, { start: 14, end: 18 }]);
  assert.deepEqual(placesOf("don’t  go", "don't go"), [{ start: 0, end: 9 }]);
  assert.deepEqual(placesOf("a (b) [c] 1.5+x", "(b) [c] 1.5+x"), [{ start: 2, end: 15 }]);
  assert.deepEqual(placesOf("anything", "  "), []);
  assert.deepEqual(placesOf("1x5", "1.5"), []);
});

test("every printable mark can be looked for", () => {
  for (let code = 33; code < 127; code += 1) {
    const mark = String.fromCharCode(code);
    assert.ok(placesOf(`x ${mark} x`, mark).some(({ start }) => start === 2), mark);
  }
});

test("who asks in over a third of their turns leads, and their questions are the contents", () => {
  assert.deepEqual([...hosts(TALK)], ["Ann"]);
  assert.deepEqual(questionsOf(TALK), [
    { turn: 0, question: "And Bo, what is a driver diagram for?" },
    { turn: 2, question: "How did they measure it?" },
  ]);
});

test("where everybody asks, nobody leads", () => {
  assert.equal(hosts(turns(["Ann", "Why?"], ["Bo", "Why not?"])).size, 0);
});

test("an example question stands alone and was answered at some length", () => {
  assert.deepEqual(standingQuestions({ turns: TALK }), ["What is a driver diagram for?"]);
  assert.equal(freed("So, Maggie, what did the chart show, then?"), "What did the chart show?");
  assert.equal(freed("How do you find the core, Leonie, without waiting?"), "How do you find the core without waiting?");
});

test("differences are laid into what was said at whole words, in order", () => {
  const differs = (said, differences) => pieces(said, differences).filter((piece) => piece.differs).map((piece) => piece.text);
  assert.deepEqual(differs("It is a big day", [{ said: "a", asked: "the" }]), ["a"]);
  assert.equal(pieces("It is a big day", [{ said: "a", asked: "the" }])[0].text, "It is ");
  assert.deepEqual(differs("the cat and the dog", [{ said: "and", asked: "or" }, { said: "the", asked: "a" }]), ["and", "the"]);
  assert.deepEqual(differs("nothing here", [{ said: "", asked: "added" }, { said: "absent", asked: "x" }]), []);
  for (const said of ["a a a", "", "🙂 yes 🙂"]) {
    assert.equal(pieces(said, [{ said: "a", asked: "b" }, { said: "yes", asked: "no" }]).map((piece) => piece.text).join(""), said);
  }
});
