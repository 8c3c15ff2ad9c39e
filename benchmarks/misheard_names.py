"""How many misheard names are told, and how many of those told are right.

    python -m benchmarks.misheard_names corpus ../shared/seeds \
        ../shared/benchmarks/qmsum/product-transcripts.jsonl ../shared/benchmarks/hhs_oig/transcripts.jsonl
    python -m benchmarks.misheard_names --fit ../shared/benchmarks/qmsum/committee-transcripts.jsonl \
        ../shared/benchmarks/qmsum/academic-transcripts.jsonl

`misheard_pairs.tsv` holds names with what speech recognition could make of them, written for this by hand from how it
errs; a third column is the pronunciation where the spelling doesn't lead to it. Pairs on odd lines are for fitting,
those on even lines for judging. The forms of one half are put among all that is written as a name in each collection;
each name of that half then has one right mishearing, and whatever else is taken for one is counted as wrong. That is
harsh: none of the names is in these collections, and a namesake that sounds the same counts as wrong, too.

With --fit, the weights of `rag.mishearing.likeness` are fitted on the first half among the capitalised words of the
given collections, and printed.
"""

import sys
from collections import Counter, defaultdict
from dataclasses import astuple
from pathlib import Path

from sklearn.linear_model import LogisticRegression

from rag.mishearing.glossary import GlossaryName
from rag.mishearing.likeness import BIAS, WEIGHTS, features
from rag.mishearing.matching import AMBIGUOUS, CERTAIN, Matcher, targets_of
from rag.mishearing.sounds import letters, sounds, unlikeness
from rag.mishearing.vocabulary import Vocabulary
from rag.transcripts.mentions import mentions
from rag.transcripts.names import fold, name_key
from rag.transcripts.readers import ReadOptions, read_transcripts

PAIRS = Path(__file__).with_name("misheard_pairs.tsv")
THRESHOLDS = tuple(sorted({0.0, 1.0, 1.5, CERTAIN, 2.5, 3.5}))
NEAR = 0.3
Pair = tuple[GlossaryName, str]


def pairs() -> list[Pair]:
    """Return names with what each was heard as."""
    rows = (line.split("\t") for line in PAIRS.read_text("utf-8").splitlines() if line)
    return [(GlossaryName(name=name, said=tuple(said)), form) for name, form, *said in rows]


def vocabulary_of(path: Path, planted: list[str]) -> Vocabulary:
    """Return what is written as a name in the transcripts at a path, with forms put among it."""
    files = (
        sorted(file for file in path.iterdir() if file.suffix != ".toml" and file.stem != "README")
        if path.is_dir()
        else [path]
    )
    runs: Counter[tuple[str, ...]] = Counter()
    speakers: set[str] = set()
    for file in files:
        for transcript in read_transcripts(file.read_bytes(), source=str(file), options=ReadOptions()):
            for turn in transcript.turns:
                speakers.update(name_key(turn.speaker or "").split())
                runs.update({mention.words for mention in mentions(turn.text)})
    runs.update(tuple(form.split()) for form in planted)
    return Vocabulary(runs=dict(runs), speakers=frozenset(speakers), terms={})


def judge(label: str, half: list[Pair], path: Path) -> None:
    """Print recall and precision of one half in one collection."""
    vocabulary = vocabulary_of(path, [form for _, form in half])
    wanted = {(entry.name, form) for entry, form in half}
    targets = {target.words: target for target in targets_of(entry for entry, _ in half)}
    matcher = Matcher(tuple(targets.values()), vocabulary)
    whole = [targets[tuple(map(fold, entry.name.split()))] for entry, _ in half]
    told: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for target in whole:
        for match in matcher.matches(target, least=min(THRESHOLDS)):
            told[match.form].append((match.log_odds, target.name))
    # As in a search: a form belongs to the likeliest name, or to none where two are as likely.
    ranked = {form: sorted(ways, reverse=True) for form, ways in told.items()}
    best = {f: ways[0] for f, ways in ranked.items() if len(ways) == 1 or ways[0][0] - ways[1][0] >= AMBIGUOUS}
    for least in THRESHOLDS:
        kept = {(name, form) for form, (odds, name) in best.items() if odds >= least}
        # A part of a form that was put there, as "Merthyr" for "Merthyr Tydfil", is right, too.
        right = {pair for pair in kept if pair in wanted or any(n == pair[0] and pair[1] in f for n, f in wanted)}
        found = len(kept & wanted) / len(wanted)
        wrong = sorted(kept - right)
        precision = len(right) / len(kept) if kept else 1.0
        used = " (used)" if least == CERTAIN else ""
        print(
            f"| {label} | {path.name} | {len(vocabulary.forms):,} | {least}{used} | {found:.2f} | {precision:.3f} | "
            f"{', '.join(f'{form} for {name}' for name, form in wrong[:6]) or 'none'} |"
        )


def _is_near(entry: GlossaryName, form: str) -> bool:
    """Say whether a form sounds so much like a name that there is something to tell."""
    heard = sounds(form)
    return min(unlikeness(sounds(said), heard) for said in (entry.name, *entry.said)) < NEAR


def fit(half: list[Pair], paths: list[Path]) -> None:
    """Print weights fitted on one half among the names of collections."""
    rows = [astuple(features((entry.name, *entry.said), form)) for entry, form in half]
    positive = len(rows)
    among = 0
    for path in paths:
        forms = vocabulary_of(path, []).forms
        among += len(forms)
        for entry, _ in half:
            others = [f for f in forms if letters(f) != letters(entry.name) and _is_near(entry, f)]
            rows += [astuple(features((entry.name, *entry.said), form)) for form in others]
    model = LogisticRegression(C=3, max_iter=5000).fit(rows, [n < positive for n in range(len(rows))])
    weights = dict(zip(type(WEIGHTS).__slots__, model.coef_[0].round(2).tolist(), strict=True))
    print(f"fitted among {among:,} forms: {weights}, bias {model.intercept_[0]:.2f}")
    print(f"shipped: {WEIGHTS}, bias {BIAS}")


def main() -> None:
    """Print the figures."""
    given = [Path(name) for name in sys.argv[1:] if name != "--fit"] or [Path("corpus")]
    known = pairs()
    if "--fit" in sys.argv:
        fit(known[0::2], given)
        return
    print("| half | collection | forms | log odds | recall | precision | wrong |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for path in given:
        judge("fitting", known[0::2], path)
        judge("judging", known[1::2], path)


if __name__ == "__main__":
    main()
