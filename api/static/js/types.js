/**
 * The shapes that the HTTP contract sends, as JSDoc types. Offsets count Unicode code points; times are seconds.
 *
 * @typedef {"labelled" | "inherited" | "inferred" | "unknown"} Attribution
 *
 * @typedef {object} Gloss
 * @property {number} start  Place in the quote.
 * @property {number} end
 * @property {string} name
 *
 * @typedef {object} Citation
 * @property {number} n
 * @property {string} quote  Verbatim.
 * @property {string} transcript_id
 * @property {number} turn
 * @property {number} start
 * @property {number} end
 * @property {string | null} speaker
 * @property {string | null} role
 * @property {string | null} organisation
 * @property {Attribution} attribution
 * @property {string | null} attribution_reason
 * @property {Gloss[]} [gloss]
 * @property {string} title
 * @property {string | null} date
 * @property {string | null} url
 * @property {string} link
 * @property {number | null} start_time
 * @property {number | null} end_time
 *
 * @typedef {object} Sentence
 * @property {string} text
 * @property {number} start  Place in the answer.
 * @property {number} end
 * @property {number[]} citations
 *
 * @typedef {object} PassageTurn
 * @property {number} turn
 * @property {string | null} speaker
 * @property {string | null} role
 * @property {string | null} organisation
 * @property {Attribution} attribution
 * @property {string | null} attribution_reason
 * @property {number} start
 * @property {number} end
 * @property {string} text
 *
 * @typedef {object} Passage
 * @property {string} transcript_id
 * @property {string} title
 * @property {string | null} date
 * @property {string} link
 * @property {PassageTurn[]} turns
 *
 * @typedef {object} Difference
 * @property {string} said  Verbatim; empty where the quote has words that were not said.
 * @property {string} asked  Empty where the quote leaves words out.
 *
 * @typedef {Citation & {similarity: number, differences: Difference[]}} Match
 *
 * @typedef {object} QuoteCheck
 * @property {"verbatim" | "near" | "not_found"} verdict
 * @property {Match[]} matches
 *
 * @typedef {object} Feedback
 * @property {string} request_id
 * @property {"up" | "down"} rating
 * @property {string} [comment]
 * @property {number} [citation]
 *
 * @typedef {object} Answer
 * @property {string} question
 * @property {string} standalone_question
 * @property {string} request_id
 * @property {"answered" | "not_found" | "about"} status
 * @property {string | null} notice
 * @property {string} answer
 * @property {Sentence[]} sentences
 * @property {Citation[]} citations
 * @property {Passage[]} passages
 * @property {string[]} related_questions
 *
 * @typedef {object} Filters
 * @property {string[]} [speakers]
 * @property {string[]} [transcript_ids]
 * @property {string} [date_from]
 * @property {string} [date_to]
 *
 * @typedef {object} Me
 * @property {string | null} name
 * @property {string | null} way  `session`: by signing in; `local`: nobody is asked; null: not at all.
 * @property {string | null} sign_in  Where people can sign in.
 *
 * @typedef {object} Speaker
 * @property {string} name
 * @property {string | null} role
 * @property {string | null} organisation
 *
 * @typedef {object} TranscriptSummary
 * @property {string} id
 * @property {string} title
 * @property {string | null} date
 * @property {string} collection
 * @property {string | null} url
 * @property {Speaker[]} speakers
 * @property {number} turn_count
 *
 * @typedef {object} Turn
 * @property {number} turn
 * @property {string | null} speaker
 * @property {string | null} role
 * @property {Attribution} attribution
 * @property {string | null} attribution_reason
 * @property {number | null} start_time
 * @property {number | null} end_time
 * @property {string} text
 *
 * @typedef {TranscriptSummary & {turns: Turn[]}} Transcript
 *
 * @typedef {object} Ask  What a visitor asked, as it stands in the address.
 * @property {string} question
 * @property {string[]} earlier  The questions before it that it follows up, oldest first.
 * @property {string} speaker
 * @property {string} transcript
 * @property {string} from
 * @property {string} to
 */

export {};
