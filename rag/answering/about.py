"""Questions about the collection or the tool itself."""

import datetime as dt
import re
from collections.abc import Collection, Iterator

from rag.answering.composition import spell_date
from rag.answering.overviews import conversations_dated
from rag.library import Library, TranscriptSummary

_CONVERSATIONS = r"(?:conversations|transcripts|episodes|podcasts|meetings|recordings|interviews)"
_HERE = (
    r"(?: here| (?:in|on|of) (?:here|(?:this|these|the|all|all the|each) "
    rf"(?:collection|conversation|episode|podcast|transcript|recording|interview|meeting|{_CONVERSATIONS})))"
)
WHAT_IS_THERE = re.compile(
    rf"^(?:(?:which|what|how many) {_CONVERSATIONS}"
    rf" (?:are there{_HERE}?|do you (?:have|hold|know)|are (?:in|available)\b.*|can i (?:ask|search)\b.*|have you got)"
    rf"|(?:list|show(?: me)?) (?:the |all |all the )?{_CONVERSATIONS}"
    r"|what (?:can|could|should|may) i ask(?: (?:you|here|about))*"
    r"|what (?:do you know|is in (?:here|this collection|the collection|the transcripts))(?: about)?"
    r"|(?:who|which people|which speakers) (?:speaks?|talks?|are the speakers|is speaking|is) (?:in|on)? ?"
    r"(?:here|these|this|the) ?(?:conversations|transcripts|episodes|podcasts|collection)?"
    r"|who (?:are|were|is|was) (?:all )?(?:the |your )?(?:speakers?|guests?|interviewees?|participants|panell?ists)"
    rf"{_HERE}?"
    rf"|who (?:speaks|spoke|talks|is speaking|took part|is interviewed|was interviewed|are you talking to){_HERE}?"
    rf"|(?:which|what) (?:topics|subjects) (?:are (?:covered|discussed){_HERE}?"
    rf"|do (?:they|these {_CONVERSATIONS}) cover)"
    rf"|what are (?:these|the|all these) {_CONVERSATIONS} about)$"
)
WHAT_IT_IS = re.compile(
    r"^(?:who are you|what are you|what is (?:this|turnwise)|what can you do|what do you do"
    r"|how do(?:es)? (?:you|this|it|turnwise) work|help|hello|hi|hey|can you help(?: me)?"
    r"|who (?:made|built|wrote|trained) (?:you|this|turnwise)"
    r"|are you (?:an? )?(?:ai|bot|chatbot|robot|human|person|machine|computer|language model|"
    r"llm|chatgpt|gpt|real))$"
)
MOST_LISTED = 12


def about(question: str, library: Library, only: Collection[str] = ()) -> str | None:
    """Return the answer to a question about the collection or the tool, or None where it is about neither.

    Args:
        question: As it is asked.
        library: What is there.
        only: Ids of the conversations that may be meant; empty where all may.
    """
    asked = re.sub(r"[^\w\s]", "", question.casefold()).strip()
    asked = re.sub(r"\s+please$", "", asked)
    if WHAT_IT_IS.match(asked):
        return f"{_what_it_is()}\n\n{_what_is_there(library, only)}"
    if WHAT_IS_THERE.match(asked):
        return _what_is_there(library, only)
    return _dates(question, library, only)


def _dates(question: str, library: Library, only: Collection[str]) -> str | None:
    """Return the dates of the conversations of which a question asks them; None where it doesn't."""
    meant = conversations_dated(question, library.speakers(), _there(library, only))
    told = [(each.title, each.date) for each in library.transcripts() if each.id in meant] if meant else []
    return (
        "\n".join(
            f"“{title}” is dated {spell_date(dt.date.fromisoformat(date))}." if date else f"“{title}” has no date here."
            for title, date in told
        )
        or None
    )


def _there(library: Library, only: Collection[str]) -> Iterator[TranscriptSummary]:
    """Yield the conversations that may be meant."""
    return (summary for summary in library.transcripts() if not only or summary.id in only)


def _what_it_is() -> str:
    return (
        "Turnwise answers questions from recorded conversations. Every answer is made of what people said, word for "
        "word, with who said it, when, and a link to the place in the transcript. It says so when the transcripts "
        "do not answer a question."
    )


def _what_is_there(library: Library, only: Collection[str]) -> str:
    summaries = sorted(_there(library, only), key=lambda s: (s.date or "", s.id), reverse=True)
    if not summaries and only:
        return "No conversation fits what the question is narrowed to."
    if not summaries:
        return "There are no conversations here yet. Add some with `turnwise add PATH`."
    lines = []
    for summary in summaries[:MOST_LISTED]:
        people = ", ".join(summary.turn_counts)
        when = f", {spell_date(dt.date.fromisoformat(summary.date))}" if summary.date else ""
        lines.append(f"“{summary.title}”{when}" + (f" – {people}" if people else ""))
    count = f"There are {len(summaries)} conversations" if len(summaries) > 1 else "There is one conversation"
    more = f"\n… and {len(summaries) - MOST_LISTED} more." if len(summaries) > MOST_LISTED else ""
    return f"{count} here. You can ask about anything that was said in them:\n" + "\n".join(lines) + more
