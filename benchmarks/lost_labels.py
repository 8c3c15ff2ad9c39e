r"""Delete one speaker label in twenty, read the page, and count what the repair finds.

    python -m benchmarks.lost_labels [--all] [--rate 0.05] [--seed 0]

Conversations of `../shared/benchmarks` are written as pages of `Name: text`, a blank line between paragraphs. Of the
labels where the speaker changes, the first aside, some are deleted at random; the product's reader then reads the page.
A repair is right if it begins at the first paragraph of a turn that lost its label, and names its speaker; a split that
names nobody is neither right nor wrong, and its turn is not found. Reported by set and number of speakers, on
conversations that were not used to fit the repair (`is_fitted` says which were): precision, recall, false splits among
the turns whose labels stayed, and among those of the same pages undamaged.
"""

import argparse
import hashlib
import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Attribution, Transcript

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "benchmarks"
FITTED_SHOWS = frozenset({"brainscience", "founderstalk", "friends", "gotime", "jsparty", "news", "podcast"})
RATE = 0.05
MOST_OTHERS = 40
"""Conversations of more than two that are read of each set and part, unless all are asked for."""

_LABEL_IN_TEXT = re.compile(r"\*\*([A-Z][^*:]{1,40}):\*\*\s*(.*)", re.DOTALL)
_LINE = re.compile(r"\(line (\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A labelled conversation: its turns as pairs of speaker and paragraphs."""

    id: str
    show: str
    turns: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def speakers(self) -> int:
        """Return how many speak; a label under which there are only times ("Break") is nobody's."""
        return len({name for name, said in self.turns if any(re.search(r"[^\W\d_]", text) for text in said)})


@dataclass(slots=True, kw_only=True)
class Counts:
    """What was counted over some pages."""

    pages: int = 0
    lost: int = 0
    right: int = 0
    wrong: int = 0
    unnamed: int = 0
    kept: int = 0
    false: int = 0
    untouched: int = 0
    false_untouched: int = 0
    paragraphs: int = 0
    paragraphs_right: int = 0

    def add(self, other: "Counts") -> None:
        """Add another's counts to these."""
        for name, value in zip(self.__slots__, astuple(other), strict=True):
            setattr(self, name, getattr(self, name) + value)


def is_fitted(conversation: Conversation) -> bool:
    """Say whether a conversation is of the part that weights and thresholds were fitted on.

    That is half of the episodes of seven Changelog shows. The other half, the seven other shows and QMSum judge.
    """
    return conversation.show in FITTED_SHOWS and hashlib.sha256(conversation.id.encode()).digest()[0] % 2 == 0


def conversations(folder: Path = SHARED) -> Iterator[Conversation]:
    """Yield the Changelog episodes, by show, and the QMSum meetings.

    Where the source itself kept a label inside a turn ("**Name:** …" as a paragraph), it is made a turn.
    """
    with lzma.open(folder / "changelog" / "transcripts.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            yield Conversation(id=data["id"], show=data["domain"], turns=_turns(data["turns"]))
    for kind in ("committee", "academic", "product"):
        for line in (folder / "qmsum" / f"{kind}-transcripts.jsonl").read_text("utf-8").splitlines():
            data = json.loads(line)
            yield Conversation(id=data["id"], show=f"QMSum {kind}", turns=_turns(data["turns"]))


def _turns(native: list[dict[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    turns: list[tuple[str, list[str]]] = []
    for turn in native:
        turns.append((turn["speaker"], []))
        for text in (" ".join(piece.split()) for piece in turn["text"].split("\n")):
            own = _LABEL_IN_TEXT.fullmatch(text)
            if own:
                turns.append((own[1], []))
                text = own[2]  # noqa: PLW2901
            if text:
                turns[-1][1].append(text)
    return tuple((name, tuple(said)) for name, said in turns if name and said)


def choose_lost(conversation: Conversation, rate: float, seed: int) -> frozenset[int]:
    """Return the turns that lose their labels: of those whose speaker isn't the one before."""
    rng = random.Random(f"{conversation.id} {seed}")
    turns = conversation.turns
    return frozenset(n for n in range(1, len(turns)) if turns[n][0] != turns[n - 1][0] and rng.random() < rate)


def measure(conversation: Conversation, rate: float, seed: int) -> Counts:
    """Read a page with and without its lost labels, and count."""
    lost = choose_lost(conversation, rate, seed)
    whole, _ = _page(conversation, frozenset())
    page, truth = _page(conversation, lost)
    turns = len(conversation.turns)
    counts = Counts(pages=1, lost=len(lost), kept=turns - len(lost), untouched=turns)
    counts.false_untouched = sum(turn.attribution_reason is not None for turn in _read(conversation, whole).turns)
    lines = sorted(truth)
    for turn in _read(conversation, page).turns:
        place = _LINE.search(turn.attribution_reason or "")
        if place is None:
            continue
        line = int(place[1])
        number, opens = truth.get(line, (-1, False))
        if number not in lost or not opens:
            counts.false += 1
            counts.wrong += turn.attribution is Attribution.INFERRED
        elif turn.attribution is Attribution.UNKNOWN:
            counts.unnamed += 1
        elif conversation.turns[number][0] == turn.speaker:
            counts.right += 1
        else:
            counts.wrong += 1
        if turn.attribution is Attribution.INFERRED and line in truth:
            first, length = lines.index(line), turn.text.count("\n\n") + 1
            speakers = [conversation.turns[truth[each][0]][0] for each in lines[first : first + length]]
            counts.paragraphs += length
            counts.paragraphs_right += sum(name == turn.speaker for name in speakers)
    return counts


def _page(conversation: Conversation, lost: frozenset[int]) -> tuple[str, dict[int, tuple[int, bool]]]:
    """Return a page, and by line which turn a paragraph belongs to and whether it opens it."""
    lines: list[str] = []
    truth = {}
    for number, (name, said) in enumerate(conversation.turns):
        for place, text in enumerate(said):
            truth[len(lines) + 1] = (number, place == 0)
            lines += [f"{name}: {text}" if place == 0 and number not in lost else text, ""]
    return "\n".join(lines), truth


def _read(conversation: Conversation, page: str) -> Transcript:
    [transcript] = read_transcripts(page.encode(), source=f"{conversation.id}.txt")
    return transcript


def _row(name: str, counts: Counts) -> str:
    precision = counts.right / (counts.right + counts.wrong) if counts.right + counts.wrong else float("nan")
    by_paragraph = counts.paragraphs_right / counts.paragraphs if counts.paragraphs else float("nan")
    return (
        f"| {name} | {counts.pages} | {counts.lost} | {precision:.3f} | {by_paragraph:.3f} | "
        f"{counts.right / max(1, counts.lost):.3f} | {counts.unnamed} | {counts.false / max(1, counts.kept):.2%} | "
        f"{counts.false_untouched / max(1, counts.untouched):.2%} of {counts.untouched} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure the repair of lost speaker labels.")
    parser.add_argument("--all", action="store_true", help="read every conversation, not a sample of the larger ones")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    table: defaultdict[str, Counts] = defaultdict(Counts)
    others: defaultdict[str, int] = defaultdict(int)
    for conversation in conversations():
        people = conversation.speakers
        if people < 2:
            continue
        part = "fitted on" if is_fitted(conversation) else "judged on"
        kind = conversation.show if conversation.show.startswith("QMSum") else "Changelog"
        if part == "judged on" and kind == "Changelog":
            kind += ", other episodes" if conversation.show in FITTED_SHOWS else ", other shows"
        others[f"{part} {conversation.show}"] += people > 2
        if people > 2 and not options.all and others[f"{part} {conversation.show}"] > MOST_OTHERS:
            continue
        counts = measure(conversation, options.rate, options.seed)
        names = [f"{part}: {kind}, {'two people' if people == 2 else 'more people'}"]
        if part == "judged on":
            names.append(f"**judged on, {'two people' if people == 2 else 'more people'}**")
        for name in names:
            table[name].add(counts)
    print("| pages | n | labels lost | precision | by paragraph | recall | unnamed | false splits | untouched |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in sorted(table):
        print(_row(name, table[name]))


if __name__ == "__main__":
    main()
