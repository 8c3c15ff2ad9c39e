"""What an answer has to hold: how a question says so, and what it looks like in a sentence."""

import re
from collections.abc import Mapping
from enum import StrEnum

from rag.retrieval.terms import ANALYZER


class Expects(StrEnum):
    """What an answer has to hold."""

    ANYTHING = "anything"
    MONEY = "money"
    NUMBER = "number"
    SHARE = "share"
    DURATION = "duration"
    YEAR = "year"
    CLOCK = "clock"
    TIME = "time"
    NAME = "name"


COUNTABLE = (Expects.NUMBER, Expects.SHARE, Expects.DURATION, Expects.MONEY, Expects.YEAR, Expects.CLOCK)
"""What an answer can't do without."""
EXPECTATIONS = (
    (Expects.DURATION, re.compile(r"\b(?:how long|how many (?:minutes|hours|days|weeks|months|years))\b")),
    (
        Expects.MONEY,
        re.compile(
            r"\bhow much (?:(?:[\w-]+ ){0,2}?(?:money|funding|cash|investment)\b|"
            r".*\b(?:costs?|pay|paid|spend|spent|earns?|save|saved|worth|budget|raised?)\b)"
            r"|\b(?:what (?:is|was|are|were) the|what) (?:\w+ )?(?:costs?|price|budget|salary|fee)\b"
            r"|\bwhat (?:did|does|do|will|would|has|have) .*\bcost\b"
        ),
    ),
    (
        Expects.SHARE,
        re.compile(
            r"\b(?:(?:what|which) (?:\w+ )?(?:share|proportion|percentage|per ?cent|fraction)|how many per ?cent)\b"
        ),
    ),
    (
        Expects.NUMBER,
        re.compile(r"\b(?:how (?:many|much|often|big|large|old|far)|what (?:\w+ )?(?:number|figure)s?)\b"),
    ),
    (Expects.YEAR, re.compile(r"^(?:(?:and|so|but) )?(?:in |since |by )?(?:what|which) year\b")),
    (Expects.CLOCK, re.compile(r"^(?:(?:and|so|but) )?(?:at |by |until )?(?:what|which) (?:time|hour)\b")),
    (
        Expects.TIME,
        re.compile(r"^(?:(?:and|so|but) )?(?:since |until )?when\b|\b(?:what|which) (?:year|month|day|date)\b"),
    ),
    (
        Expects.NAME,
        re.compile(
            r"^(?:and |so )?(?:who|whose|whom|where)\b"
            r"|^(?:(?:and|so|in|from|at|to) )?(?:what|which) (?:city|town|county|country|village|hospital|university)\b"
        ),
    ),
)
"""How a question says what its answer has to hold."""

_TO_TWENTY = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UNITS = r"(?:seconds?|minutes?|hours?|days?|weeks?|fortnights?|months?|years?|decades?)"
NUMBER = re.compile(
    rf"\d|\b(?:{_TO_TWENTY}|{_TENS}|hundreds?|thousands?|millions?|half|a third|two-thirds|a quarter|dozens?|per cent|"
    r"double|twice)\b",
    re.IGNORECASE,
)
MONEY = re.compile(
    r"[£$€]\s?\d|\b(?:pounds?|dollars?|euros?|pence|quid|grand|million|billion|per cent of (?:the|its|our) budget)\b",
    re.IGNORECASE,
)
SHARE = re.compile(
    r"\d\s?%|\bper ?cent\b|\b(?:half|(?:one |two )?thirds?|(?:one |three )?quarters?|"
    rf"(?:\d+|{_TO_TWENTY}|{_TENS}) (?:in|out of) (?:every )?(?:\d+|a hundred|{_TO_TWENTY}|{_TENS}|hundred)|in every|"
    r"double|doubled|halved|twice)\b",
    re.IGNORECASE,
)
DURATION = re.compile(
    rf"(?:\d|\b(?:{_TO_TWENTY}|{_TENS}|few|several|many|couple of|half|hundred))\b"
    rf"(?:(?!\b(?:an?|per|every|each|in)\b)[\w -]){{0,12}}\b{_UNITS}\b"
    r"|\b(?:for|in|within|after|about|around|over|under|than|nearly|almost|half|took|takes?|taken|lasts?|lasted|of|was|is|"
    rf"to|or|and|be) an? (?:\w+ )?{_UNITS}\b|^an? (?:\w+ )?{_UNITS}\b",
    re.IGNORECASE,
)
"""A length of time; "ninety a month" is none."""
YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b|(?<!\w)[’']\d\d\b|\b(?:nineteen|twenty)[ -](?:hundred|\w+teen|\w+ty|ten)\b")
CLOCK = re.compile(
    r"\b(?:o['’]clock|half[ -]past|quarter (?:to|past)|noon|midday|midnight|[ap]\.?m\b|\d{1,2}[:.]\d\d|"
    rf"(?:\d{{1,2}}|{_TO_TWENTY}) (?:in the (?:morning|afternoon|evening)|at night)|(?:at|by|before|after|until|till) "
    rf"(?:\d{{1,2}}|{_TO_TWENTY})(?:[ -](?:fifteen|{_TENS}))?(?=[,.;:!?]|$))",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b(?:(?:19|20)\d\d|january|february|march|april|may|june|july|august|september|october|november|december|monday|"
    r"tuesday|wednesday|thursday|friday|saturday|sunday|weeks?|months?|years?|ago|since|o'clock|morning|afternoon)\b|’\d\d",
    re.IGNORECASE,
)
NAME_INSIDE = re.compile(r"(?<=[a-z,;:] )[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
EXPECTED: Mapping[Expects, re.Pattern[str]] = {
    Expects.MONEY: MONEY,
    Expects.NUMBER: NUMBER,
    Expects.SHARE: SHARE,
    Expects.DURATION: DURATION,
    Expects.YEAR: YEAR,
    Expects.CLOCK: CLOCK,
    Expects.TIME: TIME,
    Expects.NAME: NAME_INSIDE,
}
"""What it looks like in a sentence."""

COUNTED = re.compile(
    r"\bhow many (?P<what>(?:[\w'-]+ ){0,3}?[\w'-]+)(?: (?:did|do|does|is|are|was|were|have|has|had|can|could|will|"
    r"would|should|of|in|at|on|for|from|to|that|who|took|went|came|come|use|uses|there|they|it|we|you|live|lives|work|"
    r"works|run|runs|sit|sits|get|gets|make|makes|need|needs|go|goes|visit|visits|"
    r"belong|belongs|join|joins|exist|exists|take|takes|attend|attends|know|knows|want|wants|share|shares|"
    r"(?!(?:red|need|bed|seed|speed|shed|breed|hundred)s?\b)\w{2,}ed)\b|[,.?!]|$)"
)
"""What is counted, after "how many", in the folded question."""
COUNTED_BEFORE = re.compile(r"^(?:of (?:them|those|these|the|our|us)|or so)\b", re.IGNORECASE)
"""After a number: it counts what was named before."""
ROUGHLY = re.compile(r"^(?:hundreds|thousands|millions|dozens)\b", re.IGNORECASE)
"""A number that says only about how many: where a better one is said, that is the answer."""
FEW_WORDS = 4
"""Words after a number within which stands what it counts: "five thousand bed days"."""
OF_SOMETHING_NAMED, OF_SOMETHING_ELSE = 0.8, 0.5
ONE = re.compile(r"\W*ones?\W*", re.IGNORECASE)
BARE = re.compile(r"\W+$")
NOBODY_COUNTED = frozenset(
    "of who whom that which is was has had i you we they he she it with without to in on at for from and or but than "
    "as thing day another after by".split()
)
"""After "one" that counts nothing: "the awkward one of us", "one day"."""


def counted(question: str) -> str:
    """Return the last term of what a question, folded, asks how many there are of; empty where it doesn't."""
    asked = COUNTED.search(question)
    terms = ANALYZER.terms(asked["what"]) if asked else []
    return terms[-1] if terms else ""


def held(text: str, expects: Expects, counted: str) -> float:
    """Return how well a sentence holds what a question expects, from 0 to 1; `counted` is what it asks how many of."""
    pattern = EXPECTED.get(expects)
    found = float(bool(pattern and pattern.search(text)))
    if not counted or expects not in (Expects.NUMBER, Expects.DURATION):
        return found
    number = counts(text, counted)
    return max(number, OF_SOMETHING_NAMED * found) if expects is Expects.DURATION else number


def counts(text: str, thing: str) -> float:
    """Return how well a sentence says how many there are of a thing: 1 with a number before it, 0 without any."""
    words = text.split()
    best = 0.0
    for n, word in enumerate(words):
        if not NUMBER.search(word):
            continue
        after = words[n + 1 : n + 1 + FEW_WORDS]
        if ONE.fullmatch(word) and (word[-1] != "e" or not after or BARE.sub("", after[0].lower()) in NOBODY_COUNTED):
            continue
        if thing in ANALYZER.terms(" ".join([word, *after])) and not ROUGHLY.search(word):
            return 1.0
        of_them = COUNTED_BEFORE.match(" ".join(after))
        best = max(best, OF_SOMETHING_NAMED if of_them else OF_SOMETHING_ELSE)
    return best
