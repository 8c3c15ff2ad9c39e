"""What looks like the name of a speaker, and what only looks like one."""

import re

from rag.transcripts.names import PARTICLES
from rag.transcripts.word_set import word_set

MAX_NAME_LENGTH = 60
MAX_NAME_WORDS = 7

_WORD = re.compile(r"[^\W_][\w'’.&-]*,?|&|#?\d{1,3}")
_CREDENTIAL_LAST = re.compile(r"(?:Jr|Sr|[A-Z]|[A-Z][a-z]{0,2}\.[A-Z]|Ph\.?D|M\.?D|R\.?N)\.?")

METADATA_KEYS = word_set(
    "abstract aired author collection copyright date description disclaimer duration editor episode event guests "
    "hosts http https language length licence license link location members moderators panel panellists panelists "
    "participants people places present published recorded released season series show source speakers summary "
    "tags title topic topics transcriber transcript transcription url version web website with"
)
"""Words before a colon at the head of a file that say something about it; never a speaker."""

_NOT_NAMES = word_set(
    "a about above act action actually advice after again aim all also although always an and another answer "
    "answers any appendix as at aware background basically because before below best bonus bottom but by caution "
    "cc chapter check comment conclusion consequence context contents course do don't edit eg email equally "
    "example examples fact facts fax figure finally first firstly five footnote for four from further generally "
    "goal hence hint how however idea if important in incidentally indeed info introduction issue it item just "
    "key last lastly lesson lessons let look meaning meanwhile mission more most my namely never next no not note "
    "notes now objective obviously often ok okay on one only options or otherwise our outcome overview paragraph "
    "part phase phone plan please plus point points ps problem purpose question questions quote reason reasons "
    "recommendation remember reminder result results rule rules say second secondly section see similarly slide "
    "so sometimes spoiler stage step steps study subject suddenly tel that the then therefore these they thing "
    "things third thirdly this those though three thus tip tips to today tomorrow two update vision warning we "
    "well what when where which while who why with yes yesterday yet you your"
)

_FURNITURE_WORDS = word_set(
    "acast apple article articles audio blog browse careers comments contact cookie cookies download episode "
    "episodes events facebook follow footer google home linkedin listen login menu more news newsletter podcast "
    "podcasts policy print privacy reading related resources search share sign skip sponsor spotify subscribe "
    "tags terms transcript tweet twitter video videos watch youtube"
)


_SEGMENTS = frozenset(
    (
        *("break", "ad", "ad break", "advert", "advertisement", "clip", "commercial", "commercial break", "intro"),
        *("jingle", "music", "music break", "outro", "song", "sponsor", "sponsor break", "theme", "theme music"),
        *("theme song", "trailer"),
    )
)


def is_segment(label: str) -> bool:
    """Say whether a label names a piece of a programme, as "Break" does, and nobody who speaks."""
    return label.lower() in _SEGMENTS


def is_name_like(label: str) -> bool:
    """Say whether a text could be a person's name or a role such as "The Chair" or "Speaker 2".

    At most seven words, each beginning with a capital (or in a script without capitals), particles aside. A bracketed
    aside, as in "The Chair (Ann Smith)", is not looked into.
    """
    core = without_aside(label)
    if not core or len(label) > MAX_NAME_LENGTH * 2 or len(core) > MAX_NAME_LENGTH:
        return False
    words = core.split()
    if len(words) > MAX_NAME_WORDS or not _is_capitalised(words[0]):
        return False
    return all(
        _WORD.fullmatch(word) is not None
        and (_is_capitalised(word) or word in PARTICLES or word == "&" or word.lstrip("#").isdigit())
        for word in words
    )


def without_aside(label: str) -> str:
    """Return a label without what stands in brackets at its end: "The Chair" of "The Chair (Ann Smith)"."""
    return re.sub(r"\s*\([^()]{0,50}(?:\([^()]{0,40}\))?[^()]{0,50}\)\s*$", "", label).strip()


def is_common_opener(label: str) -> bool:
    """Say whether a text before a colon is an ordinary word or phrase ("Note", "Step 2") and not a name.

    "The Chair" is not one: a leading article is looked past.
    """
    words = [word.strip(".,'’").lower() for word in label.split()]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return not words or words[0] in _NOT_NAMES or words[0] in METADATA_KEYS


def is_bare_name(line: str) -> bool:
    """Say whether a line of its own could be nothing but a speaker's name: stricter than `is_name_like`."""
    words = line.split()
    if not is_name_like(line) or any(word.strip(".,'’").lower() in _FURNITURE_WORDS for word in words):
        return False
    if words[0].lower() in _NOT_NAMES - {"the"} or (len(words) == 1 and not words[0].isalpha()):
        return False
    return not line.endswith((".", ",")) or _CREDENTIAL_LAST.fullmatch(words[-1]) is not None


def _is_capitalised(word: str) -> bool:
    return word[0].isalpha() and not word[0].islower()
