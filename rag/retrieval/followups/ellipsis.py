"""Questions that say only what is new: "And in Wales?", "Why?", "Who said that?", "The second one"."""

import re
from collections.abc import Sequence

from rag.library import SpeakerEntry
from rag.retrieval.followups.antecedents import named_shortly
from rag.retrieval.followups.memory import Memory
from rag.retrieval.followups.persons import QUOTED, known_people, people_asked_about
from rag.retrieval.followups.reading import Phrase, Reading, Role, read
from rag.retrieval.followups.reference import owner
from rag.retrieval.followups.tagging import Tag
from rag.retrieval.followups.things import ARTICLE
from rag.retrieval.followups.words import EVALUATIVE, MEN_AND_WOMEN, OWNED, is_country

OPENING = re.compile(
    r"^(?:(?:and|but|so|ok|okay|also|then|well|now|right|great|thanks|thank you|yes|hmm)\b[,.!]?\s+)+", re.IGNORECASE
)
IT = r"(?:that|this|it)"
BARE = re.compile(
    rf"""(?:please\ )?(?:
    why(?:\ not|\ so|\ (?:is|was)\ {IT}(?:\ so)?)? | how(?:\ so|\ come|\ exactly)?
    | (?:when|where|who)(?:\ exactly)? | since\ when | by\ whom | what\ for | in\ what\ way
    | how\ (?:much|many|long|often|far|old|big|soon)(?:\ exactly|\ more)?
    | (?:such\ as|like)(?:\ what)? | for\ (?:example|instance)
    | (?:what|anything|who|where)\ else(?:\ .{{0,30}})? | really | are\ you\ sure
    | is\ {IT}\ (?:so|true|right|correct)
    | (?:can|could)\ you\ (?:tell\ me\ more|elaborate|expand|explain|clarify|say\ more)(?:\ (?:on|about))?(?:\ {IT})?
    | (?:can|could)\ you\ (?:give|show)\ (?:me\ |us\ )?.{{0,25}}(?:examples?|details?)
    | (?:tell\ me|say|explain|give\ me|show\ me|go\ on|continue|more|elaborate|expand)
      (?:\ a\ bit|\ a\ little)?(?:\ (?:more|further|on|about|{IT}|please))*
    | (?:give\ (?:me\ |us\ )?|show\ (?:me\ |us\ )?|(?:are|is)\ there\ |do\ you\ have\ |what\ (?:is|are)\ )?
      (?:an|any|some|one|another|a\ few)?\ ?(?:other|more|further|concrete|specific)?\ ?
      (?:examples?|details?|ones?)(?:\ like\ that|\ of\ {IT})?
    | then(?:\ what)? | what\ (?:happened\ )?(?:next|then) | what\ happened\ after(?:wards|\ that)?
    | what\ do\ (?:you|they)\ mean(?:\ by\ {IT})? | how\ do\ (?:you|they|we)\ know(?:\ {IT})?
    | (?:what|which)\ ones? | who\ (?:is|was)\ {IT}
    | i(?:['’]m|\ am|\ was)\ (?:asking|looking)\ (?:for\ |about\ )?(?:some(?:thing)?\ |a\ )?(?:more|other)\b.{{0,60}}
    | (?:i\ (?:mean|meant|want|need)|something)\ (?:some(?:thing)?\ |a\ )?(?:more|other)\b.{{0,40}}
    )(?:,?\ please)?""",
    re.IGNORECASE | re.VERBOSE,
)
"""Without content of its own: the question before it is needed whole."""
WHO_SAID = re.compile(
    r"(?:who|which (?:guest|speaker|person|one)) "
    r"(?:said|says|mentioned|argued|argues|claimed|claims|suggested|stated|made|told (?:us|them))"
    r"(?: (?:so|those words|(?:the|that) (?:point|claim|argument)|that|this|it))?",
    re.IGNORECASE,
)
DID_SAY = re.compile(
    r"(?:did|has|have|had) (?P<who>[\w'’.-]+(?: [\w'’.-]+){0,3}?) (?:(?:really|actually|ever|indeed|truly) )*"
    r"(?:say|said|put it) (?:that|this|it|so|those words|like that)(?: (?:really|word for word|verbatim|literally))?",
    re.IGNORECASE,
)
EXACT_WORDS = re.compile(
    r"(?:is|are|was|were) (?:that|this|it|those|these|they) (?:(?:really|actually|exactly|also) )*"
    r"(?:(?:her|his|their|[\w'’.-]+(?: [\w'’.-]+){0,3}?['’]s?) (?:(?:exact|actual|own|very|real|precise) )*"
    r"(?:words?|wording|quote)|an? (?:(?:direct|verbatim|real|exact|genuine|actual) )*quot(?:e|ation)|verbatim|"
    r"word for word|what (?:she|he|they|[\w'’.-]+(?: [\w'’.-]+){0,3}?) (?:(?:really|actually) )?(?:said|says))"
    r"(?: (?:exactly|verbatim|word for word))?",
    re.IGNORECASE,
)
"""It asks of the last answer whether its words are a speaker's own ("Are those her exact words?")."""
INTRODUCED = re.compile(r":\s*“[^”]+”")
"""A quotation as answers introduce it; other quotation marks may be a title's."""
ABOUT = re.compile(r"^(?:what|how) about |^what of ", re.IGNORECASE)
PLACE_OF = {"first": 0, "former": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "latter": -1}
CHOSEN = re.compile(
    r"\b(?:the|that) (?P<which>first|former|second|third|fourth|last|latter)(?: one| option| of (?:these|those|them))?"
    r"(?=$|[?.,]| (?:is|was|were|are|do|does|did|in|for|work))",
    re.IGNORECASE,
)
LIST = r" (?P<list>[^?.:]{1,200}?(?:, (?:or|and)| (?:or|and|versus|vs)) [^?.:,]{1,100})"
ALTERNATIVES = [
    re.compile(before + LIST, re.IGNORECASE)
    for before in (r"\bbetween", r"^(?:which|what|who)\b[^,:?]*[,:]", r"\b(?:is|are|was|were|of|about|prefer|compare)")
]
BETWEEN_ALTERNATIVES = re.compile(r", (?:or |and )?| (?:or|and|versus|vs) ")
ANOTHER_ONE = re.compile(r"(?:(?:a|an|the|any) )?(?P<kind>[\w'’-]+) ones?", re.IGNORECASE)
MOST_NEW_WORDS = 7
"""Words of a question without a verb that still only says what is new."""
LONGEST_BASE = 300
"""Characters of an earlier question that are put in front; of a longer one, its topic is."""
LONGEST_QUOTE = 240
"""Characters of a quotation that is asked after."""
SAYING_MORE = frozenset({Tag.ASK, Tag.AUXILIARY, Tag.PRONOUN, Tag.VERB})
POSSESSIVE_ENDING = re.compile(r"['’](?:s\b|(?=\s\w))")
IN_ANOTHERS_PLACE = frozenset({"about", "in", "for", "across", "within", "the", "also", "now", "again"})
"""What may stand before a country that takes another's place; "from Kenya" and "not in Kenya" add to a question."""


def only_new(question: str, memory: Memory) -> str | None:
    """Return the whole question for one that says only what is new, or None where it says more, or nothing."""
    core = _core(question)
    if not core or BARE.fullmatch(core):
        return None
    quoted = _quoted(memory)
    did = DID_SAY.fullmatch(core) if quoted else None
    exact = quoted and EXACT_WORDS.fullmatch(core)
    if did or exact or WHO_SAID.fullmatch(core):
        asks = f"Did {did['who'] if did else 'anyone'} really say" if did or exact else "Who said"
        return quoted and f"{asks} “{quoted}”?"
    rest = ABOUT.sub("", core)
    chosen = CHOSEN.search(core)
    item = _alternative(chosen["which"], memory) if chosen else None
    if chosen and item:
        if chosen.group() == rest:
            return f"What about {item}?"
        return f"{_opened(core[: chosen.start()] + item + core[chosen.end() :])}?"
    if rest.lower() in MEN_AND_WOMEN:
        return _of_person(rest.lower(), memory)
    opened = rest != core or core != question.strip(" ?.!…")
    other = ANOTHER_ONE.fullmatch(rest) if opened else None
    kind = _of_another_kind(other["kind"], memory) if other else None
    return kind or (_put_in(rest, memory) if opened or _leading(rest) else None)


def bare(question: str) -> bool:
    """Say whether a question has no content of its own, so that the one before it must be put in front."""
    core = _core(question)
    return bool(not core or BARE.fullmatch(core) or WHO_SAID.fullmatch(core))


def _core(question: str) -> str:
    return OPENING.sub("", question).strip(" ?.!…")


def _leading(text: str) -> str:
    words = read(text).words
    return words[0].low if words and words[0].tag is Tag.PREPOSITION else ""


def _quoted(memory: Memory) -> str | None:
    """Return the words that the last answer quotes first; None where it quotes none."""
    answer = memory.answer or ""
    found = INTRODUCED.search(answer) or QUOTED.search(answer)
    if found is None:
        return None
    words = found.group().strip('“”" :')
    return words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE].rsplit(" ", 1)[0]


def _alternative(which: str, memory: Memory) -> str | None:
    """Return what "the second one" is, of the alternatives in the question before."""
    if len(memory.base) > LONGEST_BASE:
        return None
    found = next((match for pattern in ALTERNATIVES if (match := pattern.search(memory.base))), None)
    if found is None:
        return None
    items = [item.strip() for item in BETWEEN_ALTERNATIVES.split(found["list"]) if item.strip()]
    place = PLACE_OF[which.lower()]
    return items[place] if -len(items) <= place < len(items) else None


def _of_person(pronoun: str, memory: Memory) -> str | None:
    """Return the earlier question, asked of whom a pronoun alone stands for: "and him?"."""
    person = named_shortly(pronoun, memory.people)
    if person is None:
        return None
    asked_before = person.name in people_asked_about(memory.base, memory.speakers)
    if not asked_before:
        return _put_in(person.name, memory)
    return memory.base if person.gender is not None and len(memory.base) <= LONGEST_BASE else None


def _of_another_kind(kind: str, memory: Memory) -> str | None:
    """Return the earlier question of the same thing of another kind: "a green one" after "a red day"."""
    base = read(memory.base)
    sorted_ = [phrase for phrase in base.phrases if phrase.last > phrase.first and not phrase.proper]
    if len(memory.base) > LONGEST_BASE or not sorted_ or read(kind).words[0].tag is not Tag.NOUN:
        return None
    phrase = sorted_[-1]
    return base.text[: phrase.start] + kind + base.text[base.words[phrase.last - 1].end :]


def _put_in(new: str, memory: Memory) -> str | None:
    """Return the earlier question with what is new in the place of its like."""
    leading = _leading(new)
    # A capital that opens a text tells nothing, so it is read as it will stand.
    reading, base = read(new if leading else f"about {new}"), read(memory.base)
    if not reading.phrases or len(reading.words) > MOST_NEW_WORDS + 1 or len(memory.base) > LONGEST_BASE:
        return None
    if any(word.tag in SAYING_MORE for word in reading.words) or f" {new.lower()}" in memory.base.lower():
        return None
    first = reading.phrases[0]
    before = {word.low for word in reading.words[: first.first]}
    if is_country(first.text) and len(reading.phrases) == 1 and before <= IN_ANOTHERS_PLACE:
        place = _only_country(base, memory.speakers)
        if place:
            ending = POSSESSIVE_ENDING.match(base.text, place[1])
            name = owner(first.named) if ending else first.named
            return _opened(base.text[: place[0]] + name + base.text[ending.end() if ending else place[1] :])
    if leading:
        same = [phrase for phrase in base.phrases if phrase.preposition == leading and not _bracketed(base, phrase)]
        if same:
            return _replaced(base, same[-1], new[len(leading) :].strip(), first)
        return f"{memory.base.rstrip(' ?.!')} {new[0].lower()}{new[1:]}?"
    like = _like(first, base)
    return _replaced(base, like, new, first) if like else None


def _like(new: Phrase, base: Reading) -> Phrase | None:
    """Return the phrase of the earlier question that the new one stands in the place of."""
    if new.relational:
        return next((phrase for phrase in base.phrases if phrase.relational), None)
    free = [phrase for phrase in base.phrases if not phrase.relational and not _bracketed(base, phrase)]
    about = [phrase for phrase in free if phrase.preposition == "about" and not phrase.proper]
    if about and not new.proper:
        return about[-1]
    same = [phrase for phrase in free if phrase.proper == new.proper] or ([] if new.proper else free)
    subjects = [phrase for phrase in same if phrase.role in (Role.SUBJECT, Role.TOPIC)]
    if subjects and base.words[0].tag is Tag.AUXILIARY:
        return subjects[0]
    return (subjects or same)[-1] if same else None


def _bracketed(base: Reading, phrase: Phrase) -> bool:
    return base.text.count("(", 0, phrase.start) > base.text.count(")", 0, phrase.start)


def _replaced(base: Reading, phrase: Phrase, new: str, first: Phrase) -> str:
    start, new = phrase.start, new.strip()
    if phrase.determiner and (first.determiner or first.proper):
        start = base.words[phrase.first - 1].start
    if phrase.first and base.words[phrase.first - 1].tag is Tag.ASK:
        new = ARTICLE.sub("", new)  # "what good news", not "what the good news"
    kept = phrase.text.split()[0]
    if phrase.relational and first.relational and kept.lower() in EVALUATIVE and " " not in new:
        start = phrase.start + len(kept) + 1 if " " in phrase.text else start
    return base.text[:start] + new + base.text[phrase.end :]


def _only_country(base: Reading, speakers: Sequence[SpeakerEntry]) -> tuple[int, int] | None:
    """Return where the country that a question names stands, with its article, if it names one; no speaker is one."""
    found = []
    for phrase in base.phrases:
        name = OWNED.sub("", phrase.text)
        if is_country(name) and not known_people(name, speakers):
            start, end = phrase.start, phrase.start + len(name)
            if phrase.determiner in ("the", "a", "an"):
                article = base.words[phrase.first - 1]
                start = article.start if base.text[article.end : start] == " " else start
            found.append((start, end))
    return found[0] if len(found) == 1 else None


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
