"""The setting that puts a Milvus server behind the product, and what it finds there."""

import shutil
from pathlib import Path

import pytest

from rag.assembly import Turnwise, open_turnwise
from rag.errors import IndexUnavailableError, SettingsError
from rag.retrieval.types import Filters
from rag.settings import load_settings

QUESTIONS = ["How were delays reduced?", "What is a run chart for?", "Who decides when a patient can go home?"]


def test_passages_are_the_same_whoever_searches_the_vectors(
    turnwise: Turnwise, corpus_home: Path, milvus_address: str, tmp_path: Path
) -> None:
    home = shutil.copytree(corpus_home, tmp_path / "home")
    settings = load_settings(home=home, engine=milvus_address, engine_collection="same_passages")
    with (
        pytest.raises(IndexUnavailableError, match="doctor --repair"),
        open_turnwise(settings, read_only=True) as early,
    ):
        early.retriever.search(QUESTIONS[0])
    with open_turnwise(settings) as served:
        served.engine.refresh()
        speaker = turnwise.library.speakers()[0].name
        for question in QUESTIONS:
            for filters in (Filters(), Filters(speakers=(speaker,)), Filters(collections=("default",))):
                expected = turnwise.retriever.search(question, filters=filters).passages
                passages = served.retriever.search(question, filters=filters).passages
                assert [p.chunk_id for p in passages] == [p.chunk_id for p in expected]
                assert [p.score for p in passages] == pytest.approx([p.score for p in expected])


def test_a_token_is_in_no_setting_that_is_shown() -> None:
    settings = load_settings(engine="https://vectors.example.org:19530", engine_token="root:sesame")
    assert "sesame" not in repr(settings) + str(settings.model_dump())
    assert settings.engine_token is not None
    assert settings.engine_token.get_secret_value() == "root:sesame"


@pytest.mark.parametrize("address", ["milvus", "ftp://host", "http://root:sesame@host:19530", "http://host:99999999"])
def test_an_address_that_is_none_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(SettingsError, match="TURNWISE_ENGINE") as caught:
        load_settings(engine=address)
    assert "sesame" not in str(caught.value)
