"""Labels that tell a role too: "Ann Lee, chief nurse"."""

from collections.abc import Collection, Sequence

from rag.transcripts.names import name_key
from rag.transcripts.roles import Position, split_label
from rag.transcripts.speakers import converse


def positions_in(labels: Sequence[str | None], listed: Collection[str]) -> dict[str, tuple[str, Position]]:
    """Return, by label, the name and the position in it, for the labels that tell one.

    Args:
        labels: In the order of speech, None where nobody is named.
        listed: Names as the source's list of people has them; they stay whole.

    Labels of one name and two roles that talk to one another are two people's, and stay whole too.
    """
    spoken = [label for label in labels if label]
    found = {}
    for label in dict.fromkeys(spoken):
        name, position = split_label(label)
        if position is not None and label not in listed:
            found[label] = (name, position)
    by_name: dict[str, list[str]] = {}
    for label, (name, _) in found.items():
        by_name.setdefault(name_key(name), []).append(label)
    several = {label for same in by_name.values() for label in same if _answers_one_of(same, label, spoken)}
    return {label: parts for label, parts in found.items() if label not in several}


def _answers_one_of(same: Sequence[str], label: str, spoken: Sequence[str]) -> bool:
    return any(other != label and converse(spoken, label, other) for other in same)
