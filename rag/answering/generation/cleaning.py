"""What models put around their sentences: markers of passages in many forms, openings, small talk, labels."""

import re

_SOURCE = r"(?:see\s+)?(?:passages?|sources?|ref(?:erence)?s?\.?|doc(?:ument)?s?\.?|citations?|excerpts?)\s*[:#]?\s*"
_JOINT = r"\s*(?:,|;|–|-|&|/|,?\s*\band\b)\s*"
_LIST = rf"\d{{1,3}}(?:{_JOINT}(?:{_SOURCE})?\d{{1,3}})*"
_REMARK = r"(?:\s*[†,:;]\s*[^\[\]()【】]{0,60})?"
_MARKER = re.compile(
    rf"[\[【]{{1,2}}\s*\^?(?:{_SOURCE})?#?(?P<square>{_LIST}){_REMARK}[\]】]{{1,2}}(?:\([^()\s]{{0,80}}\))?"
    rf"|\(\s*{_SOURCE}(?P<named>{_LIST}){_REMARK}\)"
    rf"|(?<=[\w”’.!?,] )\((?P<round>\d{{1,2}}(?:{_JOINT}\d{{1,2}})*)\)(?=\s*[.,;:!?]|\s*$|\s*[\[(]\d)"
    rf"|(?<=[.!?”’])\s?\((?P<after>\d{{1,2}})\)(?=\s+[A-Z“])"
    rf"|<sup>\s*\[?(?P<sup>{_LIST})\]?\s*</sup>"
    r"|(?<=[\w”’.!?,\s])\^(?P<caret>\d{1,2})(?!\w|\.\d)"
    r"|(?<!\b[cmk]m)(?<!\bm)(?P<raised>[¹²³⁰⁴-⁹]+)",
    re.IGNORECASE,
)
OPEN_MARKER = re.compile(
    r"(?:[\[【][^\[\]【】]{0,60}|\((?:see|passage|source|ref|doc)[^()]{0,60}|</?\w{0,10})$", re.IGNORECASE
)
"""It may become a marker when more of it has come."""
_NUMBERS = re.compile(r"\d+(?:\s*[–-]\s*\d+)?")
_RAISED = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹", "1230456789")
_WHERE = (
    r"(?:the |these |those |this )?(?:(?:provided|given|above|numbered|cited|retrieved|available|supplied|following) )*"
    r"(?:passages?|transcripts?|sources?|excerpts?|context|conversations?|documents?|text)"
    r"(?: (?:provided|given|above))?(?:\s*\[?\d{1,2}\]?(?:\s*(?:,|and)\s*\d{1,2})*)?"
)
_OPENING = re.compile(
    r"^(?:"
    rf"(?:based (?:solely |only )?(?:up)?on|according to|as (?:stated|described|noted|mentioned|"
    rf"explained|said) in|from|in|per) {_WHERE},\s*"
    rf"|{_WHERE} (?:says?|states?|shows?|indicates?|explains?|mentions?|notes?|reports?) that\s+"
    r"|(?:(?:final|short|direct|brief|quick|full|my|the) )?(?:answer|response|summary|definition|conclusion|tl;?dr|"
    r"key (?:points?|takeaways?|findings?)|takeaways?|overview|in short|in brief|in summary|"
    r"in conclusion|result)\s*:\s*"
    r"|(?:in short|in brief|in summary|in conclusion|to summari[sz]e|to sum up|overall|in sum|in a nutshell),\s*"
    r")",
    re.IGNORECASE,
)
_WRAPPERS = re.compile(
    r"</?(?:answer|response|final|final_answer|output|result|think|thinking|reasoning|thought|s|p|br)\s*/?>"
    r"|<\|[\w|]{1,30}\|>",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"^(?:"
    r"(?:sure|certainly|of course|absolutely|great question|good question|okay|ok|happy to help)\b[^.:!]{0,60}[!.,:]?$"
    r"|(?:(?:sure|certainly|of course|okay|ok)[!,.]? )?(?:here(?:['’]s| is| are)|below (?:is|are)|"
    r"the following (?:is|are))\b.{0,120}[:.!]$"
    r"|(?:please )?(?:let me know|feel free|do not hesitate|don['’]t hesitate)\b.*"
    r"|i(?:['’]d be| would be|['’]m| am)? (?:hope|happy|glad)\b.{0,100}"
    r"|(?:would|do) you (?:like|want)\b.*\?|is there anything\b.*\?|anything else\b.*\?"
    r"|(?:if|should) you (?:have|need|want|would like|['’]d like)\b.*"
    r"|you (?:asked|want(?:ed)? to know)\b.{0,200}"
    r"|(?:confidence|sources?|references?|citations?|footnotes?|bibliography|notes?)\b\s*:?\s*(?:high|"
    r"medium|low|[\d.%]*)\s*[.:]?$"
    r")",
    re.IGNORECASE,
)
_LEAST_WORDS = 4


def with_plain_markers(line: str) -> str:
    """Return a line with every form of a passage's number as "[2]": "(passage 2)", "[^2]", "[2†source]", "²"."""

    def plain(match: re.Match[str]) -> str:
        found = next(part for part in match.groupdict().values() if part).translate(_RAISED)
        return f"[{', '.join(part.replace(' ', '') for part in _NUMBERS.findall(found))}]"

    return _MARKER.sub(plain, line)


def without_wrappers(line: str) -> str:
    """Return a line without the tags that some models put around a whole answer."""
    return _WRAPPERS.sub(" ", line)


def without_opening(text: str) -> str:
    """Return a sentence without what only announces it: "Based on the passages, …", "Answer: …"."""
    rest = text
    while (opening := _OPENING.match(rest)) and opening.end() < len(rest):
        rest = rest[opening.end() :]
    return rest if rest == text else rest[0].upper() + rest[1:]


def is_small_talk(text: str) -> bool:
    """Say whether a sentence says nothing of the passages: a greeting, an offer, a heading, what announces a list."""
    heading = len(text.split()) < _LEAST_WORDS and not re.search(r"[.!?][”’)]*$", text)
    return heading or text.endswith(":") or not re.search(r"\w", text) or bool(_SMALL_TALK.match(text))
