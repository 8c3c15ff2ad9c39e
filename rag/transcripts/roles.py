"""What people are, where a transcript says it plainly: role and organisation.

A wrong role is worse than none: every pattern needs the name, then at once a present role, then an organisation or a
clean end. Past roles ("former", "who was", "had been"), lists of roles and doubtful ends give nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.transcripts.folding import fold_space
from rag.transcripts.names import HONORIFICS, PARTICLES, name_key
from rag.transcripts.role_words import PERSON_NOUNS, is_role_word, role_before
from rag.transcripts.word_set import word_set

_NOUNS = (
    r"(?:co-)?(?:chief executive(?: officer)?|chief (?:medical|nursing|operating|finance|information|people|strategy) "
    r"officer|ceo|coo|director|chair(?:man|woman|person)?|president|professor|manager|lead|leader|head|nurse|midwife|"
    r"matron|consultant|gp|general practitioner|physician|surgeon|doctor|secretary|minister|officer|founder|editor|"
    r"presenter|fellow|adviser|advisor|coordinator|analyst|engineer|researcher|lecturer|governor|commissioner|"
    r"ambassador|trustee|pharmacist|physiotherapist|therapist|paramedic|practitioner|facilitator|psychologist|"
    r"psychiatrist|economist|representative|registrar|coach|designer|scientist|statistician|sister)"
)
_ROLE = re.compile(rf"(?:[A-Za-z][\w’'-]* (?:and )?){{0,5}}?{_NOUNS}(?: emerita| emeritus)?(?![\w’'-])", re.IGNORECASE)
_NOT_IN_ROLE = word_set(
    "a an are be been being becoming before by ever ex former formerly from had has he her his i incoming is it "
    "late my next no not of once one outgoing previously retired she some that the their then they this to until "
    "was were who will with you your"
)
_LINKS = r"(?:\s*[,–—]\s*(?:who(?:['’]s| is)\s+)?|\s+-\s+|\s*\(|\s+who(?:['’]s| is)\s+|\s+is\s+)"
_ARTICLE = r"(?:(?:now|currently|also)\s+)?(?:(?:the|our|an?)\s+)?"
_CLAUSE_END = re.compile(r"[.;:!?](?=\s|$)|[)\n]|,|\s[–—-]\s|$")
_NEXT_PERSON = re.compile(
    r",? and (?=(?:[A-Z][\w’'-]+ ){1,3}?[A-Z][\w’'-]+(?:,| is | \(| who)|[A-Z][\w’'-]+ [A-Z][\w’'-]+$)"
)
_AFTER_COMMA = re.compile(r",\s*(?:[a-z]|$)")
_JOINERS = word_set("of and for the in on at to de la du von van & upon with")
_GOES_ON = word_set(
    "about and as discuss discusses describes explains explores here join joined joining joins on shares sharing "
    "speaks talk talking talks tells today welcome which who whose with"
)
_MAX_ORGANISATION_WORDS = 12
_MAX_ROLE_WORDS = 5
_NAME_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_SAMPLE = 600
"""Characters after a name in which its role must end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a person is, and where."""

    role: str
    organisation: str | None = None


def name_variants(label: str) -> tuple[str, ...]:
    """Return a label and the same without honorifics: "Sir Chris Ham" and "Chris Ham"."""
    words = label.split()
    while len(words) > 1 and words[0].rstrip(".").lower() in HONORIFICS:
        words = words[1:]
    plain = " ".join(words)
    return (label,) if plain == label else (label, plain)


def stated_positions(prose: Iterable[str], labels: Sequence[str]) -> dict[str, Position]:
    """Return the positions that prose gives right after full names: "Ann Smith is director of Q at the Foundation"."""
    found: dict[str, Position] = {}
    texts = list(prose)
    for label in labels:
        names = [name for name in name_variants(label) if " " in name]
        for text in texts:
            # Looked for as it is first: to compile an expression for each of thousands of names would take minutes.
            for name in (name for name in names if name in text):
                for match in re.finditer(rf"(?<![\w’'-]){re.escape(name)}{_LINKS}{_ARTICLE}", text):
                    position = read_position(text[match.end() : match.end() + _SAMPLE], labels)
                    if position:
                        found.setdefault(label, position)
    return found


def own_position(text: str, label: str) -> Position | None:
    """Return the position in which a speaker introduces himself: "I'm Ann Smith, chief nurse at …"."""
    names = {*name_variants(label), name_variants(label)[-1].split()[0]}
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    opening = rf"(?<!\w)(?:I['’]?m|I am|[Mm]y name(?:['’]s| is)|[Tt]his is) (?:{alternatives})(?![\w’'-]),?\s+"
    for match in re.finditer(rf"{opening}(?:and\s+)?(?:I['’]?m\s+|I am\s+)?{_ARTICLE}", text):
        position = read_position(text[match.end() : match.end() + _SAMPLE], [label])
        if position:
            return position
    return None


def read_position(text: str, names: Sequence[str] = ()) -> Position | None:
    """Return the position with which a text begins, where it ends cleanly; None in any doubt."""
    clause, ends_well = _clause(text, names)
    match = _ROLE.match(clause)
    if match is None or not ends_well or {word.lower() for word in match.group().split()} & _NOT_IN_ROLE:
        return None
    role, rest = match.group(), clause[match.end() :]
    if not rest.strip():
        return Position(role=role)
    subject, at, place = clause.rpartition(" at ")
    if at and len(subject) >= len(role):
        organisation = _organisation(place)
        return Position(role=subject, organisation=organisation) if organisation else None
    named = re.search(r" (?:of|for|in) (?=(?:the )?[A-Z0-9])", clause[match.end() :])
    if named:
        subject = clause[: match.end() + named.start()]
        organisation = _organisation(clause[match.end() + named.end() :])
        return Position(role=subject, organisation=organisation) if organisation else None
    if re.fullmatch(r" (?:of|for|in) [a-z][a-z -]{2,50}", rest) and not set(rest.split()) & (_NOT_IN_ROLE - {"of"}):
        return Position(role=clause)
    return None


def split_person(entry: str) -> tuple[str, Position | None]:
    """Return the name and the position in an entry of a list: "Ann Smith (chief nurse, City Trust)".

    Where no role is recognised in it, the entry is all name: "Smith, John", "Ann Lee, Jr".
    """
    entry = fold_space(entry)
    match = re.fullmatch(r"(?P<name>[^(),;–—]{1,80}?)\s*(?:\((?P<aside>.+)\)|(?:,|–|—|\s-\s)\s*(?P<rest>.+))", entry)
    if match is None:
        return entry, None
    text = (match["aside"] or match["rest"] or "").strip()
    position = read_position(re.sub(rf"^{_ARTICLE}", "", text))
    if position is None:
        # "(guest)" is what a label tells people apart by, and no role.
        if _is_plain_role(text) and " " in match["name"] and (match["rest"] or " " in text):
            return match["name"], Position(role=text)
        role, _, organisation = text.partition(",")
        whole = _ROLE.match(role.strip())
        if whole is None or not organisation.strip() or set(role.lower().split()) & (_NOT_IN_ROLE - {"of"}):
            return entry, None
        position = Position(role=role.strip(), organisation=_without_article(organisation.strip()))
    return match["name"], position


def split_label(label: str) -> tuple[str, Position | None]:
    """Return the name and the position in a speaker's label: as `split_person`, and "Ward sister Jo Bly" too.

    Before a name a role is taken off only where a first and a last name are left: "Programme lead Grace" stays whole.
    """
    name, position = split_person(label)
    if position is not None:
        return name, position
    role, rest = role_before(label)
    if not role[:1].isupper() or not role.split()[-1].islower() or not _is_full_name(rest):
        return label, None
    if {word.lower() for word in role.split()} & _NOT_IN_ROLE:
        return label, None
    return rest, Position(role=role)


def _is_full_name(text: str) -> bool:
    words = text.split()
    are_names = all(_NAME_WORD.fullmatch(word) and (word[0].isupper() or word in PARTICLES) for word in words)
    return are_names and len(name_key(text).split()) > 1 and not is_role_word(words[-1])


def _is_plain_role(text: str) -> bool:
    """Say whether a text is a few ordinary words, a noun for people the last: "lay member", but not "John Porter"."""
    words = text.split()
    if not words or len(words) > _MAX_ROLE_WORDS or (len(words) == 1 and not text.islower()):
        return False
    lower = words[-1].islower() and all(word.islower() or word.isupper() for word in words[1:])
    return lower and words[-1] in PERSON_NOUNS and not {word.lower() for word in words} & _NOT_IN_ROLE


def _clause(text: str, names: Sequence[str]) -> tuple[str, bool]:
    """Return the text up to where the clause ends, and whether what follows leaves no doubt that it ended."""
    end = _CLAUSE_END.search(text)
    stop = end.start() if end else len(text)
    for name in (variant for label in names for variant in name_variants(label)):
        match = re.search(rf",? and (?={re.escape(name)}(?![\w’'-]))", text[:stop])
        stop = min(stop, match.start()) if match else stop
    match = _NEXT_PERSON.search(text[: stop + 1])
    stop = min(stop, match.start()) if match else stop
    follows = text[stop:]
    after = re.sub(r"^,\s*(?:and )?", "", follows)
    is_name = any(after.startswith(variant) for label in names for variant in name_variants(label))
    return text[:stop].strip(), not follows.startswith(",") or is_name or _AFTER_COMMA.match(follows) is not None


def _organisation(text: str) -> str | None:
    """Return the organisation with which a text begins: capitalised words and what joins them."""
    words = _without_article(text).split()
    kept: list[str] = []
    for word in words:
        if word[0].isupper() or word[0].isdigit() or (kept and word in _JOINERS):
            kept.append(word)
        elif word in _GOES_ON:
            break
        else:
            return None
    while kept and kept[-1] in _JOINERS:
        kept.pop()
    return " ".join(kept) if kept and len(kept) <= _MAX_ORGANISATION_WORDS else None


def _without_article(text: str) -> str:
    return re.sub(r"^the\s+", "", text, flags=re.IGNORECASE)
