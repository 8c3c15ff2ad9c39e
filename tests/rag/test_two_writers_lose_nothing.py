"""Two who change one transcript at once: what either was told is kept is kept, whoever stores first."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from rag.errors import IndexUnavailableError, NotFoundError
from rag.ingestion import Ingestion
from rag.ingestion import storing as storing_module
from rag.settings import Settings
from rag.storage import decode
from tests.rag.add_in_a_child import HashEmbedder, ingestion_of, open_engine
from tests.rag.killed_adds import PROJECT

TALK = "Title: Beds\n\n{turns}\n"
TURNS = 12
CHILD = """
import sys
from pathlib import Path
from tests.rag.add_in_a_child import ingestion_of, open_engine
engine = open_engine(Path(sys.argv[1]))
ingestion = ingestion_of(engine)
print("ready", flush=True)
sys.stdin.readline()
for turn in sys.argv[2].split(","):
    ingestion.attribute("beds", int(turn), f"Speaker of {turn}")
engine.close()
"""


class Interrupted(HashEmbedder):
    """Lets somebody else write while it embeds, and gives vectors then."""

    def __init__(self, *meanwhile) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self.meanwhile = list(meanwhile)

    def embed_with_parts(self, texts, parts):  # type: ignore[no-untyped-def]
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return super().embed_with_parts(texts, parts)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def engine(home: Path) -> Iterator[EmbeddedEngine]:
    opened = open_engine(home)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path, engine: EmbeddedEngine) -> Path:
    made = tmp_path / "beds.txt"
    write(made)
    ingestion_of(engine).add([str(made)])
    return made


def write(file: Path, *, more: str = "") -> None:
    said = [f"{'Ann Lee' if turn % 2 else 'Bo Ek'}: This is what is said in turn {turn}." for turn in range(TURNS)]
    file.write_text(TALK.format(turns="\n\n".join([*said, *([more] if more else [])])), "utf-8")


def with_embedder(engine: EmbeddedEngine, embedder: HashEmbedder) -> Ingestion:
    return Ingestion(engine=engine, embedder=embedder, max_tokens=Settings().chunk_tokens)


def confirmed(engine: EmbeddedEngine) -> dict[int, str]:
    document = engine.document("beds")
    assert document is not None
    return {item.turn: item.speaker for item in decode(document.body).confirmations}


def speakers(engine: EmbeddedEngine) -> set[str]:
    document = engine.document("beds")
    assert document is not None
    return {speaker.name for speaker in decode(document.body).as_read.speakers}


@pytest.mark.usefixtures("file")
def test_confirmations_of_two_processes_at_once_are_all_kept(engine: EmbeddedEngine, home: Path) -> None:
    shares = [",".join(map(str, range(start, TURNS, 2))) for start in (0, 1)]
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(home), share], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for share in shares
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write(b"go\n")
        child.stdin.flush()
    for child in children:
        child.communicate(timeout=120)
    assert [child.returncode for child in children] == [0, 0]
    assert confirmed(engine) == {turn: f"Speaker of {turn}" for turn in range(TURNS)}


@pytest.mark.usefixtures("file")
def test_a_confirmation_that_is_overtaken_is_made_again_and_returns_both(engine: EmbeddedEngine, home: Path) -> None:
    other = open_engine(home)
    slow = Interrupted(lambda: ingestion_of(other).attribute("beds", 3, "Cy Ray"))
    transcript = with_embedder(engine, slow).attribute("beds", 1, "Di Roe")
    other.close()
    assert not slow.meanwhile
    assert confirmed(engine) == {1: "Di Roe", 3: "Cy Ray"}
    assert (transcript.turns[1].speaker, transcript.turns[3].speaker) == ("Di Roe", "Cy Ray")


def test_an_add_that_is_overtaken_by_a_confirmation_keeps_it(engine: EmbeddedEngine, home: Path, file: Path) -> None:
    other = open_engine(home)
    ingestion_of(other).attribute("beds", 1, "Ed Poe")
    write(file, more="Bo Ek: One more thing.")

    def confirm() -> None:
        ingestion_of(other).attribute("beds", 1, "Di Roe")
        ingestion_of(other).attribute("beds", 3, "Cy Ray")

    results = with_embedder(engine, Interrupted(confirm)).add([str(file)])
    assert [result.outcome for result in results] == ["replaced"]
    assert confirmed(engine) == {1: "Di Roe", 3: "Cy Ray"}
    assert speakers(engine) == {"Ann Lee", "Bo Ek", "Cy Ray", "Di Roe"}
    assert [result.outcome for result in ingestion_of(other).add([str(file)])] == ["unchanged"]
    assert other.search_text("one more thing", 1)
    other.close()


def test_a_confirmation_that_is_overtaken_by_an_add_holds_in_what_was_added(
    engine: EmbeddedEngine, home: Path, file: Path
) -> None:
    other = open_engine(home)
    write(file, more="Bo Ek: One more thing.")
    slow = Interrupted(lambda: ingestion_of(other).add([str(file)]))
    transcript = with_embedder(engine, slow).attribute("beds", 1, "Di Roe")
    other.close()
    assert len(transcript.turns) == TURNS + 1
    assert confirmed(engine) == {1: "Di Roe"}


@pytest.mark.usefixtures("file")
def test_a_transcript_that_is_removed_meanwhile_is_not_brought_back_by_a_confirmation(
    engine: EmbeddedEngine, home: Path
) -> None:
    other = open_engine(home)
    with pytest.raises(NotFoundError, match="no transcript 'beds'"):
        with_embedder(engine, Interrupted(lambda: other.remove(["beds"]))).attribute("beds", 1, "Di Roe")
    other.close()
    assert engine.document("beds") is None


@pytest.mark.usefixtures("file")
def test_who_is_overtaken_again_and_again_gives_up_and_stores_nothing(
    engine: EmbeddedEngine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing_module, "TRIES", 3)
    other = open_engine(home)
    names = [f"Di Roe the {number}th" for number in range(3)]
    often = Interrupted(*(lambda name=name: ingestion_of(other).attribute("beds", 3, name) for name in names))
    with pytest.raises(IndexUnavailableError, match="again and again; try again later"):
        with_embedder(engine, often).attribute("beds", 1, "Di Roe")
    other.close()
    assert confirmed(engine) == {3: names[-1]}


@pytest.mark.usefixtures("file")
def test_confirmations_of_threads_at_once_are_all_kept(engine: EmbeddedEngine) -> None:
    with ThreadPoolExecutor(TURNS) as threads:
        done = [
            threads.submit(ingestion_of(engine).attribute, "beds", turn, f"Speaker of {turn}") for turn in range(TURNS)
        ]
        assert [one.result().turns[turn].speaker for turn, one in enumerate(done)] == [
            f"Speaker of {turn}" for turn in range(TURNS)
        ]
    assert confirmed(engine) == {turn: f"Speaker of {turn}" for turn in range(TURNS)}
