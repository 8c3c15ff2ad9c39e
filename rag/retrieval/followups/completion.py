"""Whether a question without a pronoun stands alone, and what it is of if it does not."""

from rag.retrieval.followups.memory import Memory
from rag.retrieval.followups.reading import Phrase, Reading, Role
from rag.retrieval.followups.tagging import ANYTHING
from rag.retrieval.followups.things import Thing
from rag.retrieval.followups.words import EVALUATIVE, PREPOSITIONS

ENOUGH = 3
"""Content words of its own with which a question stands alone; fitted as `Salience` was."""
ASKERS_OWN = frozenset({"my", "our"})
"""Before what only the one who asks can have named: "my passport"."""
COMPLEMENTS = frozenset({"of", "for", "between", "behind"})


def stands_alone(reading: Reading) -> bool:
    """Say whether a question names what it is about."""
    if not reading.phrases or any(open_ended(reading, phrase) for phrase in reading.phrases):
        return False
    if reading.lows[0] in ANYTHING:
        return False
    if any(phrase.proper or _own(phrase) or _complement(reading, phrase) for phrase in reading.phrases):
        return True
    if any(phrase.first and reading.words[phrase.first - 1].low in ASKERS_OWN for phrase in reading.phrases):
        return True
    return own_words(reading) >= ENOUGH


def own_words(reading: Reading) -> int:
    """Return how many words of noun phrases, other than relational nouns, a question has."""
    return sum(phrase.last - phrase.first + 1 - phrase.relational for phrase in reading.phrases)


def open_ended(reading: Reading, phrase: Phrase) -> bool:
    """Say whether a phrase is of something that the question does not name: "the symptoms"."""
    after = reading.words[phrase.last + 1].low if phrase.last + 1 < len(reading.words) else ""
    if phrase.ranks:
        return not any(p.role is Role.SUBJECT and not p.ranks for p in reading.phrases)
    if phrase.text.split()[0].lower() in EVALUATIVE and not phrase.preposition and after not in PREPOSITIONS:
        return not any(other.proper and other.role is Role.SUBJECT for other in reading.phrases)
    if not phrase.relational or after in COMPLEMENTS or "'" in phrase.text or "’" in phrase.text:
        return False
    others = [other for other in reading.phrases if other is not phrase]
    return (
        not any(other.proper for other in others)
        and phrase.role is not Role.PREPOSITIONAL
        and not any(not other.relational and other.last - other.first > 0 for other in others)
    )


def _own(phrase: Phrase) -> bool:
    """Say whether a phrase brings a subject of its own: "What is a driver diagram?", "Tell me about lung cancer"."""
    subject = phrase.role in (Role.SUBJECT, Role.TOPIC) and phrase.determiner in ("", "a", "an")
    long = (
        phrase.last > phrase.first and phrase.determiner != "the" and phrase.text.split()[0].lower() not in EVALUATIVE
    )
    return (subject or long) and not phrase.relational and not phrase.ranks


def _complement(reading: Reading, phrase: Phrase) -> bool:
    """Say whether a phrase is what a relational noun is of: "the definition of *allegory*"."""
    before = [other for other in reading.phrases if other.last == phrase.first - 2]
    return phrase.preposition == "of" and not phrase.relational and any(other.relational for other in before)


def _last_joined(reading: Reading, phrase: Phrase) -> Phrase:
    """Return the last of the relational nouns that "and" joins: "the pros and *cons*"."""
    for other in reading.phrases:
        if other.relational and reading.text[phrase.end : other.start].strip() == "and":
            return other
    return phrase


def completed(reading: Reading, memory: Memory) -> tuple[str, Thing] | None:
    """Return a question with what it is of, and that; None where nothing is known."""
    thing = memory.topic(besides=reading)
    if thing is None or reading.text.rstrip(" ?.!").endswith(")"):
        return None
    for phrase in reading.phrases:
        if open_ended(reading, phrase) and phrase.ranks:
            return f"{reading.text[: phrase.end]} {thing.one}{reading.text[phrase.end :]}", thing
        if open_ended(reading, phrase) and phrase.relational:
            end = _last_joined(reading, phrase).end
            return f"{reading.text[:end]} of {thing.name}{reading.text[end:]}", thing
    end = len(reading.text.rstrip(" ?.!"))
    return f"{reading.text[:end]} ({thing.name}){reading.text[end:]}", thing
