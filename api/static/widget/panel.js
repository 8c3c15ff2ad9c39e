/** The parts of a widget that stay while questions come and go, and what they do by themselves. */

const MOST_CHARACTERS = 2000;
const SPOKEN_WITHIN_MS = 30_000;
const ABOVE_PX = 16;

class Panel {
  /** @type {HTMLElement | HTMLDialogElement} */
  frame = el("section", {});
  #name = el("span", {});
  #heading = el("h2", { class: "title", part: "title", id: "title" });
  #introduction = el("p", {});
  #list = el("div", {});
  #label = el("label", { for: "field" });
  #error = el("p", { class: "field-error", id: "error", hidden: true });
  #send = el("button", { type: "submit", class: "button main", part: "button send" });
  /** The one live region: what is being done, and each finished answer once. */
  #live = el("div", { class: "unseen", role: "status", "aria-live": "polite", "aria-atomic": "true" });
  #speaking = 0;
  #scrolled = 0;

  /**
   * @param {{open: () => void, close: () => void, clear: () => void, start: (question: string) => void, submit: () => void}} on
   */
  constructor(on) {
    this.on = on;
    this.launcher = el("button", { type: "button", class: "launcher", part: "launcher", "aria-haspopup": "dialog", click: on.open },
      icon(SPEECH), this.#name);
    this.again = button("", on.clear);
    this.closer = el("button", { type: "button", class: "corner", part: "close", click: on.close }, icon(CROSS));
    this.start = button("", () => on.start(this.start.textContent ?? ""), "link");
    this.intro = el("div", { class: "intro", part: "intro" }, this.#introduction, this.start);
    this.log = el("div", { class: "log", part: "log", role: "group", tabindex: "0" }, this.intro, this.#list);
    this.field = el("textarea", {
      id: "field", class: "field", part: "field", rows: 1, maxlength: MOST_CHARACTERS, autocomplete: "off", enterkeyhint: "send",
      keydown: (/** @type {KeyboardEvent} */ event) => {
        // Enter asks; Shift and Enter makes a new line; an input method's own Enter is left alone.
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        on.submit();
      },
    });
    this.stays = [
      el("div", { class: "header", part: "header" }, this.#heading, this.again, this.closer),
      this.log,
      el("form", {
        class: "composer", part: "composer", novalidate: true,
        submit: (/** @type {Event} */ event) => { event.preventDefault(); on.submit(); },
      }, this.#label, el("div", { class: "row" }, this.field, this.#send), this.#error),
      this.#live,
    ];
  }

  /** @returns {HTMLDialogElement | null} Null where the panel is part of the page. */
  get dialog() {
    return this.frame instanceof HTMLDialogElement ? this.frame : null;
  }

  /**
   * Put the parts into the frame that the mode asks for.
   *
   * @param {boolean} isInline
   */
  build(isInline) {
    this.frame.remove();
    // Not modal where the page beside it is in view: people read on there while they ask. Escape closes it either way.
    this.frame = isInline
      ? el("section", { class: "panel", part: "panel", "aria-labelledby": "title" })
      : el("dialog", { class: "panel", part: "panel", "aria-labelledby": "title", cancel: (event) => { event.preventDefault(); this.on.close(); } });
    this.frame.append(...this.stays);
    this.launcher.hidden = false;
    this.closer.hidden = isInline;
  }

  /**
   * Write every word that stays.
   *
   * @param {string} title
   * @param {Say} say
   * @param {boolean} hasExchanges
   */
  write(title, say, hasExchanges) {
    this.#name.textContent = title;
    this.#heading.textContent = title;
    this.again.textContent = say("startAgain");
    this.again.hidden = !hasExchanges;
    this.closer.setAttribute("aria-label", say("close"));
    this.intro.hidden = hasExchanges;
    this.#introduction.textContent = say("intro");
    this.start.textContent = say("start");
    this.log.setAttribute("aria-label", say("conversation"));
    this.#label.textContent = say(hasExchanges ? "followUp" : "label");
    this.#send.textContent = say("ask");
  }

  /** @param {Exchange[]} exchanges */
  list(exchanges) {
    for (const old of [...this.#list.children]) if (!exchanges.some(({ element }) => element === old)) old.remove();
    for (const { element } of exchanges) if (!element.isConnected) this.#list.append(element);
  }

  /** @param {string} message  Empty when all is well. */
  showError(message) {
    this.#error.textContent = message;
    this.#error.hidden = !message;
    if (message) {
      this.field.setAttribute("aria-invalid", "true");
      this.field.setAttribute("aria-describedby", "error");
      this.field.focus();
    } else {
      this.field.removeAttribute("aria-invalid");
      this.field.removeAttribute("aria-describedby");
    }
  }

  /**
   * Bring a question to the top, as far as what follows it fills the room; leave a visitor alone who scrolls.
   *
   * @param {Exchange} exchange
   */
  scrollTo(exchange, isNew = false) {
    if (!isNew && Math.abs(this.log.scrollTop - this.#scrolled) > 1) return;
    this.log.scrollTop = exchange.element.offsetTop - ABOVE_PX;
    this.#scrolled = this.log.scrollTop;
  }

  /** @param {string} message */
  announce(message) {
    window.clearTimeout(this.#speaking);
    // Emptied first, so that the same words are read again when they come twice in a row.
    this.#live.textContent = "";
    this.#speaking = window.setTimeout(() => {
      this.#live.textContent = message;
      // Later it would only be in the way of somebody who reads the page from end to end.
      this.#speaking = window.setTimeout(() => { this.#live.textContent = ""; }, SPOKEN_WITHIN_MS);
    }, 60);
  }
}
