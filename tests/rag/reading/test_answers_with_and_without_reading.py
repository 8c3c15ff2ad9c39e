"""Answers with the reader, without it, and where it can't be loaded, over the command line and HTTP."""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from api.app import build_app
from api.cli.program import app
from api.schemas.answers import AskResponse
from rag import assembly
from rag.assembly import OpenTurnwise, Turnwise, open_turnwise
from rag.reading import Reader, open_reader
from rag.reading.graph import ReadingGraph
from rag.restriction import Restriction
from rag.settings import load_settings

QUESTION = "How tall did the sunflower grow?"
TALK = {
    "id": "allotments",
    "title": "A year on the allotments",
    "speakers": [{"name": "Iphigenia Marsh"}, {"name": "Cosmo Brandreth"}],
    "turns": [
        {"speaker": "Iphigenia Marsh", "text": "What grew best on your plot last year?"},
        {
            "speaker": "Cosmo Brandreth",
            "text": "The beans were poor. One sunflower grew three metres tall, up to the gutter of the shed.",
        },
        {"speaker": "Iphigenia Marsh", "text": "And the pumpkins?"},
        {"speaker": "Cosmo Brandreth", "text": "The slugs had them all. I never planted pumpkins again."},
    ],
}


def say(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("allotments")
    with open_turnwise(load_settings(home=folder)) as opened:
        opened.ingestion.add_documents([("allotments.json", json.dumps(TALK).encode())])
    return folder


@pytest.fixture(scope="module")
def reading(home: Path) -> Iterator[Turnwise]:
    with open_turnwise(load_settings(home=home), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def not_reading(home: Path) -> Iterator[Turnwise]:
    with open_turnwise(load_settings(home=home, reader="off"), read_only=True) as opened:
        yield opened


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have the product opened with a reader whose file is absent."""
    monkeypatch.setattr("rag.assembly.open_reader", lambda *_, **__: Reader(additions=tmp_path / "absent.npz"))


def test_reading_gives_odds_and_without_the_reader_there_are_none(reading: Turnwise, not_reading: Turnwise) -> None:
    assert reading.reader is not None
    assert not_reading.reader is None
    told, not_told = (reading.answerer.measure(q).read for q in (QUESTION, "How many bees died of the frost?"))
    assert told is not None
    assert not_told is not None
    assert told > not_told
    assert not_reading.answerer.measure(QUESTION).read is None


def test_answers_have_the_same_form_with_and_without_the_reader(reading: Turnwise, not_reading: Turnwise) -> None:
    with_it, without_it = (each.answerer.ask(QUESTION) for each in (reading, not_reading))
    for answer in (with_it, without_it):
        assert answer.status == "answered"
        assert "three metres tall" in answer.citations[0].quote
    assert with_it.timings_ms.keys() == without_it.timings_ms.keys()
    documents = [AskResponse.of(answer, request_id="r").model_dump() for answer in (with_it, without_it)]
    assert shape(documents[0]) == shape(documents[1])
    assert not {f.name for f in fields(with_it)} & {"odds", "read"}


def shape(document: Any) -> Any:
    """Return the keys of a document, all the way down."""
    if isinstance(document, dict):
        return {key: shape(value) for key, value in document.items()}
    return [shape(each) for each in document[:1]] if isinstance(document, (list, tuple)) else None


def test_without_the_reader_its_graph_is_not_made(
    home: Path, not_reading: Turnwise, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(graph: ReadingGraph) -> None:
        raise AssertionError("a second graph was made")

    monkeypatch.setattr(ReadingGraph, "model", made)
    monkeypatch.setattr(assembly, "open_reader", open_reader)  # a new one, not that of other tests
    not_reading.warm()
    assert not_reading.answerer.ask(QUESTION).status == "answered"
    with (
        open_turnwise(load_settings(home=home), read_only=True) as opened,
        pytest.raises(AssertionError, match="second graph"),
    ):
        opened.answerer.ask(QUESTION)


def test_a_view_of_the_product_reads_with_the_same_reader(reading: OpenTurnwise) -> None:
    view = reading.restricted(Restriction(never=frozenset({"vault"})))
    assert view.reader is reading.reader
    assert view.answerer.measure(QUESTION).read == pytest.approx(reading.answerer.measure(QUESTION).read, abs=1e-3)


def test_the_setting_is_shown_and_checked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> dict[str, Any]:
        document = json.loads(say("config", "show", "--home", home, "--json").stdout)
        (found,) = (setting for setting in document["settings"] if setting["name"] == "reader")
        return dict(found)

    assert shown() == {"name": "reader", "value": "auto", "source": "default", "variable": "TURNWISE_READER"}
    monkeypatch.setenv("TURNWISE_READER", "off")
    assert (shown()["value"], shown()["source"]) == ("off", "environment")
    monkeypatch.setenv("TURNWISE_READER", "on")
    refused = say("ask", QUESTION, "--home", home)
    assert refused.exit_code == 2
    assert "TURNWISE_READER" in refused.stderr


@pytest.mark.usefixtures("broken")
def test_a_reader_that_cannot_be_loaded_ends_a_question_as_a_model_does(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = say("ask", QUESTION, "--home", home, "--json")
    assert refused.exit_code == 3
    (line,) = refused.stderr.splitlines()
    assert line.startswith("turnwise: ")
    assert "absent.npz can't be read" in line
    assert "TURNWISE_READER=off" in line
    problem = json.loads(refused.stdout)
    assert (problem["type"], problem["status"]) == ("urn:turnwise:problem:model", 503)
    assert say("search", QUESTION, "--home", home).exit_code == 0
    monkeypatch.setenv("TURNWISE_READER", "off")
    answered = say("ask", QUESTION, "--home", home, "--json")
    assert answered.exit_code == 0, answered.stderr
    assert json.loads(answered.stdout)["status"] == "answered"


@pytest.mark.usefixtures("broken")
def test_over_http_it_is_a_problem_of_the_server_that_says_how_to_mend_it(home: Path) -> None:
    with (
        open_turnwise(load_settings(home=home)) as opened,
        TestClient(build_app(opened), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client,
    ):
        for more in ({}, {}, {"stream": True}):  # at each question anew
            refused = client.post("/v1/ask", json={"question": QUESTION, **more})
            assert refused.status_code == 503, refused.text
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.json()["type"] == "urn:turnwise:problem:model"
            assert "TURNWISE_READER=off" in refused.json()["detail"]
        assert client.post("/v1/search", json={"query": QUESTION}).status_code == 200
