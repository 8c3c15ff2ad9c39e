/**
 * The shapes that the HTTP contract sends, and those the widget's parts pass to one another. Not delivered: only the
 * type checker reads this. Offsets count Unicode code points; times are seconds.
 *
 * @typedef {"labelled" | "inherited" | "inferred" | "unknown"} Attribution
 *
 * @typedef {object} Said
 * @property {string | null} speaker
 * @property {string | null} role
 * @property {string | null} organisation
 * @property {Attribution} attribution
 * @property {string | null} attribution_reason
 *
 * @typedef {Said & {n: number, quote: string, transcript_id: string, turn: number, start: number, end: number,
 *   gloss?: {start: number, end: number, name: string}[], title: string, date: string | null, url: string | null,
 *   link: string, start_time: number | null}} Citation
 *
 * @typedef {Said & {turn: number, start: number, end: number, text: string}} PassageTurn
 *
 * @typedef {object} Passage
 * @property {string} transcript_id
 * @property {string} title
 * @property {string | null} date
 * @property {string} link
 * @property {PassageTurn[]} turns
 *
 * @typedef {object} Answer
 * @property {"answered" | "not_found" | "about"} status
 * @property {string | null} notice
 * @property {string} answer
 * @property {Citation[]} citations
 * @property {Passage[]} passages
 * @property {string[]} related_questions
 *
 * @typedef {{question: string, history: {question: string, answer: string}[], filters: {collections?: string[]}}} Asked
 *
 * @typedef {"lead" | "words" | "quote" | "marker"} SegmentKind
 * @typedef {{kind: SegmentKind, text: string, n: number}} Segment
 *
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Property
 *
 * @typedef {keyof typeof STRINGS["en-GB"]} StringKey
 * @typedef {(key: StringKey, values?: Record<string, string | number>) => string} Say
 *
 * @typedef {object} Host  What an exchange needs of the element it is in.
 * @property {Say} say
 * @property {() => string} locale  For dates.
 * @property {(link: string) => string | null} readerLink
 * @property {(question: string) => void} askRelated
 * @property {(exchange: Exchange) => void} retry
 * @property {() => void} stop
 * @property {(citation: Citation, answer: Answer | null) => boolean} mayShow  False if the host page shows it itself.
 */
