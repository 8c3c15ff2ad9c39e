"""Labels beside those that are written as names: which of the other texts before a colon are a speaker's.

A wrong name is worse than none. Who is named or whose role is told is a speaker; where that is in doubt, the paragraph
is parted from the speaker before it and given to nobody.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from rag.transcripts.readers.labels import FEWEST_USUAL, RECURS, SHARE_OF_USUAL, LabelMatch
from rag.transcripts.readers.lines import ends_sentence
from rag.transcripts.readers.names_like import is_name_like
from rag.transcripts.readers.spoken_labels import Sense, sense_of

FEWEST_WORDS = 3
"""Of what somebody says whose role alone is told, and once: fewer may be an item of a list ("Ward manager: one.")."""
FEWEST_LABELS = 2
"""Different labels, all with roles, that make a conversation where no name is a label."""


def with_further_labels(possible: Sequence[LabelMatch], accepted: Sequence[LabelMatch]) -> list[LabelMatch]:
    """Return the labels accepted and, in their places, those that name a role, or recur from turn to turn.

    Args:
        possible: Where a label may stand.
        accepted: Those of them that are labels for being written as names.
    """
    taken = {match.label for match in accepted}
    by_label: dict[str, list[LabelMatch]] = {}
    for match in possible:
        if match.style == "colon" and match.opens and match.label not in taken and not is_name_like(match.label):
            by_label.setdefault(match.label, []).append(match)
    groups = [(sense, group) for label, group in by_label.items() if (sense := sense_of(label)) is not None]
    if _is_bold(accepted):
        often = [group for sense, group in groups if _is_person(sense) and len(group) >= FEWEST_USUAL]
        return sorted([*accepted, *(match for group in often for match in group)], key=_place)
    if not accepted and sum(_is_person(sense) and len(group) >= RECURS for sense, group in groups) < FEWEST_LABELS:
        return []
    if 2 * sum(match.fresh for match in accepted) > len(accepted):
        groups = [(sense, group) for sense, group in groups if _begins_turns(sense, group)]
    persons = [match for sense, group in groups if _is_person(sense) for match in _spoken(sense, group)]
    sure = sorted([*accepted, *persons], key=_place)
    turns = [match.index for match in sure]
    refrains = [match for sense, group in groups if not _is_person(sense) for match in _recurring(sense, group, turns)]
    return sorted([*sure, *refrains], key=_place)


def _begins_turns(sense: Sense, group: Sequence[LabelMatch]) -> bool:
    """Say whether labels stand after empty lines, where the others of a text do."""
    fresh = (match.fresh for match in group)
    return any(fresh) if _is_person(sense) else all(fresh)


def _spoken(sense: Sense, group: Sequence[LabelMatch]) -> list[LabelMatch]:
    """Return the labels of a person by name or role; whose role alone is told, and once, must say something."""
    if len(group) >= RECURS:
        return list(group)
    [match] = group
    if match.listed or is_name_like(match.text.rstrip(".")):
        return []
    certain = sense == "named" or (_says_much(match.text) and not match.label.lower().startswith("the "))
    return [match if certain else replace(match, doubtful=True)]


def _recurring(sense: Sense, group: Sequence[LabelMatch], turns: Sequence[int]) -> list[LabelMatch]:
    """Return the labels of a text that may be anybody's, if each opens a paragraph in another's turn.

    Only what recurs often and is unusual is held to be a name.
    """
    places = [bisect_left(turns, match.index) for match in group]
    parted = len(set(places)) == len(places) and places[0] > 0
    spoken = all(not match.listed and ends_sentence(match.text) for match in group)
    often = len(group) >= FEWEST_USUAL
    if not (parted and spoken) or len(group) < (FEWEST_USUAL if sense == "common" else RECURS):
        return []
    return list(group) if often and sense == "phrase" else [replace(match, doubtful=True) for match in group]


def _is_person(sense: Sense) -> bool:
    return sense in ("named", "role")


def _is_bold(accepted: Sequence[LabelMatch]) -> bool:
    bold = sum(match.style == "bold" and not match.listed for match in accepted)
    return bold >= FEWEST_USUAL and bold >= SHARE_OF_USUAL * len(accepted)


def _says_much(text: str) -> bool:
    return not text or len(text.split()) >= FEWEST_WORDS or text.endswith("?")


def _place(match: LabelMatch) -> int:
    return match.index
