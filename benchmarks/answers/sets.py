"""Write the six question sets that answers were fitted on and judged by, and what four of them ask about.

    python -m benchmarks.answers.sets --out FOLDER

The sets ask about material that lies beside the project (../shared) and may not be copied into it. So `questions.jsonl`
holds no gold quote, but where it stands: transcript, turn, character offsets in the turn's text as Turnwise reads it,
and 12 digits of the SHA-256 of its words. Quotes are cut from the transcripts when this runs. FOLDER then holds

    seeds-fitted.jsonl, seeds-judged.jsonl         60 questions each over ../shared/seeds, 44 with an answer
    podcasts-fitted.jsonl, podcasts-judged.jsonl   32 questions each, 24 with an answer, each over four of
    podcasts.jsonl                                 eight transcripts (HHS OIG and Changelog podcasts), ready to add
    invented-fitted.jsonl, invented-judged.jsonl   720 and 1,392 questions over 88 conversations (`invented.py`)
    invented.jsonl                                 these conversations

and the commands that judge them are printed. All were written by a large language model from the transcripts, without
knowing the product. `fitted` ones were used to choose weights, `judged` ones only to judge.

A line may say `any`: each of its places answers alone, where otherwise a whole answer draws on all of them; the harness
has one measure for both (`cited_gold`: one is cited). `history` holds earlier questions, not what was answered to them.
"""

import argparse
import hashlib
import json
import lzma
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from benchmarks.answers.invented import CONVERSATIONS_FILE, PARTS, conversation_lines, invented_sets
from eval.errors import DatasetError
from eval.gold import fold
from rag.errors import TurnwiseError
from rag.transcripts.identity import transcript_id
from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Transcript

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
QUESTIONS = Path(__file__).with_name("questions.jsonl")
PODCASTS_FILE = "podcasts.jsonl"
PODCASTS = {
    "benchmarks/hhs_oig/transcripts.jsonl": ("2016_hcgov", "2016_cdo", "2012_portfolio01", "2016_hotline"),
    "benchmarks/changelog/transcripts.jsonl.xz": (
        "practical-ai-145",
        "away-from-keyboard-4",
        "ship-it-52",
        "founders-talk-68",
    ),
}
CHECK_DIGITS = 12
SetName = Literal["seeds-fitted", "seeds-judged", "podcasts-fitted", "podcasts-judged"]


class Place(BaseModel):
    """Where a quote stands: `[start, end)` in code points of a turn's text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    """The transcript's id, or the beginning of its title's slug."""
    speaker: str
    turn: Annotated[int, Field(ge=0)]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    check: Annotated[str, Field(pattern=f"^[0-9a-f]{{{CHECK_DIGITS}}}$")]
    """The first digits of the SHA-256 of the words, white space folded."""


class PlacedQuestion(BaseModel):
    """A line of `questions.jsonl`: a question whose gold is places, not quotes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    set: SetName
    kind: str
    question: str
    """With `{said}` where the question itself quotes somebody."""
    said: Place | None = None
    history: tuple[str, ...] = ()
    gold: tuple[Place, ...]
    answer_contains: tuple[str, ...] = ()
    any: bool | None = None
    min_sources: int | None = None
    note: str | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """Return all places whose words are cut from a transcript."""
        return self.gold if self.said is None else (*self.gold, self.said)


def main() -> None:
    """Write the sets and print the commands that judge them."""
    parser = argparse.ArgumentParser(description="Write the question sets over material beside the project.")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="outside the project")
    out: Path = parser.parse_args().out
    try:
        write_sets(out)
    except (TurnwiseError, OSError) as error:
        raise SystemExit(str(error)) from error
    print("\n".join(commands(out)))


def write_sets(out: Path, shared: Path = SHARED) -> None:
    """Write the six sets, the podcasts and the conversations into a folder, which is made where it is absent.

    Raises:
        DatasetError: The folder is within the project, shared material is absent, or words aren't where they were.
    """
    if out.resolve().is_relative_to(ROOT):
        raise DatasetError(f"{out} is within the project, where this material may not lie. Name a folder outside it.")
    podcasts = podcast_lines(shared)
    transcripts = by_source((*read_seeds(shared), *read_transcripts(podcasts, source=PODCASTS_FILE)))
    lines: dict[str, list[str]] = {name: [] for name in get_args(SetName)}
    for question in placed_questions():
        lines[question.set].append(json.dumps(_quoting(question, transcripts), ensure_ascii=False) + "\n")
    out.mkdir(parents=True, exist_ok=True)
    for name, written in (lines | invented_sets()).items():
        (out / f"{name}.jsonl").write_text("".join(written), encoding="utf-8")
    (out / PODCASTS_FILE).write_bytes(podcasts)
    (out / CONVERSATIONS_FILE).write_bytes(conversation_lines())


def commands(out: Path, shared: Path = SHARED) -> list[str]:
    """Return the commands that add the transcripts to three data folders and judge the six sets."""
    told: list[str] = []
    materials = {"seeds": shared / "seeds", "podcasts": out / PODCASTS_FILE, "invented": out / CONVERSATIONS_FILE}
    for material, added in materials.items():
        home = f"--home {shlex.quote(str(out / f'{material}-home'))}"
        told.append(f"turnwise add {shlex.quote(str(added))} {home}")
        sets = (name for name in (*get_args(SetName), *PARTS.values()) if name.startswith(material))
        told += [f"turnwise eval {shlex.quote(str(out / f'{name}.jsonl'))} {home}" for name in sets]
    return told


def placed_questions(path: Path = QUESTIONS) -> tuple[PlacedQuestion, ...]:
    """Read the questions with their places.

    Raises:
        DatasetError: A line has other keys or values than a question has; its number is named.
    """
    found: list[PlacedQuestion] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            found.append(PlacedQuestion.model_validate_json(line))
        except ValidationError as error:
            raise DatasetError(f"{path}:{number}: {error}") from error
    return tuple(found)


def read_seeds(shared: Path = SHARED) -> tuple[Transcript, ...]:
    """Read the two seeds as `turnwise add` reads them.

    Raises:
        DatasetError: They are absent.
    """
    folder = _present(shared / "seeds")
    pages = sorted(folder.glob("*.txt"))
    return tuple(each for page in pages for each in read_transcripts(page.read_bytes(), source=str(page)))


def podcast_lines(shared: Path = SHARED) -> bytes:
    """Return the lines of the eight podcasts, native JSON Lines as they lie in the shared material.

    Raises:
        DatasetError: A file is absent, or a transcript is not in it.
    """
    lines: list[bytes] = []
    for place, ids in PODCASTS.items():
        path = _present(shared / place)
        starts = {f'{{"id": "{each}",'.encode(): each for each in ids}
        found: dict[str, bytes] = {}
        with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as file:
            for line in file:
                start = line[: line.find(b",") + 1]
                if start in starts:
                    found[starts[start]] = line.rstrip(b"\n") + b"\n"
                if len(found) == len(ids):
                    break
        if absent := [each for each in ids if each not in found]:
            raise DatasetError(f"{path} holds no transcript {', '.join(absent)}: it is not the edition that was used.")
        lines += [found[each] for each in ids]
    return b"".join(lines)


def by_source(transcripts: Iterable[Transcript]) -> dict[str, Transcript]:
    """Return transcripts by what the places call them: an id, or the beginning of a title's slug."""
    held = list(transcripts)
    named: dict[str, Transcript] = {}
    for source in dict.fromkeys(place.source for question in placed_questions() for place in question.places):
        for each in held:
            if each.id == source or transcript_id(each.title, None).startswith(source):
                named[source] = each
    return named


def words_at(place: Place, transcripts: Mapping[str, Transcript]) -> str:
    """Return the words at a place, white space folded.

    Raises:
        DatasetError: The transcript is absent or other words stand there.
    """
    transcript = transcripts.get(place.source)
    if transcript is None:
        raise DatasetError(f"No transcript {place.source} was read from the shared material.")
    turns = transcript.turns
    words = fold(turns[place.turn].text[place.start : place.end]) if place.turn < len(turns) else ""
    if check_of(words) != place.check:
        raise DatasetError(
            f"Other words than the question was written for stand at {place.start} to {place.end} in turn {place.turn} "
            f"of {transcript.id} (check {place.check}): the reader of transcripts has changed, or the transcript has. "
            f"Find the quote again with the reader of a version that had it, and put its new place in {QUESTIONS.name}."
        )
    return words


def check_of(words: str) -> str:
    """Return the digits by which words are known again."""
    return hashlib.sha256(fold(words).encode()).hexdigest()[:CHECK_DIGITS]


def _quoting(question: PlacedQuestion, transcripts: Mapping[str, Transcript]) -> dict[str, object]:
    """Return a question as the harness reads it."""
    try:
        gold = [
            {"source": place.source, "speaker": place.speaker, "quote": words_at(place, transcripts)}
            for place in question.gold
        ]
        said = words_at(question.said, transcripts) if question.said else ""
    except DatasetError as error:
        raise DatasetError(f"Question {question.id}: {error}") from error
    document: dict[str, object] = question.model_dump(exclude={"set", "said"}, exclude_unset=True)
    return document | {"question": question.question.replace("{said}", said), "gold": gold}


def _present(path: Path) -> Path:
    if not path.exists():
        raise DatasetError(
            f"{path} is absent: these sets ask about material beside the project, which may not be copied into it."
        )
    return path


if __name__ == "__main__":
    main()
