"""What a transcript is called: its id, and its title where the source gives none."""

import datetime as dt
import hashlib
import re
import unicodedata

MAX_SLUG_LENGTH = 80

_APOSTROPHES = re.compile("['’‘ʼ`]")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TEAMS_STEM = re.compile(
    r"(?P<title>.+)-(?P<day>\d{8})_(?P<hour>\d\d)(?P<minute>\d\d)\d\d(?:UTC)?"
    r"(?:-Meeting (?:Recording|Transcript)(?P<part> \d+)?)?",
    re.IGNORECASE,
)
"""As in `Falls huddle-20260305_140211-Meeting Recording.vtt`: how Teams names what it recorded."""
_DATED_STEM = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[-_. ]+|$)(.*)", re.DOTALL)


def transcript_id(title: str, date: dt.date | None) -> str:
    """Return the id of a transcript whose source gives none: a slug of date and title.

    It says nothing of the text, so that a corrected file keeps its links. ASCII, lower case, at most 80 characters,
    cut between words.
    """
    dated = f"{date.isoformat()} {title}" if date else title
    slug = _slug(dated)
    if not _slug(title):
        digest = hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:12]
        slug = f"{slug}-{digest}" if slug else f"transcript-{digest}"
    if len(slug) <= MAX_SLUG_LENGTH:
        return slug
    cut = slug[: MAX_SLUG_LENGTH + 1].rpartition("-")[0]
    return cut or slug[:MAX_SLUG_LENGTH]


def title_from_stem(stem: str) -> tuple[str, dt.date | None]:
    """Return the title and the date that a file's name gives, as in `2024-03-05_safety-huddles.srt`, or Teams."""
    date = None
    if match := _DATED_STEM.fullmatch(stem):
        day, rest = match.groups()
    elif match := _TEAMS_STEM.fullmatch(stem):
        # The time stays in the title: a huddle may be held twice a day.
        day, part = match["day"], match["part"] or ""
        rest = f"{match['title']}, {match['hour']}:{match['minute']}{part and f', part{part}'}"
    if match:
        try:
            date = dt.date.fromisoformat(day)
        except ValueError:
            date = None
        else:
            stem = rest or stem
    words = " ".join(re.sub(r"[-_]+", " ", stem).split())
    title = words[:1].upper() + words[1:] if words else "Untitled"
    return title, date


def _slug(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).lower()
    ascii_only = decomposed.encode("ascii", "ignore").decode("ascii")
    return _NOT_SLUG.sub("-", ascii_only).strip("-")
