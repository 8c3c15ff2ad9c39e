"""What an answer has to hold: how a question says so, and what it looks like in a sentence."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Expects(StrEnum):
    """What an answer has to hold."""

    ANYTHING = "anything"
    MONEY = "money"
    NUMBER = "number"
    DURATION = "duration"
    TIME = "time"
    NAME = "name"


EXPECTATIONS = (
    (Expects.DURATION, re.compile(r"\b(?:how long|how many (?:minutes|hours|days|weeks|months|years))\b")),
    (
        Expects.MONEY,
        re.compile(
            r"\bhow much (?:(?:money|funding)\b|"
            r".*\b(?:costs?|pay|paid|spend|spent|earns?|save|saved|worth|budget|raised?)\b)"
            r"|\b(?:what (?:is|was|are|were) the|what) (?:\w+ )?(?:costs?|price|budget|salary|fee)\b"
        ),
    ),
    (
        Expects.NUMBER,
        re.compile(r"\b(?:how (?:many|much|often|big|large|old|far)|what (?:share|proportion|percentage|number))\b"),
    ),
    (Expects.TIME, re.compile(r"\b(?:when|(?:what|which) (?:year|month|day|date))\b")),
    (Expects.NAME, re.compile(r"^(?:and |so )?(?:who|whose|whom|where)\b")),
)
"""How a question says what its answer has to hold."""

NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds?|thousands?|millions?|half|a third|two-thirds|a quarter|dozens?|per cent|double|"
    r"twice)\b",
    re.IGNORECASE,
)
MONEY = re.compile(
    r"[£$€]\s?\d|\b(?:pounds?|dollars?|euros?|pence|quid|grand|million|billion|per cent of (?:the|its|our) budget)\b",
    re.IGNORECASE,
)
DURATION = re.compile(
    r"(?:\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|few|several|many|"
    r"hundred))\b[\w -]{0,12}\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)\b",
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
    Expects.DURATION: DURATION,
    Expects.TIME: TIME,
    Expects.NAME: NAME_INSIDE,
}
"""What it looks like in a sentence."""
