/** Where words come from: the source of a quotation, and the passages nearest to a question without an answer. */

const NEAREST_SHOWN = 3;

/**
 * Return what a reader needs to check a quotation.
 *
 * @param {Citation} citation
 * @param {Passage[]} passages
 * @param {Host} host
 * @param {string} remark
 */
function sourceOf(citation, passages, { say, locale, readerLink }, remark) {
  const { before, quote, after } = inContext(citation, passages);
  const time = clock(citation.start_time);
  const where = [dateInWords(citation.date, locale()), time && say("atTime", { time })].filter(Boolean);
  const read = readerLink(citation.link);
  const page = webAddress(citation.url)?.href;
  const reason = citation.attribution_reason;
  return [
    el("blockquote", { dir: "auto" }, el("p", {}, before, el("mark", { part: "mark" }, quote), after)),
    el("p", {}, el("b", { dir: "auto" }, citation.speaker ?? say("unknownSpeaker")), post(citation) && `, ${post(citation)}`),
    remark && (citation.speaker !== null || reason) && el("p", { class: "quiet-words" },
      el("span", { class: "remark" }, remark), reason && ` ${reason}`),
    ...(citation.gloss ?? []).map(({ start, end, name }) =>
      el("p", { class: "quiet-words" }, say("gloss", { heard: slicePoints(quote, start, end), name }))),
    el("p", { class: "quiet-words" }, el("cite", { dir: "auto" }, citation.title), where.length > 0 && `, ${where.join(", ")}`),
    el("p", { class: "links" }, read && outward(read, say("read"), say("newTab")), page && outward(page, say("sourcePage"), say("newTab"))),
  ].flat();
}

/**
 * Return the passages nearest to a question, so shown that nobody takes them for an answer.
 *
 * @param {Passage[]} passages
 * @param {Host} host
 */
function nearest(passages, { say, locale, readerLink }) {
  const items = passages.slice(0, NEAREST_SHOWN).map(({ title, date, link, turns }) => {
    const read = readerLink(link);
    const said = [...turns].sort((a, b) => b.text.length - a.text.length)[0];
    return el("li", { class: "passage", part: "passage" },
      el("p", { class: "quiet-words" }, el("cite", { dir: "auto" }, title), date && `, ${dateInWords(date, locale())}`),
      said && el("p", { dir: "auto" }, el("b", {}, said.speaker ?? say("unknownSpeaker")), `: ${firstWords(said.text)}`),
      read && el("p", {}, outward(read, say("read"), say("newTab"))));
  });
  return el("section", { class: "nearest" },
    el("h4", {}, say("nearest")), el("p", { class: "quiet-words" }, say("nearestNote")), el("ul", {}, items));
}
