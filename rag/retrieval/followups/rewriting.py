"""From a question and the exchanges before it to a question that stands alone."""

from rag.retrieval.followups.completion import completed, stands_alone
from rag.retrieval.followups.ellipsis import LONGEST_BASE, bare, only_new
from rag.retrieval.followups.memory import Memory, Rewriting
from rag.retrieval.followups.reading import read
from rag.retrieval.followups.reference import applied, edits

BASE_ENDS = (".", "?", "!")


def rewritten(question: str, memory: Memory) -> Rewriting:
    """Return a question as it is understood after what was said before."""
    if not memory.base:
        return Rewriting(text=question, base=question)
    whole = only_new(question, memory)
    if whole is not None:
        return Rewriting(text=whole, base=whole)
    if bare(question):
        return _behind(question, memory)
    reading = read(question)
    changes = edits(reading, memory)
    if changes:
        text = applied(question, changes)
        referred = tuple(dict.fromkeys(change.name for change in changes))
        called = tuple(dict.fromkeys((each.name, each.gender) for each in changes if each.gender is not None))
        return Rewriting(text=text, base=text, referred=referred, called=called)
    return _complete(question, memory)


def _complete(question: str, memory: Memory) -> Rewriting:
    reading = read(question)
    if not reading.phrases:
        return _behind(question, memory)
    if not stands_alone(reading) and not memory.names_topic(reading):
        found = completed(reading, memory)
        if found is not None:
            return Rewriting(text=found[0], base=found[0], added=(found[1].name,))
    return Rewriting(text=question, base=question)


def _behind(question: str, memory: Memory) -> Rewriting:
    """Return a question behind the one before it, or with its topic where that is long."""
    topic = memory.topic()
    added = (topic.name,) if topic else ()
    if len(memory.base) > LONGEST_BASE:
        return Rewriting(text=f"{question} ({topic.name})" if topic else question, base=memory.base, added=added)
    if memory.base.lower() in question.lower():
        return Rewriting(text=question, base=memory.base, added=added)
    ending = "" if memory.base.endswith(BASE_ENDS) else "."
    return Rewriting(text=f"{memory.base}{ending} {question[:1].upper()}{question[1:]}", base=memory.base, added=added)
