/** One question with its answer, drawn as it comes in. */

let sourcesMade = 0;

class Exchange {
  /** @type {Answer | null} */
  answer = null;
  /** @type {Map<number, Citation>} */
  #citations = new Map();
  /** @type {Passage[]} */
  #passages = [];
  #text = "";
  /** @type {{node: HTMLElement, segments: Segment[], nodes: HTMLElement[]}[]} */
  #paragraphs = [];
  #body = el("div", { class: "body", part: "answer", dir: "auto" });
  #said = el("div", { class: "said" });
  #state = el("div", { class: "state" });
  #after = el("div", { class: "after" });
  /** @type {{panel: HTMLElement, marker: HTMLElement} | null} */
  #source = null;

  /**
   * @param {string} question
   * @param {Host} host
   */
  constructor(question, host) {
    this.question = question;
    this.host = host;
    this.heading = el("h3", { class: "question", part: "question", tabindex: "-1", dir: "auto" },
      unseen(`${host.say("youAsked")} `), question);
    this.element = el("article", { class: "exchange", part: "exchange" }, this.heading, this.#said, this.#body, this.#state, this.#after);
  }

  /** Show that an answer is looked for. */
  begin() {
    this.#after.replaceChildren();
    this.waiting(this.host.say("looking"));
  }

  /** @param {string} words  What is being done. */
  waiting(words) {
    this.element.setAttribute("aria-busy", "true");
    this.#state.replaceChildren(el("p", { class: "progress" }, words), button(this.host.say("stop"), () => this.host.stop()));
  }

  /**
   * Take in one event of the stream.
   *
   * @param {string} name
   * @param {any} data
   */
  hear(name, data) {
    if (name === "status") this.#clear();
    if (name === "passages" && Array.isArray(data)) this.#passages = data;
    if (name === "citation") this.#citations.set(data.n, data);
    if (name === "token") {
      this.#text += wordsOf(data.text);
      this.#draw(true);
      this.#state.querySelector("p")?.remove();
    }
  }

  /** @param {Answer} answer */
  finish(answer) {
    const { say } = this.host;
    this.answer = answer;
    this.#text = answer.answer;
    this.#passages = answer.passages;
    this.#citations = new Map(answer.citations.map((citation) => [citation.n, citation]));
    this.#draw(false);
    this.#settle();
    if (answer.notice) this.#said.replaceChildren(el("p", { class: "notice", part: "notice" }, answer.notice));
    this.#after.append(...[
      answer.status === "not_found" && answer.passages.length > 0 && nearest(answer.passages, this.host),
      answer.related_questions.length > 0 && el("section", { class: "related" },
        el("h4", {}, say("related")),
        el("ul", {}, answer.related_questions.map((question) =>
          el("li", {}, button(question, () => this.host.askRelated(question), "link"))))),
    ].filter((part) => part instanceof Node));
  }

  /** Say that the visitor stopped it. */
  stop() {
    this.#settle();
    this.#after.append(el("p", { class: "notice", part: "notice" }, this.host.say("stopped")), this.#retry());
  }

  /**
   * Say what went wrong.
   *
   * @param {string} title
   * @param {string} detail
   * @param {string} reference
   */
  fail(title, detail, reference) {
    this.#settle();
    this.#after.append(el("div", { class: "notice alert", part: "error" },
      el("h4", {}, title), el("p", {}, detail), reference && el("p", {}, this.host.say("reference", { id: reference })), this.#retry()));
  }

  /** The answer as it is read aloud, what qualifies it first: numbers in brackets mean nothing there. */
  spoken() {
    const notice = this.answer?.notice ? `${this.answer.notice} ` : "";
    return notice + this.#text.replace(MARKER, (marker, n) => (this.#citations.has(Number(n)) ? this.host.say("spokenQuote", { n }) : marker));
  }

  /** Close the source that is open, and say whether one was. */
  closeSource(returnsFocus = true) {
    if (!this.#source) return false;
    const { panel, marker } = this.#source;
    this.#source = null;
    marker.setAttribute("aria-expanded", "false");
    marker.removeAttribute("aria-controls");
    panel.remove();
    if (returnsFocus) marker.focus();
    return true;
  }

  /** @param {Node | null} focused  Whether focus is where closing the source is what Escape means. */
  hasSourceAt(focused) {
    return !!this.#source && !!focused && (this.#source.panel.contains(focused) || this.#source.marker === focused);
  }

  #retry() {
    return button(this.host.say("tryAgain"), () => this.host.retry(this));
  }

  #settle() {
    this.element.removeAttribute("aria-busy");
    this.#state.replaceChildren();
    this.#after.replaceChildren();
  }

  #clear() {
    this.closeSource(false);
    this.#citations.clear();
    this.#text = "";
    this.#paragraphs = [];
    this.#body.replaceChildren();
  }

  /** @param {boolean} isGrowing */
  #draw(isGrowing) {
    const texts = this.#text.split(/\n+/).filter((text) => text.trim());
    let lead = "";
    for (const [index, text] of texts.entries()) {
      const isLast = isGrowing && index === texts.length - 1;
      const segments = segmentsOf(text, this.#citations, isLast);
      const [first] = segments;
      const said = first?.kind === "lead" ? first.text : "";
      // The same person in the same conversation is introduced once.
      const isAgain = lead !== "" && (said === lead || (isLast && !said && lead.startsWith(text)));
      this.#drawParagraph(index, isAgain ? (said ? segments.slice(1) : []) : segments, said !== "");
      lead = said || (isAgain ? lead : "");
    }
    for (const { node } of this.#paragraphs.splice(texts.length)) node.remove();
  }

  /**
   * Draw a paragraph, keeping what is there already: somebody may be on one of its buttons.
   *
   * @param {number} index
   * @param {Segment[]} segments
   * @param {boolean} isQuoted
   */
  #drawParagraph(index, segments, isQuoted) {
    let paragraph = this.#paragraphs[index];
    if (!paragraph) {
      paragraph = { node: el("p", {}), segments: [], nodes: [] };
      this.#paragraphs.push(paragraph);
      this.#body.append(paragraph.node);
    }
    paragraph.node.className = isQuoted ? "statement quoted" : "statement";
    const { nodes } = paragraph;
    for (const [place, segment] of segments.entries()) {
      const before = paragraph.segments[place];
      const node = nodes[place];
      if (before && node && before.kind === segment.kind && before.n === segment.n) {
        if (before.text === segment.text) continue;
        if (segment.kind === "words" || segment.kind === "quote") {
          node.textContent = segment.text;
          continue;
        }
      }
      for (const old of nodes.splice(place)) old.remove();
      const fresh = this.#node(segment);
      nodes.push(fresh);
      paragraph.node.append(fresh);
      paragraph.segments = segments.slice(0, place + 1);
    }
    for (const old of nodes.splice(segments.length)) old.remove();
    paragraph.segments = segments;
  }

  /** @param {Segment} segment */
  #node({ kind, text, n }) {
    const citation = this.#citations.get(n);
    if (kind === "marker" && citation) return this.#marker(citation);
    if (kind === "quote") return el("q", { class: "quote", part: "quote", dir: "auto" }, text);
    if (kind === "lead") {
      const name = citation?.speaker && text.startsWith(citation.speaker) ? citation.speaker : "";
      return el("span", { class: "lead", part: "lead" }, name && el("b", {}, name), text.slice(name.length));
    }
    return el("span", {}, text);
  }

  /** @param {Citation} citation */
  #marker(citation) {
    const { say, mayShow } = this.host;
    const marker = el("button", {
      type: "button", class: "marker", part: "marker", "aria-expanded": "false", "aria-label": say("quote", { n: citation.n }),
      click: () => {
        const isOpen = this.#source?.marker === marker;
        this.closeSource(false);
        if (!isOpen && mayShow(citation, this.answer)) this.#openSource(citation, marker);
      },
    }, citation.n);
    const remark = citation.attribution !== "labelled" && el("span", { class: "remark" }, this.#attribution(citation));
    return el("span", { class: "cited" }, marker, remark && " ", remark);
  }

  /**
   * @param {Citation} citation
   * @param {HTMLElement} marker
   */
  #openSource(citation, marker) {
    const { say } = this.host;
    const id = `source-${++sourcesMade}`;
    const panel = el("div", { class: "source", part: "source", id, role: "group", "aria-label": say("source", { n: citation.n }) },
      sourceOf(citation, this.#passages, this.host, this.#attribution(citation)),
      el("button", { type: "button", class: "corner", part: "button", "aria-label": say("closeSource"), click: () => this.closeSource() }, icon(CROSS)));
    marker.closest("p")?.after(panel);
    marker.setAttribute("aria-expanded", "true");
    marker.setAttribute("aria-controls", id);
    this.#source = { panel, marker };
    panel.scrollIntoView({ block: "nearest" });
  }

  /** @param {Said} said  How the speaker is known, when the source does not simply name them. */
  #attribution({ attribution }) {
    return attribution === "inferred" || attribution === "inherited" || attribution === "unknown" ? this.host.say(attribution) : "";
  }
}
