/** The element `<turnwise-chat>`: a launcher with a panel, or the panel in the page itself. */

const MOST_HISTORY = 20;
/** Where the panel covers the page, the page behind it is out of reach: the same limits are in the style. */
const COVERING = "(max-width: 32em), (max-height: 26em)";
/** @type {Set<TurnwiseChat>} */
const launchers = new Set();
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class TurnwiseChat extends HTMLElement {
  static observedAttributes = ["title", "lang", "mode"];
  static strings = languages;

  /** @type {Exchange[]} */
  #exchanges = [];
  /** @type {AbortController | null} */
  #running = null;
  /** @type {Element | null} */
  #opener = null;
  #covering = window.matchMedia(COVERING);
  #shadow = this.attachShadow({ mode: "open" });
  // An empty title of its own, so that the element's title is no tooltip over all of it.
  #root = el("div", { class: "root", title: "" });
  /** @type {Say} */
  #say = (key, values) => sayFor(this, key, values);
  #panel = new Panel({
    open: () => this.open(),
    close: () => this.close(),
    clear: () => this.clear(),
    start: (question) => this.#askFrom(question),
    submit: () => this.#submit(),
  });
  /** @type {Host} */
  #host = {
    say: this.#say,
    locale: () => languageOf(this),
    readerLink: (link) => readerLinkFor(this, link),
    askRelated: (question) => this.#askFrom(question),
    retry: (exchange) => { exchange.heading.focus({ preventScroll: true }); void this.#answer(exchange); },
    stop: () => this.#running?.abort(),
    mayShow: (citation, answer) => this.#tell("citation", { citation, answer, link: readerLinkFor(this, citation.link) }, true),
  };

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sheet];
    this.#shadow.append(this.#root);
    this.#root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  connectedCallback() {
    this.#arrange();
    this.#covering.addEventListener("change", this.#onRoom);
  }

  disconnectedCallback() {
    this.#running?.abort();
    this.#covering.removeEventListener("change", this.#onRoom);
    launchers.delete(this);
    for (const other of launchers) other.#stack();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (!this.isConnected) return;
    if (name === "mode") this.#arrange();
    else this.#write();
  }

  /** Whether the visitor sees the panel. */
  get isOpen() {
    return this.#panel.dialog?.open ?? true;
  }

  /** Open the panel, and put focus into its field. */
  open() {
    if (this.isOpen) return;
    this.#opener = this.#shadow.activeElement ?? document.activeElement;
    this.#show();
    this.#panel.field.focus();
    this.#tell("open");
  }

  /** Close the panel; focus goes back to where it was opened from. */
  close() {
    const { dialog, launcher } = this.#panel;
    if (!dialog?.open) return;
    const isWithin = this.#shadow.activeElement !== null;
    dialog.close();
    launcher.hidden = false;
    if (isWithin) {
      const opener = this.#opener;
      if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus();
      // What opened it may be gone or hidden by now.
      if (!(opener instanceof HTMLElement) || !opener.matches(":focus")) launcher.focus();
    }
    this.#tell("close");
  }

  /** Forget this conversation. */
  clear() {
    this.#running?.abort();
    this.#exchanges = [];
    this.#panel.showError("");
    this.#write();
    this.#panel.field.focus();
  }

  /**
   * Ask a question as the visitor would.
   *
   * @param {string} question
   */
  ask(question) {
    const text = question.trim().slice(0, MOST_CHARACTERS);
    if (!text) return;
    this.open();
    const exchange = new Exchange(text, this.#host);
    this.#exchanges.push(exchange);
    this.#write();
    void this.#answer(exchange);
  }

  /** @param {string} question  From a button that is left behind: focus goes on to what was asked. */
  #askFrom(question) {
    this.ask(question);
    this.#exchanges.at(-1)?.heading.focus({ preventScroll: true });
  }

  #submit() {
    const { field } = this.#panel;
    const question = field.value.trim();
    // A second Enter by mistake, while the first is being answered, is no reason to complain.
    if (!question && this.#running) return;
    this.#panel.showError(question ? "" : this.#say("empty"));
    if (!question) return;
    field.value = "";
    this.ask(question);
  }

  /** @param {Exchange} exchange */
  async #answer(exchange) {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const panel = this.#panel;
    const before = this.#exchanges.slice(0, this.#exchanges.indexOf(exchange));
    const history = before.flatMap(({ question, answer }) => (answer ? [{ question, answer: answer.answer }] : [])).slice(-MOST_HISTORY);
    exchange.begin();
    panel.scrollTo(exchange, true);
    panel.announce(this.#say("looking"));
    this.#tell("question", { question: exchange.question, history });
    try {
      const address = addressFor(this, "/v1/ask").href;
      const asked = { question: exchange.question, history, filters: filtersOf(this) };
      const answer = await askServer({ address, tokenUrl: tokenUrlOf(this), asked }, {
        hear: (name, data) => { exchange.hear(name, data); panel.scrollTo(exchange); },
        wait: (cause) => {
          const words = navigator.onLine ? this.#say(cause.status ? "waking" : "retrying") : `${this.#say("offlineTitle")}. ${this.#say("offlineDetail")}`;
          exchange.waiting(words);
          panel.announce(words);
        },
      }, running.signal);
      exchange.finish(answer);
      panel.scrollTo(exchange);
      panel.announce(this.#say("ready", { answer: exchange.spoken() }));
      this.#tell("answer", { question: exchange.question, answer });
    } catch (cause) {
      if (!running.signal.aborted) this.#fail(exchange, cause);
      else {
        exchange.stop();
        if (this.#running === running) exchange.heading.focus({ preventScroll: true });
      }
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /**
   * @param {Exchange} exchange
   * @param {unknown} cause
   */
  #fail(exchange, cause) {
    const trouble = cause instanceof Trouble ? cause : new Trouble("broken", { detail: String(cause) });
    const { status, kind, detail, reference } = trouble;
    const { words: key } = trouble;
    const title = this.#say(`${key}Title`);
    // What was wrong with the question itself, the server says best.
    const words = kind === "problem" && (status === 413 || status === 422) && detail ? detail : this.#say(`${key}Detail`);
    exchange.fail(title, words, status >= 500 ? reference : "");
    this.#panel.scrollTo(exchange);
    this.#panel.announce(`${title}. ${words}`);
    this.#tell("error", { question: exchange.question, kind, status, detail, reference });
  }

  /** Build what the mode asks for around the parts that stay. */
  #arrange() {
    const isInline = this.getAttribute("mode") === "inline";
    this.#panel.build(isInline);
    this.#root.classList.toggle("launching", !isInline);
    this.#root.replaceChildren(...(isInline ? [] : [this.#panel.launcher]), this.#panel.frame);
    if (isInline) launchers.delete(this);
    else launchers.add(this);
    for (const one of launchers) one.#stack();
    this.#write();
  }

  /** Put several launchers of a page above one another. */
  #stack() {
    this.#root.style.setProperty("--stack", String([...launchers].indexOf(this)));
  }

  #write() {
    this.#root.lang = languageOf(this);
    this.#panel.write(this.getAttribute("title")?.trim() || this.#say("title"), this.#say, this.#exchanges.length > 0);
    this.#panel.list(this.#exchanges);
  }

  #show() {
    const { dialog, launcher } = this.#panel;
    if (this.#covering.matches) dialog?.showModal();
    else dialog?.show();
    launcher.hidden = true;
  }

  /** Keep focus where it is when a phone is turned. */
  #onRoom = () => {
    const { dialog } = this.#panel;
    if (!dialog?.open) return;
    const focused = this.#shadow.activeElement;
    dialog.close();
    this.#show();
    if (focused instanceof HTMLElement) focused.focus();
  };

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    const open = this.#exchanges.find((exchange) => exchange.hasSourceAt(this.#shadow.activeElement));
    if (!open && !this.#panel.dialog?.open) return;
    event.preventDefault();
    event.stopPropagation();
    if (open) open.closeSource();
    else this.close();
  }

  /**
   * Tell the host page; false if it answered with `preventDefault`.
   *
   * @param {"open" | "close" | "question" | "answer" | "error" | "citation"} what
   * @param {object} [detail]
   */
  #tell(what, detail = {}, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`turnwise-${what}`, { detail, cancelable, bubbles: true, composed: true }));
  }
}

if (!customElements.get("turnwise-chat")) customElements.define("turnwise-chat", TurnwiseChat);
