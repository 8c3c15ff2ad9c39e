"""Check quotes over 20 million words: are the verdicts right, and how long does each kind take?

Run as `python -m benchmarks.quotes` from the project's root, with the shared material beside the project. Vectors are
made up (`made_index`): a quote check looks at none. `--home FOLDER` keeps the index there for the next run (1.3 GB);
`--episodes 200` makes it small.

Drawn with a fixed seed, from random turns, 5 to 40 words each:

- verbatim: a span as it is, with other quotation marks, case, dashes and white space;
- near: a span with one word changed, a number changed, or a "not" removed; the difference must be exactly that;
- absent: sentences of committee meetings, and spans whose words were shuffled. What of these happens to be near is
  shown with its differences, so it isn't wrong; it is counted.

Apart from these, stop words alone, four or more in a row: as they were said, and shuffled. Shuffled, most of them are
near to something or were said by somebody else, so that only their times mean something.

Of times, those on the clock and those that this thread worked: they differ where other programs run.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.made_index import fill, open_made_index, transcripts_in
from index.analysis import STOP_WORDS
from index.embedded import EmbeddedEngine
from rag.library import Library
from rag.quoting.checker import QuoteChecker
from rag.quoting.types import QuoteCheck, Verdict
from rag.quoting.words import words_of
from rag.transcripts.types import Transcript

BENCHMARKS = Path(__file__).resolve().parents[1].parent / "shared" / "benchmarks"
CHANGELOG = BENCHMARKS / "changelog" / "transcripts.jsonl.xz"
COMMITTEE = BENCHMARKS / "qmsum" / "committee-transcripts.jsonl"
SHORTEST, LONGEST = 5, 40
FEWEST = 4
"""Stop words in a row."""
TARGET_MS = 100
ALL, COMMON = "all", "common words"
"""The row of all kinds but the quotes of stop words, and how their kinds begin."""
_NUMBER = re.compile(r"\d{1,3}")
_NOT = re.compile(r"not")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A quote to check and what is right."""

    kind: str
    quote: str
    verdict: Verdict
    place: tuple[str, int, int, int] | None = None
    """Transcript, turn, start, end."""
    difference: tuple[str, str] | None = None
    """Said, asked."""


class Drawing:
    """Draws cases from transcripts."""

    def __init__(self, transcripts: Sequence[Transcript], seed: int) -> None:
        self._transcripts = transcripts
        self._random = random.Random(seed)
        self._vocabulary = [w for t in transcripts[:20] for u in t.turns for w in words_of(u.text).keys if w.isalpha()]

    def span(self, having: re.Pattern[str] | None = None) -> tuple[Transcript, int, int, int, list[int]]:
        """Draw a span of one paragraph: transcript, turn, first word, end, numbers of the words that match."""
        while True:
            transcript = self._random.choice(self._transcripts)
            number = self._random.randrange(len(transcript.turns))
            words = words_of(transcript.turns[number].text)
            length = self._random.randint(SHORTEST, LONGEST)
            if len(words) < length:
                continue
            first = self._random.randint(0, len(words) - length)
            matching = [
                n for n in range(first + 1, first + length - 1) if having is None or having.fullmatch(words.keys[n])
            ]
            if matching and "\n\n" not in words.stretch(first, first + length):
                return transcript, number, first, first + length, matching

    def verbatim(self) -> Case:
        """Draw a verbatim quote in other typography."""
        transcript, turn, first, end, _ = self.span()
        words = words_of(transcript.turns[turn].text)
        quote = words.stretch(first, end)
        changed = quote.replace("'", "’").replace(" - ", " — ").replace(" ", "  ", 1).replace("...", "…")
        place = (transcript.id, turn, words.spans[first][0], words.spans[end - 1][1])
        shown = self._random.choice([quote, f"“{changed}”", changed.capitalize()])
        return Case(kind="verbatim", quote=shown, verdict=Verdict.VERBATIM, place=place)

    def changed(self, kind: str) -> Case:
        """Draw a quote with one word inside it changed or removed."""
        transcript, turn, first, end, matching = self.span({"number": _NUMBER, "not": _NOT}.get(kind))
        words = words_of(transcript.turns[turn].text)
        at = self._random.choice(matching)
        said = words.stretch(at, at + 1)
        asked = {"number": str(int(words.keys[at]) + 1) if kind == "number" else "", "not": ""}.get(kind)
        while asked is None or asked == words.keys[at]:
            asked = self._random.choice(self._vocabulary)
        start, stop = words.spans[first][0], words.spans[end - 1][1]
        before, after = words.text[start : words.spans[at][0]], words.text[words.spans[at][1] : stop]
        return Case(
            kind=f"near: {kind}",
            quote=before + asked + after if asked else before + after.lstrip(),
            verdict=Verdict.NEAR,
            place=(transcript.id, turn, start, stop),
            difference=(said, asked),
        )

    def shuffled(self) -> Case:
        """Draw a span and shuffle its words."""
        transcript, turn, first, end, _ = self.span()
        words = words_of(transcript.turns[turn].text).stretch(first, end).split()
        self._random.shuffle(words)
        return Case(kind="absent: shuffled", quote=" ".join(words), verdict=Verdict.NOT_FOUND)

    def common(self, *, shuffled: bool) -> Case:
        """Draw a span of stop words alone, and shuffle it if need be."""
        while True:
            transcript, turn, first, end, _ = self.span()
            words = words_of(transcript.turns[turn].text)
            stops = [n for n in range(first, end) if words.keys[n] not in STOP_WORDS]
            runs = [(a + 1, b) for a, b in pairwise([first - 1, *stops, end]) if b - a > FEWEST]
            if runs:
                break
        start, stop = self._random.choice(runs)
        quote = words.stretch(start, stop)
        if shuffled:
            quote = " ".join(self._random.sample(quote.split(), len(quote.split())))
            return Case(kind=f"{COMMON}: shuffled", quote=quote, verdict=Verdict.NOT_FOUND)
        place = (transcript.id, turn, words.spans[start][0], words.spans[stop - 1][1])
        return Case(kind=f"{COMMON}: said", quote=quote, verdict=Verdict.VERBATIM, place=place)

    def elsewhere(self) -> Case:
        """Draw a span that was said elsewhere."""
        transcript, turn, first, end, _ = self.span()
        quote = words_of(transcript.turns[turn].text).stretch(first, end)
        return Case(kind="absent: said elsewhere", quote=quote, verdict=Verdict.NOT_FOUND)


def cases(changelog: Sequence[Transcript], committee: Sequence[Transcript], count: int, seed: int) -> list[Case]:
    """Draw cases: a half verbatim, a third near, a sixth absent; then a fifth as many of stop words."""
    here, there = Drawing(changelog, seed), Drawing(committee, seed)
    drawn = [here.verbatim() for _ in range(count // 2)]
    drawn += [here.changed(kind) for kind in ("word", "number", "not") for _ in range(count // 9)]
    drawn += [draw() for draw in (here.shuffled, there.elsewhere) for _ in range(count // 12)]
    random.Random(seed).shuffle(drawn)
    # Last, so that those above are the same with and without them.
    return drawn + [here.common(shuffled=shuffled) for shuffled in (False, True) for _ in range(count // 10)]


def is_right(case: Case, found: QuoteCheck) -> bool:
    """Say whether a verdict is right, and place and difference too."""
    if found.verdict is not case.verdict:
        return False
    if case.place is None:
        return True
    places = [
        (match.citation.transcript_id, match.citation.turn, match.citation.start, match.citation.end)
        for match in found.matches
    ]
    if case.difference is None:
        return found.more or case.place in places
    # What is said at the end of every episode is near in more places than are listed.
    return any([(d.said, d.asked) for d in match.differences] == [case.difference] for match in found.matches)


def report(engine: EmbeddedEngine, drawn: Sequence[Case], show: int) -> None:
    """Check all, and print a row for each kind."""
    checker = QuoteChecker(engine=engine, library=Library(engine))
    checker.check("to warm up the index")
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    right: dict[str, list[bool]] = defaultdict(list)
    for case in drawn:
        began, working = time.perf_counter(), time.thread_time()
        found = checker.check(case.quote)
        took = ((time.perf_counter() - began) * 1000, (time.thread_time() - working) * 1000)
        good = is_right(case, found)
        for name in (case.kind,) if case.kind.startswith(COMMON) else (case.kind, ALL):
            times[name].append(took)
            right[name].append(good)
        if not good and show:
            print(f"  {case.kind}: {found.verdict}, {len(found.matches)} places, {case.quote!r} {case.difference}")
            for match in found.matches[:show]:
                print(f"    {match.similarity:.2f} {match.citation.quote!r} {match.differences}")
    print(
        "| kind | quotes | right | p50 ms | p95 ms | CPU p95 ms | CPU most ms | CPU over 100 ms |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    for name in sorted(times, key=lambda name: (name.startswith(COMMON), name == ALL, name)):
        spent, worked = np.array(times[name]).T
        middle, slow = np.percentile(spent, [50, 95])
        print(
            f"| {name} | {len(spent)} | {sum(right[name])} | {middle:.0f} | {slow:.0f} "
            f"| {np.percentile(worked, 95):.0f} | {worked.max():.0f} | {np.count_nonzero(worked > TARGET_MS)} |"
        )


def main() -> None:
    """Build the index, unless it is there, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="keep the index in this folder")
    parser.add_argument("--episodes", type=int, help="of the large set; default: all")
    parser.add_argument("--quotes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="places to print of each quote that came out wrong")
    options = parser.parse_args()
    if not CHANGELOG.is_file():
        sys.exit(f"{CHANGELOG} is absent: this benchmark needs the shared material beside the project")
    changelog = list(transcripts_in(CHANGELOG, options.episodes))
    drawn = cases(changelog, list(transcripts_in(COMMITTEE)), options.quotes, options.seed)
    words = sum(len(turn.text.split()) for transcript in changelog for turn in transcript.turns)
    with tempfile.TemporaryDirectory() as temporary:
        engine = open_made_index(options.home or Path(temporary))
        if not engine.counts()[0]:
            fill(engine, CHANGELOG, options.episodes)
        transcripts, chunks = engine.counts()
        print(f"{transcripts:,} transcripts, {chunks:,} chunks, {words / 1e6:.1f} million words\n")
        del changelog
        report(engine, drawn, options.show)
        engine.close()


if __name__ == "__main__":
    main()
