/** Every sentence that the scripts put on a page, in one place to be translated. */

/** @param {number} count @param {string} one @param {string} many */
const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

export const strings = {
  locale: "en-GB",

  ask: {
    pageTitle: "Turnwise: ask what was said",
    /** @param {string} question */
    titled: (question) => `${question}: Turnwise`,
    youAsked: "You asked:",
    empty: "Enter a question",
    looking: "Looking through the conversations",
    anyone: "Anyone",
    anyConversation: "Any conversation",
    datesReversed: "The ‘to’ date is before the ‘from’ date",
    /** @param {number} count */
    choices: (count) => (count ? `(${plural(count, "choice", "choices")} made)` : ""),
  },

  answer: {
    /** @param {number} quotes @param {number} conversations */
    ready: (quotes, conversations) =>
      `Answer ready: ${plural(quotes, "quote", "quotes")} from ${plural(conversations, "conversation", "conversations")}.`,
    aboutReady: "Answer ready.",
    /** @param {number} passages */
    notFoundReady: (passages) =>
      `These conversations do not answer that. ${passages ? `${plural(passages, "nearest passage", "nearest passages")} shown.` : ""}`,
    /** @param {number} n */
    marker: (n) => `Quote ${n}, read in context`,
    readInContext: "Read in context",
    /** @param {number} n */
    forQuote: (n) => ` (quote ${n})`,
    sourcePage: "Source page",
    /** @param {string} time */
    atTime: (time) => `${time} in the recording`,
    /** @param {string} said @param {string} name */
    gloss: (said, name) => `${said} [${name}]: probably misheard`,
    nearest: "Nearest passages",
    nearestNote: "These come closest to your question, but they do not answer it.",
    related: "You could also ask",
    copy: "Copy answer with sources",
    share: "Copy link to this question",
    print: "Print",
    sources: "Sources",
  },

  attribution: {
    unknownSpeaker: "Speaker not known",
    inferred: "Speaker inferred",
    inherited: "Speaker carried over",
    unknown: "Speaker not known",
    /** @param {string} reason */
    because: (reason) => `Reason: ${reason}`,
  },

  copy: {
    done: "Copied",
    failed: "Your browser did not allow copying. Select the text and copy it yourself.",
  },

  collection: {
    loading: "Loading the list of conversations",
    empty: "There are no conversations here yet.",
    howToAdd: "Add some with this command: turnwise add, followed by a file or a folder.",
    /** @param {number} count */
    showAll: (count) => `Show all ${count} conversations`,
    more: "Load more conversations",
    failed: "The list of conversations could not be loaded.",
    /** @param {number} count */
    andOthers: (count) => `and ${plural(count, "other", "others")}`,
  },

  trouble: {
    offlineTitle: "Turnwise cannot be reached",
    offlineDetail: "Check your connection, or that the server is running. Your question is kept.",
    warmingTitle: "Turnwise is warming up",
    warmingDetail: "This takes a few seconds. Your question will be asked as soon as it is ready.",
    stillWarming: "Turnwise is not ready yet",
    stillWarmingDetail: "It has been starting for longer than it should. Try again in a minute.",
    unexpectedTitle: "Something went wrong",
    unexpectedDetail: "The server sent an answer that this page could not read. Try again.",
    /** @param {string} id */
    reference: (id) => `If you report this, give this reference: ${id}`,
    tryAgain: "Try again",
  },

  reader: {
    /** @param {string} title */
    titled: (title) => `${title}: Turnwise`,
    backToAnswer: "Back to your answer",
    speakers: "Speakers",
    sourcePage: "Source page",
    noWords: "No words in this turn.",
    link: "Link",
    /** @param {string} who */
    linkTo: (who) => ` to this turn by ${who}`,
    copy: "Copy with source",
    /** @param {string} who */
    copyOf: (who) => `, turn by ${who}`,
    quoteStart: "Start of the quote. ",
    quoteEnd: " End of the quote.",
    /** @param {string} who */
    marked: (who) => `The quote by ${who} is marked.`,
    noSuchQuote: "The link points to words that are not in this conversation.",
    notFoundTitle: "There is no such conversation",
    notFoundDetail: "It may have been removed, or the link may be incomplete.",
    failedTitle: "The conversation could not be opened",
    toAskPage: "Go to the ask page",
  },
};
