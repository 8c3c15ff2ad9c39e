"""Whether a sentence gives its words to the person who said them."""

import re
from collections.abc import Callable, Sequence

from rag.answering.analysis.voices import SAYING
from rag.answering.cohesion import SOMEBODY
from rag.answering.generation.evidence import Window, holds_words
from rag.retrieval.terms import term_set
from rag.transcripts.mentions import mentions as names_written
from rag.transcripts.names import HONORIFICS, fold

Named = Callable[[str], Sequence[tuple[str, int, int]]]
"""Gives the name key of each speaker whom a text names, with the place of the name in the folded text."""

MOST_BETWEEN = 60
"""Characters between a name and what it does: ", ward manager at Pellingmere General, "."""
_SAYS = re.compile(rf"^:|^(?:['’]s\s|[,\s(])[^.;:]{{0,{MOST_BETWEEN}}}?\b{SAYING}\b", re.IGNORECASE)
_ACCORDING = re.compile(
    rf"(?:\baccording to|\bin the (?:view|words|opinion) of|\b{SAYING})\s+(?:(?:dr|prof|professor|sir|dame)\.?\s+)?$",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me|[Yy]ou|[Yy]our)\b")
_DOES = re.compile(
    r"\s+(?:(?:also|then|now|later|first|never|had|has|have|was|were|is|clearly|simply)\s+)*(?P<verb>[a-z']+)"
)
_TELLS_WHAT = re.compile(
    rf"{SAYING}\b|(?:and|may|might|would|could|should|who|whose|of|in|from|at|as|on|with|for|puts?|uses|used)\b"
    r"|(?:add|call|cit|compar|contrast|defin|dismiss|disagree|agree|distinguish|emphasi|stress|explor|giv|gav|highlight|"
    r"illustrat|identif|list|nam|not|observ|offer|outlin|point|prais|present|quot|recall|refer|relat|remark|report|"
    r"spok|speak|stat|summar|support|term|touch|urg|welcom|wrot|writ|contend|insist|acknowledg|conced|concur|"
    r"conclu|clarif|characteri|confirm|consider|credit|caution)\w*"
)
"""What a speaker is said to do who only tells something."""
_BESIDE = re.compile(r"\s*[,(]\s*(?P<office>[^,;:()“”.]{3,80}?)\s*(?:[,)]|(?=\s(?:said|says|explained|told|put)\b))")
_NO_OFFICE = re.compile(
    r"(?:who|whose|which|in|on|at|for|from|when|while|after|before|as|by|with|and|but|it|they|there|speaking|talking|"
    r"said|says|\w+ing|\w+ed|that|he|she|this|one|over|of)\b"
)
_TOLD = re.compile(
    r"(?:\b(?:he|she|they|who|(?!(?i:I|we|you|it|as|not|and|that)\b)[\w’'-]+)(?:['’]s)?,?\s+(?:\w+ly\s+|just\s+|then\s+|all\s+)?"
    r"(?:said|says|saying|goes|went|asked|asks|replied|wrote|shouted|told (?:me|us|him|her|them)|(?:was|were) like))"
    r"\s*(?:[,:]|\bthat\b)?\s*$"
)
QUOTATION = re.compile(r"“([^“”]*)”")


def rightly_named(frame: str, windows: Sequence[Window], question: str) -> bool:
    """Say whether every name outside the quotes belongs there.

    Names occur in the evidence or the sentences beside it, belong to its speaker (name, role, organisation), are the
    conversation's title, or were asked about. Somebody who is said to say something is its speaker, or the evidence
    itself tells of their saying it.
    """
    headers = [window.header for window in windows]
    sources = [question, *headers]
    for window in windows:
        sources += [window.around, window.asked, window.transcript.title]
    for name in names_written(frame):
        words = [word for word in name.words if fold(word) not in HONORIFICS]
        # In one source, not over several: a first name from here and a last name from there are nobody's.
        if not any(holds_words(source, words) for source in sources):
            return False
        speaks = _is_said_to_speak(frame, name.start, name.end) and not any(holds_words(h, words) for h in headers)
        if speaks and not any(_tells_of(window, words) for window in windows):
            return False
    return True


def rightly_attributed(text: str, windows: Sequence[Window], named: Named) -> bool:
    """Say whether speakers named in a sentence without quotes speak in its evidence, or are spoken of there."""
    voices = {window.speaker_key for window in windows}
    folded = fold(text)
    around = " ".join(window.around for window in windows)
    for key, start, end in named(text):
        if key in voices:
            continue
        if not holds_words(around, folded[start:end].split()):
            return False
    return _offices_fit(text, windows)


def names_its_speakers(text: str, windows: Sequence[Window], named: Named) -> bool:
    """Say whether a sentence names everybody who speaks in its evidence and no other speaker, or nobody at all."""
    keys = {key for key, _, _ in named(text)}
    return not keys or keys == {window.speaker_key for window in windows}


def quotes_rightly_attributed(text: str, quoted: Sequence[tuple[int, int, Window]], named: Named) -> bool:
    """Say whether each quote is by the speaker named nearest before it, or, where nobody is, after it.

    Args:
        text: The sentence.
        quoted: Its quotes, in order: places in the sentence and where they were said.
        named: Gives the speakers whom a text names.
    """
    ends = [0, *(end for _, end, _ in quoted)]
    starts = [*(start for start, _, _ in quoted), len(text)]
    last = ""
    for place, (_, _, window) in enumerate(quoted):
        before = [key for key, _, _ in named(text[ends[place] : starts[place]])]
        after = [key for key, _, _ in named(text[ends[place + 1] : starts[place + 1]])]
        sayer = before[-1] if before else (last or (after[0] if after else ""))
        if sayer and sayer != window.speaker_key:
            return False
        last = sayer
    return _offices_fit(QUOTATION.sub(" ", text), [window for _, _, window in quoted])


def acts_in_evidence(text: str, windows: Sequence[Window], named: Named) -> bool:
    """Say whether a speaker who is said to do something, rather than to say it, speaks of themselves there."""
    if any(FIRST_PERSON.search(window.text) for window in windows):
        return True
    folded = fold(text)
    voices = {window.speaker_key for window in windows}
    found = named(text)
    for key, _, end in found:
        if any(other == key and start <= end + 1 < after for other, start, after in found):
            continue  # a first name, of which the last one follows
        does = _DOES.match(folded, end)
        if key in voices and does and not _TELLS_WHAT.match(does["verb"]):
            return False
    return True


def offices_are_known(text: str, windows: Sequence[Window], named: Named) -> bool:
    """Say whether what is put beside a speaker's name ("Ann Lee, head of Works, said") is said or known of them."""
    folded = fold(text)
    own = term_set(" ".join(f"{window.header} {window.around} {window.transcript.title}" for window in windows))
    voices = {window.speaker_key for window in windows}
    for key, _, end in named(text):
        beside = _BESIDE.match(folded, end) if key in voices else None
        if beside and not _NO_OFFICE.match(beside["office"]) and not term_set(beside["office"]) <= own:
            return False
    return True


def tells_anothers_words(window: Window, words: str) -> bool:
    """Say whether a quote is of words that its speaker gives as somebody else's: "and she said, …"."""
    before, found, _ = window.text.partition(words)
    opened = max(before.rfind("“"), before.rfind('"') if before.count('"') % 2 else -1)
    within = opened > before.rfind("”") and _TOLD.search(before[:opened])
    return bool(found and (within or _TOLD.search(before)))


def names_another(frame: str, windows: Sequence[Window]) -> bool:
    """Say whether the words around a quote speak of anybody but who speaks there."""
    headers = [window.header for window in windows]
    others = (name for name in names_written(frame) if not any(holds_words(header, name.words) for header in headers))
    return any(others) or bool(SOMEBODY.search(frame))


def _is_said_to_speak(text: str, start: int, end: int) -> bool:
    return bool(_SAYS.match(text[end:]) or _ACCORDING.search(text[:start]))


def _tells_of(window: Window, words: Sequence[str]) -> bool:
    """Say whether evidence reports somebody's words: "Maggie always says that …", or who is named just before them."""
    lead = window.transcript.turns[window.turn].text[window.told_from : window.start]
    if lead and holds_words(lead, words):
        return True
    for name in names_written(window.text):
        mentioned = {fold(word) for word in name.words}
        if mentioned & {fold(word) for word in words} and _is_said_to_speak(window.text, name.start, name.end):
            return True
    return False


def _offices_fit(text: str, windows: Sequence[Window]) -> bool:
    """Say whether a sentence mentions no office that somebody else in the conversation holds."""
    folded = fold(text)
    own = fold(" ".join(f"{window.header} {window.around}" for window in windows))
    for window in windows:
        for other in window.transcript.speakers:
            office = fold(other.role or "")
            if len(office.split()) > 1 and office in folded and office not in own and fold(other.name) not in folded:
                return False
    return True
