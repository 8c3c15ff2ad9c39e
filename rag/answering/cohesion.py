"""How a sentence hangs together with its neighbours (Halliday and Hasan 1976, Cohesion in English)."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from rag.transcripts.mentions import mentions
from rag.transcripts.names import fold
from rag.transcripts.sentences import LONGEST_QUOTATION, Sentence

OPENING = r"^(?:(?:and|but|so|because|well|now|yeah|yes|no|then|also|or|you know|i mean|obviously)[,]?\s+)*"
POINTS_BACK = re.compile(
    OPENING
    + r"(?:it|its|it['’]s|that|that['’]s|this|these|those|they|they['’]ve|they['’]re|he|he['’]s|she|she['’]s|him|"
    r"her|them|his|their|which|not all of which|the (?:same|other|second|third|first|latter|former))\b",
    re.IGNORECASE,
)
CARRIES_ON = re.compile(
    r"^(?:and|so|because|which|but|then|it|it['’]s|they|that['’]s|this|these|those|\(?\d{1,2}[.)]|first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|"
    r"for example|one|another|also)\b",
    re.IGNORECASE,
)
SAYS_HOW = re.compile(
    r"^(?:(?:and|but|so)\s+)?(?:we|i|they|you|he|she)(?:['’](?:ve|re|d))?\s+(?:have\s+|had\s+|are\s+)?"
    r"(?:did|done|do|doing|achieved|managed)\s+(?:that|this|it|so)\b",
    re.IGNORECASE,
)
"""How what was just told came about ("We've done that by …"): part of the answer, wherever it follows."""
_SAYING = (
    r"(?:said|says|saying|told (?:me|us|them|him|her)|tells (?:me|us)|telling (?:me|us)|wrote(?=[:,]| (?:to|that)\b)|"
    r"replied|(?:(?<=was )|(?<=were )|(?<=are )|(?<=['’]re ))like(?=,| [“\"])|say(?=[:,]))"
)
_POINTS = r"(?:point|line|view|message|argument|answer|advice)"
_POINT = rf"(?:(?i:his|her|their)|\w\w+['’]s|\w+s['’]) (?:\w+ )?{_POINTS} (?:was|is)"
_MAY_TELL = re.compile(rf"\b(?:sa(?:id|y)|t[eo]ll?d?|wrote|replied|like\b|{_POINTS} (?:was|is))", re.IGNORECASE)
"""Quick to look for; the others are looked for only where this is found."""
_NOBODY_ELSE = r"(?:I|we|you|it|that|this|there|what|as|not|to)\b"
_BETWEEN = r"(?:['’](?:ve|d|re|s))?\s+(?:(?!(?:I|we|you|it)\b)\w+\s+){0,8}?"
REPORTS = re.compile(
    rf"(?:\b(?:he|she|they|who|(?!(?i:{_NOBODY_ELSE}))[A-Z][\w’'-]+){_BETWEEN}{_SAYING}"
    rf"|(?<!['’])\b(?!(?i:{_NOBODY_ELSE}|(?:and|or|is|are|was|were|be|been|has|have|had)\b))[\w-]+ "
    rf"(?:\w+ly |once |was |were )?{_SAYING})\b"
    r"(?=[^.?!]*[:,]| that (?:I|we)\b)"
    rf"|\b{_POINT}\b"
)
"""It tells what somebody else said, and may go on doing so in the next sentence."""
SPEECH = re.compile(
    rf"(?:(?<!\b[Ii] )(?<!\b[Ww]e )(?<!\b[Yy]ou )\b{_SAYING}|\b{_POINT})"
    r"(?: to \w+(?: \w+)?)?(?::(?!\s*[“\"])|,? (?:look|listen),)"
)
"""It begins somebody else's words by a colon or a call to listen: what follows is theirs until it plainly isn't."""
RESUMES = re.compile(
    OPENING + r"(?:he|she|they)(?:['’](?:s|re)| is| are| was| were) (?:\w+ )?(?:right|wrong)\b", re.IGNORECASE
)
"""Its speaker judges what was told: the words are their own again."""
UNNAMED = re.compile(
    rf"(?<!\bas )\b(?:he|she|they){_BETWEEN}{_SAYING}\b|\b(?:his|her|their) (?:\w+ )?{_POINTS} (?:was|is)\b",
    re.IGNORECASE,
)
"""It tells what somebody said who is only pointed to."""
SOMEBODY = re.compile(
    r"(?<!\bher )(?<!\bhis )(?<!\btheir )\b(?:(?:some|any|every|no)(?:body| ?one)|one of|people|person|m[ae]n|wom[ae]n|"
    r"child(?:ren)?|wife|husband|mother|father|lady|ladies|boss|staff|"
    r"(?:nurse|doctor|sister|consultant|manager|leader|colleague|clinician|partner|patient|parent|carer|resident|"
    r"customer|member|trustee|director|chair|chief|officer|guest|student|teacher|driver|porter|cleaner|user|friend|"
    r"team|group|board|participant|expert|scientist|engineer|founder|mom|neighbour)s?)\b",
    re.IGNORECASE,
)
THEY = re.compile(OPENING + r"(?:he|she|they)\b", re.IGNORECASE)
_MARK = re.compile(r"(?P<opens>(?:^|(?<=[\s(]))\"(?=[\w'’(\[.…]))|(?P<closes>\"(?=[\s.,;:!?)]|$))")
_ALL_MARKED = re.compile(r"^(?:“[^”]*|\"[^\"]*)(?:[”\"]\W*)?$")
_OURS = re.compile(r"\b(?:I|we|us|our|my)\b")
_IN_MARKS = re.compile(r"[:,]?\s*[“\"]")
NAMED_WITHIN = 3
"""Sentences before one that tells what "they" said in which who they are is looked for."""
LONGEST_REPORT = 150
"""Words from where it is said whose words are told to the end of any of them that can be quoted."""
FIRST_PERSON = re.compile(OPENING + r"(?:I|I['’]\w+|we|we['’]\w+|our|my)\b", re.IGNORECASE)
SETS_UP = re.compile(
    r"\b(?:as an example|here is an example|for example|for instance)(?: (?:here|of (?:this|that|it)))?[.:]$"
    r"|\b(?:let me|I['’]ll) (?:give|tell) you\b[^.?!]*[.:]$",
    re.IGNORECASE,
)
"""It announces what the next sentence tells."""
SHORT_ANSWER = re.compile(
    r"^(?:(?:oh|well|er|um|so),? )?(?:yes|yeah|no|nope|never|not (?:yet|really|at all|quite)|absolutely(?: not)?|"
    r"completely|exactly|definitely(?: not)?|of course(?: not)?|partly|sometimes|always|"
    r"both|neither)\b[\w’', ]{0,24}[.!]$",
    re.IGNORECASE,
)
"""All that a turn says at first: what follows only explains it."""
VERB = re.compile(
    r"\b(?:am|is|are|was|were|be|been|has|have|had|do|does|did|can|could|will|would|shall|should|may|might|must|"
    r"(?:I|we|you|he|she|it|they|who|that|there) \w+|\w+ed)\b|['’](?:s|re|ve|ll|d|m|t)\b",
    re.IGNORECASE,
)
"""What nearly every clause that is spoken has."""
ADDS = re.compile(r"^(?:and|but|or|plus|also)\b", re.IGNORECASE)
LONGEST_ADDED = 15
"""Words of what is only added to the sentence before, without a verb of its own ("And the lack of any rest.")."""
LIST_ITEM = re.compile(r"^\(?\d{1,2}[.)]\s")
ORDINAL = re.compile(
    r"^(?:and |so |then )*(?:the )?(?:one|two|three|four|five|six|first(?:ly)?|second(?:ly)?|third(?:ly)?|"
    r"fourth(?:ly)?|fifth(?:ly)?|sixth|next|last(?:ly)?|final(?:ly)?)\b",
    re.IGNORECASE,
)
NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
ANNOUNCES = re.compile(
    rf"\b(?P<count>{'|'.join(NUMBER_WORDS)})\s+(?:\w+\s+)?(?:questions|things|parts|rules|steps|elements|drivers|kinds|types|ways|"
    r"stages|principles|factors|reasons|measures|points|groups|areas|conditions|lessons|functions|pillars|strands|goals|"
    r"aims|objectives|priorities|ideas|ingredients|components|themes|phases|levels|messages|challenges|problems|issues|"
    r"habits|tests|sources|roles|categories|dimensions|aspects|topics|layers|methods|tools|options|benefits|values)\b",
    re.IGNORECASE,
)
"""A sentence that says how many items it or those after it name."""
POINTS_ON = re.compile(r"\b(?:these|as follows|the following|there['’]s a list\b.*)[.:]$", re.IGNORECASE)
ITEMS_UNCOUNTED = 3


_WORD = re.compile(r"\w+")
_TELLS = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|talk(?:s|ed|ing)|sp(?:eaks|oke|eaking)|argue(?:s|d)|"
    r"wr(?:ites|ote)|puts? it|call(?:s|ed)|describe(?:s|d)|ask(?:s|ed)|suggest(?:s|ed)|mention(?:s|ed)|explain(?:s|ed)|"
    r"point(?:s|ed) out|th(?:inks|ought)|believe(?:s|d)|recommend(?:s|ed)|warn(?:s|ed)|remind(?:s|ed)|"
    r"famous|phrase|quote[sd]?)\b",
    re.IGNORECASE,
)
"""What tells of somebody's words."""


def announced(text: str) -> int:
    """Return how many items a sentence says that the next ones name; 0 where it announces none or names them."""
    counted = ANNOUNCES.search(text)
    if counted:
        return (
            0 if text.count(",") >= NUMBER_WORDS[counted["count"].lower()] else NUMBER_WORDS[counted["count"].lower()]
        )
    return ITEMS_UNCOUNTED if POINTS_ON.search(text) else 0


def only_adds(text: str) -> bool:
    """Say whether a sentence is a fragment without a verb, added to the one before."""
    return bool(ADDS.match(text)) and len(text.split()) <= LONGEST_ADDED and not VERB.search(text)


def joined(found: Sequence[Sentence], number: int) -> bool:
    """Say whether a sentence and the next are of one paragraph: a space parts them, or nothing."""
    return 0 <= number < len(found) - 1 and found[number + 1].start - found[number].end <= 1


def voiced_from(found: Sequence[Sentence], number: int) -> int | None:
    """Return the sentence from which a quote shows whose words a sentence is: another one where it is told speech.

    None where it can't be shown in a quote: who is told of is named in another paragraph, or too far before.
    """
    first: int | None = number
    before: int | None = None
    while first is not None and first != before:
        before = first
        first = _told_from(found, first)
        first = None if first is None else _named_from(found, first)
    if first is None or sum(len(s.text.split()) for s in found[first : number + 1]) > LONGEST_REPORT:
        return None
    return first


def named_before(found: Sequence[Sentence], number: int) -> tuple[int, int] | None:
    """Return who is told of where only the paragraph before names them: the sentence that does, and where that is told.

    None where a quote can show whose words a sentence is, or no sentence just before the paragraph names anybody.
    """
    if voiced_from(found, number) is not None:
        return None
    start = number
    while joined(found, start - 1):
        start -= 1
    lead = found[start - 1].text if start else ""
    names = bool(SOMEBODY.search(lead)) or any(mentions(lead))
    if not names or _voice(found[start].text).unnamed is None:
        return None
    return (start - 1, start) if sum(len(s.text.split()) for s in found[start : number + 1]) <= LONGEST_REPORT else None


def quoted_from(found: Sequence[Sentence], number: int) -> int | None:
    """Return where a quote of a sentence begins that shows whose words it is, if need be with who is named before it.

    None where nothing shows it.
    """
    first = voiced_from(found, number)
    if first is None and (named := named_before(found, number)) is not None:
        return named[1]
    return first


def tells_words_of(found: Sequence[Sentence], number: int, names: Set[str]) -> bool:
    """Say whether a sentence, with those that show whose words it is, tells what somebody of such a name said."""
    named = named_before(found, number)
    first = named[0] if named else voiced_from(found, number)
    text = " ".join(sentence.text for sentence in found[number if first is None else first : number + 1])
    return not names.isdisjoint(_WORD.findall(fold(text))) and _TELLS.search(text) is not None


def _told_from(found: Sequence[Sentence], number: int) -> int | None:
    """Return the sentence that begins to tell somebody's words, if a sentence is among these; else the sentence.

    None where that one is in the paragraph before.
    """
    start = number
    while start > max(0, number - LONGEST_QUOTATION) and joined(found, start - 1):
        start -= 1
    marked = _marked_from(found, start, number)
    if marked is not None:
        return marked
    ours = True
    for n in range(number, start - 1, -1):
        voice = _voice(found[n].text)
        if n < number and (voice.speech or (ours and voice.reports)):
            return n
        if voice.resumes:
            return number
        ours = ours and voice.ours
    return None if _goes_on_from_before(found, start, number) else number


def _marked_from(found: Sequence[Sentence], start: int, number: int) -> int | None:
    """Return where the quotation marks open that a sentence begins within, or what introduces those it begins with."""
    opened = None
    for n in range(start, number):
        for mark in _MARK.finditer(found[n].text) if '"' in found[n].text else ():
            opened = n if mark["opens"] else None
    if opened is None and number > start and _ALL_MARKED.match(found[number].text):
        return number - 1
    return opened


def _goes_on_from_before(found: Sequence[Sentence], start: int, number: int) -> bool:
    """Say whether what "they" do, at the beginning of a paragraph, is told in the words that ended the one before."""
    if start == 0 or joined(found, start - 1) or not _voice(found[start - 1].text).speech:
        return False
    return bool(THEY.match(found[start].text)) and all(POINTS_BACK.match(s.text) for s in found[start : number + 1])


def _named_from(found: Sequence[Sentence], number: int) -> int | None:
    """Return the sentence that names whose words one tells, at most a few before it; None where none does."""
    if _voice(found[number].text).unnamed is None:
        return number
    for n in range(number, max(-1, number - 1 - NAMED_WITHIN), -1):
        before = found[n].text[: _voice(found[n].text).unnamed]
        if SOMEBODY.search(before) or any(mentions(before)):
            return n
        if not joined(found, n - 1):
            break
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """Whose words a sentence is, as far as it shows itself."""

    speech: bool
    reports: bool
    """And it may go on in the next sentence: those told of speak of themselves, without quotation marks."""
    resumes: bool
    ours: bool
    """It begins in the first person."""
    unnamed: int | None
    """Where it tells of who is only pointed to."""


@lru_cache(maxsize=20_000)
def _voice(text: str) -> _Voice:
    may_tell = bool(_MAY_TELL.search(text))
    told = REPORTS.search(text) if may_tell else None
    unnamed = UNNAMED.search(text) if may_tell else None
    return _Voice(
        speech=may_tell and bool(SPEECH.search(text)),
        reports=told is not None and bool(_OURS.search(text, told.end())) and not _IN_MARKS.match(text, told.end()),
        resumes=bool(RESUMES.match(text)),
        ours=bool(FIRST_PERSON.match(text)),
        unnamed=unnamed and unnamed.start(),
    )
