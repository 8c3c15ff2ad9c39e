/** Every sentence that the scripts put on a page, in one place to be translated. */

/** @param {number} count @param {string} one @param {string} many */
const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

export const strings = {
  locale: "en-GB",

  /** What the pages' own HTML says before a script runs; `data-words` in it names the entry. */
  page: {
    skip: "Skip to main content",
    home: "Turnwise, home",
    account: "Your account",
    title: "Ask what was said",
    standfirst: "Every answer is made of word-for-word quotes from recorded conversations. Each quote links to the place where it was said.",
    tabs: "What to do",
    tabAsk: "Ask a question",
    tabCheck: "Check a quote",
    question: "Your question",
    questionHint: "Ask about a topic, a method, a place or a person.",
    ask: "Ask",
    notSure: "Not sure where to start?",
    narrow: "Narrow your search",
    speaker: "Speaker",
    conversation: "Conversation",
    from: "From date",
    to: "To date",
    clearChoices: "Clear these choices",
    quote: "The words to check",
    quoteHint: "Paste or type the words that somebody is meant to have said. Use … where words are left out.",
    check: "Check",
    collection: "In this collection",
    colophon: "Turnwise shows what people said. It does not check that they were right.",
    askNew: "Ask a question",
    opening: "Opening the conversation",
  },

  ask: {
    pageTitle: "Turnwise: ask what was said",
    /** @param {string} question */
    titled: (question) => `${question}: Turnwise`,
    youAsked: "You asked:",
    empty: "Enter a question",
    looking: "Looking through the conversations",
    anyone: "Anyone",
    anyConversation: "Any conversation",
    datesReversed: "The ‘to’ date must be the same as or after the ‘from’ date",
    /** @param {number} count */
    choices: (count) => (count ? `(${plural(count, "choice", "choices")} made)` : ""),
    start: "What can I ask about?",
    examples: "Try a question from these conversations",
    exampleOf: "Ask: ",
    /** @param {string} question */
    understood: (question) => `Understood as: ${question}`,
    earlier: "Earlier question:",
    followUp: "Ask a follow-up",
    followUpHint: "You do not need to repeat what you asked above.",
    followUpAsk: "Ask",
    cutOff: "The answer was cut off",
    cutOffDetail: "The connection ended before the answer was complete, so not every quote was checked. Try again.",
  },

  asked: {
    title: "Questions asked on this device",
    note: "Only this browser keeps this list. It is never sent anywhere.",
    clear: "Clear this list",
    cleared: "The list is cleared.",
  },

  check: {
    /** @param {string} words */
    titled: (words) => `Check “${words}”: Turnwise`,
    youChecked: "You checked:",
    empty: "Enter the words to check",
    looking: "Comparing with every conversation",
    verbatim: "Yes, this was said",
    near: "Nearly: something close was said",
    not_found: "No, this was not found",
    verbatimNote: "These words are in the transcript, in this order. Capital letters and punctuation may differ.",
    nearNote: "The differences are marked, word by word.",
    notFoundNote: "Nobody says these words in these conversations. They may have been said somewhere else.",
    nearest: "The closest words",
    said: "What was said",
    asked: "What you entered",
    nothing: "(nothing)",
    /** @param {number} share  0 to 1. */
    alike: (share) => `${Math.round(share * 100)}% of the words are the same`,
    share: "Copy link to this check",
    /** @param {number} places */
    ready: (places) => (places ? ` ${plural(places, "place", "places")} shown.` : ""),
  },

  feedback: {
    question: "Was this helpful?",
    yes: "Yes",
    no: "No",
    report: "Report",
    reportWhat: " a wrong quote",
    /** @param {number} n */
    reportOf: (n) => `What is wrong with quote ${n}?`,
    comment: "What was missing or wrong?",
    hint: "You can leave this empty. Do not include patients’ names.",
    send: "Send",
    cancel: "Cancel",
    thanks: "Thank you. The people who run this service can see this.",
    absent: "Feedback is not collected here.",
    failed: "This could not be sent. Try again later.",
  },

  beside: {
    label: "Conversation",
    close: "Close",
    alone: "Open on its own page",
  },

  answer: {
    /** @param {number} quotes @param {number} conversations */
    ready: (quotes, conversations) =>
      `Answer ready: ${plural(quotes, "quote", "quotes")} from ${plural(conversations, "conversation", "conversations")}.`,
    aboutReady: "Answer ready.",
    /** @param {number} passages */
    notFoundReady: (passages) =>
      `These conversations do not answer that. ${passages ? `${plural(passages, "part that comes", "parts that come")} closest.` : ""}`,
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
    nearest: "What comes closest",
    nearestNote: "These come closest to your question, but they do not answer it.",
    related: "You could also ask",
    copyQuote: "Copy quote",
    copy: "Copy answer with sources:",
    copyFormatted: "For Word or email",
    copyText: "Plain text",
    copyMarkdown: "Markdown",
    share: "Copy link",
    shareWhat: " to this question",
    print: "Print or save as PDF",
    sources: "Sources",
    /** @param {number} quotes @param {number} conversations */
    made: (quotes, conversations) =>
      `${plural(quotes, "quote", "quotes")} from ${plural(conversations, "conversation", "conversations")}`,
    /** @param {string} date */
    printed: (date) => `Briefing, printed ${date}`,
    printedNote: "Every quote is word for word. It shows what people said, not whether they were right.",
    askAgain: "Ask this again:",
    notFoundTips: "What you can try",
    notFoundWays: [
      "Use words that people in the conversations might have used.",
      "Ask about one thing at a time.",
      "If you chose a speaker, a conversation or dates, clear them and ask again.",
    ],
    seeList: "See what is in this collection",
    /** @param {string} time */
    play: (time) => `Play from ${time}`,
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
    /** @param {number} count */
    andOthers: (count) => `and ${plural(count, "other", "others")}`,
  },

  trouble: {
    offlineTitle: "Turnwise cannot be reached",
    offlineDetail: "Check your internet connection. If that works, the server may be down. Your question is kept.",
    warmingTitle: "Turnwise is starting",
    warmingDetail: "This takes a few seconds. Your question will be asked as soon as it is ready.",
    stillWarming: "Turnwise is not ready yet",
    stillWarmingDetail: "It has been starting for longer than it should. Try again in a minute.",
    unexpectedTitle: "Something went wrong",
    unexpectedDetail: "The server sent an answer that this page could not read. Try again.",
    /** @param {string} id */
    reference: (id) => `If you report this, give this reference: ${id}`,
    tryAgain: "Try again",
    signInTitle: "You need to sign in",
    signInDetail: "You are not signed in, or you were signed out after a while. You will come back to this page.",
    signIn: "Sign in",
    keyTitle: "You cannot ask here yet",
    keyDetail: "This server answers only people it knows, and there is no way to sign in on this page. Ask whoever runs it for access.",
  },

  person: {
    /** @param {string} name */
    signedIn: (name) => `Signed in as ${name}`,
    signOut: "Sign out",
    signIn: "Sign in",
    outTitle: "You are signed out",
    outDetail: "The questions and answers kept by this browser were cleared too.",
    again: "Sign in again",
    failed: "You are still signed in, because the server could not be reached. Try again.",
  },

  reader: {
    contents: "Questions in this conversation",
    find: "Find in this conversation",
    previous: "Previous",
    next: "Next",
    /** @param {number} at @param {number} count */
    place: (at, count) => (count ? `${at} of ${count}` : "Not found"),
    /** @param {string} title */
    titled: (title) => `${title}: Turnwise`,
    backToAnswer: "Back to your answer",
    /** @param {string} date */
    printed: (date) => `Printed ${date}`,
    speakers: "Speakers",
    sourcePage: "Source page",
    noWords: "No words here.",
    link: "Link",
    /** @param {string} who */
    linkTo: (who) => ` to what ${who} says here`,
    copy: "Copy with source",
    /** @param {string} who */
    copyOf: (who) => `: what ${who} says here`,
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
