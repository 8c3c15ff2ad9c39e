"""Quotes of the two real conversations beside a developer's checkout: those of the questions are all verbatim."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from rag.quoting.checker import QuoteChecker
from rag.quoting.types import Verdict
from rag.transcripts.readers import ReadOptions, read_transcripts
from rag.transcripts.types import Transcript
from tests.rag.quoting.made_conversations import checker, indexed

CHUNK_TOKENS = 200
FIGURE = re.compile(r"\b\d[\d,]*\b")


@pytest.fixture(scope="module")
def conversations(shared: Path) -> list[Transcript]:
    if not (shared / "seeds").is_dir():
        pytest.skip("the shared material has no seeds (../shared/seeds)")
    return [
        transcript
        for page in sorted((shared / "seeds").glob("*.txt"))
        for transcript in read_transcripts(page.read_bytes(), source=str(page), options=ReadOptions())
    ]


@pytest.fixture(scope="module")
def engine(conversations: list[Transcript], tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    opened = indexed(tmp_path_factory.mktemp("seeds"), conversations, max_tokens=CHUNK_TOKENS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def quotes(engine: EmbeddedEngine) -> QuoteChecker:
    return checker(engine)


@pytest.fixture(scope="module")
def gold(shared: Path) -> list[dict[str, str]]:
    lines = (shared / "questions" / "seeds-dev.jsonl").read_text("utf-8").splitlines()
    found = [item for line in lines for item in json.loads(line)["gold"] if item.get("quote")]
    assert len(found) >= 20
    return found


def test_every_gold_quote_is_verbatim_and_its_speaker_right(quotes: QuoteChecker, gold: list[dict[str, str]]) -> None:
    for item in gold:
        found = quotes.check(item["quote"])
        assert found.verdict is Verdict.VERBATIM, item
        assert item["source"] in {
            match.citation.transcript_id[: len(item["source"])] for match in found.matches
        } or any(item["source"] in match.citation.transcript_id for match in found.matches)
        if item.get("speaker"):
            assert item["speaker"] in {match.citation.speaker for match in found.matches}, item


def test_every_figure_that_is_changed_is_shown(quotes: QuoteChecker, conversations: list[Transcript]) -> None:
    checked = 0
    for transcript in conversations:
        for number, turn in enumerate(transcript.turns):
            for figure in FIGURE.finditer(turn.text):
                start, end = turn.text.rfind(" ", 0, max(figure.start() - 30, 0)) + 1, figure.end() + 30
                end = turn.text.find(" ", end) if " " in turn.text[end:] else len(turn.text)
                if "\n\n" in turn.text[start:end] or len(turn.text[start:end].split()) < 6:
                    continue
                other = str(int(figure.group().replace(",", "")) + 1)
                asked = turn.text[start : figure.start()] + other + turn.text[figure.end() : end]
                found = quotes.check(asked)
                assert found.verdict is Verdict.NEAR, asked
                assert any(
                    m.citation.turn == number and any(other in d.asked for d in m.differences) for m in found.matches
                )
                checked += 1
    assert checked >= 5
