/** The element `<turnwise-chat>`: a launcher with a panel, or the panel in the page itself. */

/** Where this script came from is where it asks, unless told otherwise. */
const ORIGIN = document.currentScript instanceof HTMLScriptElement ? new URL(document.currentScript.src || "/", document.baseURI).origin : "";
const MOST_HISTORY = 20;
const MOST_CHARACTERS = 2000;
const SPOKEN_WITHIN_MS = 30_000;
/** Where the panel covers the page, the page behind it is out of reach: the same limits are in the style. */
const COVERING = "(max-width: 32em), (max-height: 26em)";
/** @type {Set<TurnwiseChat>} */
const launchers = new Set();
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class TurnwiseChat extends HTMLElement {
  static observedAttributes = ["title", "lang", "mode"];
  /** @type {Record<string, Partial<typeof STRINGS["en-GB"]>>} */
  static strings = STRINGS;

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
  #name = el("span", {});
  #launcher = el("button", { type: "button", class: "launcher", part: "launcher", "aria-haspopup": "dialog", click: () => this.open() },
    icon(SPEECH), this.#name);
  /** @type {HTMLElement} */
  #panel = el("section", {});
  #heading = el("h2", { class: "title", part: "title", id: "title" });
  #again = button("", () => this.clear());
  #close = el("button", { type: "button", class: "corner", part: "close", click: () => this.close() }, icon(CROSS));
  #header = el("div", { class: "header", part: "header" }, this.#heading, this.#again, this.#close);
  #introduction = el("p", {});
  #start = button("", () => this.#askFrom(this.#start.textContent ?? ""), "link");
  #intro = el("div", { class: "intro", part: "intro" }, this.#introduction, this.#start);
  #list = el("div", {});
  #log = el("div", { class: "log", part: "log", role: "group", tabindex: "0" }, this.#intro, this.#list);
  #label = el("label", { for: "field" });
  #field = el("textarea", {
    id: "field", class: "field", part: "field", rows: 1, maxlength: MOST_CHARACTERS, autocomplete: "off", enterkeyhint: "send",
    keydown: (/** @type {KeyboardEvent} */ event) => {
      // Enter asks; Shift and Enter makes a new line; an input method's own Enter is left alone.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    },
  });
  #error = el("p", { class: "field-error", id: "error", hidden: true });
  #send = el("button", { type: "submit", class: "button main", part: "button send" });
  #composer = el("form", { class: "composer", part: "composer", novalidate: true, submit: (/** @type {Event} */ event) => { event.preventDefault(); this.#submit(); } },
    this.#label, el("div", { class: "row" }, this.#field, this.#send), this.#error);
  /** The one live region: what is being done, and each finished answer once. */
  #live = el("div", { class: "unseen", role: "status", "aria-live": "polite", "aria-atomic": "true" });
  #spoken = 0;
  #scrolled = 0;
  /** @type {Host} */
  #host = {
    say: (key, values) => this.#say(key, values),
    locale: () => this.#language(),
    readerLink: (link) => this.#readerLink(link),
    askRelated: (question) => this.#askFrom(question),
    retry: (exchange) => { exchange.heading.focus({ preventScroll: true }); void this.#answer(exchange); },
    stop: () => this.#running?.abort(),
    mayShow: (citation, answer) => this.#tell("citation", { citation, answer, link: this.#readerLink(citation.link) }, true),
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
    return !(this.#panel instanceof HTMLDialogElement) || this.#panel.open;
  }

  /** Open the panel, and put focus into its field. */
  open() {
    if (this.isOpen) return;
    this.#opener = this.#shadow.activeElement ?? document.activeElement;
    this.#show();
    this.#field.focus();
    this.#tell("open", {});
  }

  /** Close the panel; focus goes back to where it was opened from. */
  close() {
    if (!(this.#panel instanceof HTMLDialogElement) || !this.#panel.open) return;
    const isWithin = this.#shadow.activeElement !== null;
    this.#panel.close();
    this.#launcher.hidden = false;
    if (isWithin) {
      const opener = this.#opener instanceof HTMLElement && this.#opener.isConnected && this.#opener !== document.body ? this.#opener : this.#launcher;
      opener.focus();
      if (!opener.matches(":focus")) this.#launcher.focus();
    }
    this.#tell("close", {});
  }

  /** Forget this conversation. */
  clear() {
    this.#running?.abort();
    this.#exchanges = [];
    this.#list.replaceChildren();
    this.#intro.hidden = false;
    this.#showError("");
    this.#write();
    this.#field.focus();
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
    this.#list.append(exchange.element);
    this.#intro.hidden = true;
    this.#write();
    void this.#answer(exchange);
  }

  /** @param {string} question  From a button that is left behind: focus goes on to what was asked. */
  #askFrom(question) {
    this.ask(question);
    this.#exchanges.at(-1)?.heading.focus({ preventScroll: true });
  }

  #submit() {
    const question = this.#field.value.trim();
    if (!question) {
      if (!this.#running) this.#showError(this.#say("empty"));
      return;
    }
    this.#showError("");
    this.#field.value = "";
    this.ask(question);
  }

  /** @param {Exchange} exchange */
  async #answer(exchange) {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const before = this.#exchanges.slice(0, this.#exchanges.indexOf(exchange));
    const history = before.flatMap(({ question, answer }) => (answer ? [{ question, answer: answer.answer }] : [])).slice(-MOST_HISTORY);
    const collections = (this.getAttribute("collection") ?? "").split(",").map((name) => name.trim()).filter(Boolean);
    const asked = { question: exchange.question, history, filters: collections.length ? { collections } : {} };
    exchange.begin();
    this.#scrollTo(exchange, true);
    this.#announce(this.#say("looking"));
    this.#tell("question", { question: exchange.question, history });
    try {
      const address = this.#address("/v1/ask").href;
      const tokenUrl = this.hasAttribute("token-url") ? new URL(this.getAttribute("token-url") ?? "", document.baseURI).href : "";
      const answer = await askServer({ address, tokenUrl, asked }, {
        hear: (name, data) => { exchange.hear(name, data); this.#scrollTo(exchange); },
        wait: (cause) => {
          const words = navigator.onLine ? this.#say(cause.status ? "waking" : "retrying") : `${this.#say("offlineTitle")}. ${this.#say("offlineDetail")}`;
          exchange.waiting(words);
          this.#announce(words);
        },
      }, running.signal);
      exchange.finish(answer);
      this.#scrollTo(exchange);
      this.#announce(this.#say("ready", { answer: exchange.spoken() }));
      this.#tell("answer", { question: exchange.question, answer });
    } catch (cause) {
      if (running.signal.aborted) {
        exchange.stop();
        if (this.#running === running) exchange.heading.focus({ preventScroll: true });
      } else this.#fail(exchange, cause);
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
    /** @type {"unreachable" | "lost" | "busy" | "signIn" | "forbidden" | "broken"} */
    let what = "broken";
    if (kind === "unreachable" || kind === "lost") what = kind;
    else if (kind === "token" || status === 401) what = "signIn";
    else if (status === 403) what = "forbidden";
    else if (PASSING.has(status)) what = "busy";
    const title = this.#say(`${what}Title`);
    // What was wrong with the question itself, the server says best.
    const words = kind === "problem" && (status === 413 || status === 422) && detail ? detail : this.#say(`${what}Detail`);
    exchange.fail(title, words, status >= 500 ? reference : "");
    this.#announce(`${title}. ${words}`);
    this.#tell("error", { question: exchange.question, kind, status, detail, reference });
  }

  /** Build what the mode asks for around the parts that stay. */
  #arrange() {
    const isInline = this.getAttribute("mode") === "inline";
    this.#panel.remove();
    this.#panel = isInline
      ? el("section", { class: "panel", part: "panel", "aria-labelledby": "title" })
      // Not modal where the page beside it is in view: people read on there while they ask. Escape closes it either way.
      : el("dialog", { class: "panel", part: "panel", "aria-labelledby": "title", cancel: (event) => { event.preventDefault(); this.close(); } });
    this.#panel.append(this.#header, this.#log, this.#composer, this.#live);
    this.#root.classList.toggle("launching", !isInline);
    this.#root.replaceChildren(...(isInline ? [] : [this.#launcher]), this.#panel);
    this.#launcher.hidden = false;
    this.#close.hidden = isInline;
    if (isInline) launchers.delete(this);
    else launchers.add(this);
    for (const one of launchers) one.#stack();
    this.#write();
  }

  /** Put several launchers of a page above one another. */
  #stack() {
    this.#root.style.setProperty("--stack", String([...launchers].indexOf(this)));
  }

  /** Write every word that stays. */
  #write() {
    const title = this.getAttribute("title")?.trim() || this.#say("title");
    this.#root.lang = this.#language();
    this.#name.textContent = title;
    this.#heading.textContent = title;
    this.#again.textContent = this.#say("startAgain");
    this.#again.hidden = !this.#exchanges.length;
    this.#close.setAttribute("aria-label", this.#say("close"));
    this.#introduction.textContent = this.#say("intro");
    this.#start.textContent = this.#say("start");
    this.#log.setAttribute("aria-label", this.#say("conversation"));
    this.#label.textContent = this.#say(this.#exchanges.length ? "followUp" : "label");
    this.#send.textContent = this.#say("ask");
  }

  #show() {
    if (!(this.#panel instanceof HTMLDialogElement)) return;
    if (this.#covering.matches) this.#panel.showModal();
    else this.#panel.show();
    this.#launcher.hidden = true;
  }

  /** Keep focus where it is when a phone is turned. */
  #onRoom = () => {
    if (!(this.#panel instanceof HTMLDialogElement) || !this.#panel.open) return;
    const focused = this.#shadow.activeElement;
    this.#panel.close();
    this.#show();
    if (focused instanceof HTMLElement) focused.focus();
  };

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    const open = this.#exchanges.find((exchange) => exchange.hasSourceAt(this.#shadow.activeElement));
    if (!open && !(this.#panel instanceof HTMLDialogElement && this.#panel.open)) return;
    event.preventDefault();
    event.stopPropagation();
    if (open) open.closeSource();
    else this.close();
  }

  /** @param {string} message  Empty when all is well. */
  #showError(message) {
    this.#error.textContent = message;
    this.#error.hidden = !message;
    for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", "error"]]) {
      if (message) this.#field.setAttribute(name ?? "", value ?? "");
      else this.#field.removeAttribute(name ?? "");
    }
    if (message) this.#field.focus();
  }

  /**
   * Bring the question to the top, as far as what follows it fills the room; leave a visitor alone who scrolls.
   *
   * @param {Exchange} exchange
   */
  #scrollTo(exchange, isNew = false) {
    if (!isNew && Math.abs(this.#log.scrollTop - this.#scrolled) > 1) return;
    this.#log.scrollTop = exchange.element.offsetTop - 8;
    this.#scrolled = this.#log.scrollTop;
  }

  /** @param {string} message */
  #announce(message) {
    window.clearTimeout(this.#spoken);
    // Emptied first, so that the same words are read again when they come twice in a row.
    this.#live.textContent = "";
    this.#spoken = window.setTimeout(() => {
      this.#live.textContent = message;
      // Later it would only be in the way of somebody who reads the page from end to end.
      this.#spoken = window.setTimeout(() => { this.#live.textContent = ""; }, SPOKEN_WITHIN_MS);
    }, 60);
  }

  /**
   * Tell the host page; false if it answered with `preventDefault`.
   *
   * @param {"open" | "close" | "question" | "answer" | "error" | "citation"} what
   * @param {object} detail
   */
  #tell(what, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`turnwise-${what}`, { detail, cancelable, bubbles: true, composed: true }));
  }

  #language() {
    const wanted = this.closest("[lang]")?.getAttribute("lang") ?? "";
    const known = Object.keys(TurnwiseChat.strings);
    const short = wanted.split("-")[0] ?? "";
    return known.find((lang) => lang.toLowerCase() === wanted.toLowerCase()) ?? known.find((lang) => lang.split("-")[0] === short) ?? "en-GB";
  }

  /**
   * @param {StringKey} key
   * @param {Record<string, string | number>} [values]
   */
  #say(key, values = {}) {
    const attribute = `text-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const words = this.getAttribute(attribute) ?? TurnwiseChat.strings[this.#language()]?.[key] ?? STRINGS["en-GB"][key];
    return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  /** @param {string} path  On the server that is asked. */
  #address(path) {
    const endpoint = webAddress(this.getAttribute("endpoint")?.trim() || ORIGIN, document.baseURI);
    if (!endpoint) throw new Error("turnwise-chat: the attribute `endpoint` is no http or https address");
    return new URL(endpoint.pathname.replace(/\/$/, "") + path, endpoint.origin);
  }

  /**
   * @param {string} link
   * @returns {string | null}
   */
  #readerLink(link) {
    if (typeof link !== "string" || !link.startsWith("/transcripts/")) return null;
    const address = this.#address(link);
    return address.pathname.startsWith(this.#address("/transcripts/").pathname) ? address.href : null;
  }
}

if (!customElements.get("turnwise-chat")) customElements.define("turnwise-chat", TurnwiseChat);
