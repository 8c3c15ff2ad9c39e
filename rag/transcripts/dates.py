"""Dates as people write them at the head of a transcript."""

import datetime as dt
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_LEAD = (
    r"(?:(?:first )?(?:published|posted|recorded|released|aired|date)(?: on)?:? +)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[,.]* +)?"
)
_TIME_OF_DAY = r"(?:,? +(?:at +)?\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_FORMS = tuple(
    re.compile(_LEAD + form, re.IGNORECASE)
    for form in (
        rf"{_DAY}(?: of)? +{_MONTH},? +{_YEAR}{_TIME_OF_DAY}",
        rf"{_MONTH} +{_DAY},? +{_YEAR}{_TIME_OF_DAY}",
        rf"{_YEAR}-(?P<number>\d{{2}})-{_DAY}(?:[T ][\d:.]+(?:Z|[+-]\d{{2}}:?\d{{2}})?)?",
    )
)
_LONGEST_DATE = 60


def parse_date(text: str) -> dt.date | None:
    """Return the date that the whole text is: "6 December 2023", "December 6, 2023" or "2023-12-06"; else None.

    A weekday or a word like "Published" may stand before it, a time of day after it. Figures alone, as in 6/12/2023,
    mean different days to different readers and are not read.
    """
    candidate = " ".join(text[: _LONGEST_DATE + 1].split())
    if len(candidate) > _LONGEST_DATE:
        return None
    for form in _FORMS:
        match = form.fullmatch(candidate)
        if match:
            parts = match.groupdict()
            month = int(parts["number"]) if "number" in parts else _MONTHS.index(parts["month"][:3].lower()) + 1
            try:
                return dt.date(int(parts["year"]), month, int(parts["day"]))
            except ValueError:
                return None
    return None
