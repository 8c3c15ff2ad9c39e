"""`POST /v1/quote` and `turnwise quote`: the contract's document, and what people read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.cli.program import app
from tests.api.test_http_shapes import CITATION

MATCH = CITATION | {"similarity", "differences"}
SHORTEST = 8
"""Words of the sentence that is quoted: long enough to stay near with one of them changed."""

Say = Callable[..., Result]


@pytest.fixture(scope="module")
def say() -> Say:
    runner = CliRunner()

    def run(*arguments: str | Path) -> Result:
        return runner.invoke(app, [str(argument) for argument in arguments])

    return run


@pytest.fixture(scope="module")
def said(client: httpx.Client) -> dict[str, Any]:
    """Return a sentence of the project's own conversations, with the transcript, the turn and the speaker."""
    for summary in client.get("/v1/transcripts").json()["transcripts"]:
        for turn in client.get(f"/v1/transcripts/{summary['id']}").json()["turns"]:
            words = turn["text"].split(". ")[0].split()
            if turn["speaker"] and len(words) >= SHORTEST and words[3].isalpha():
                text = " ".join(words[: SHORTEST + 4])
                return {"quote": text, "words": text.split(), "id": summary["id"], **turn}
    pytest.fail("the corpus has no sentence that is long enough")


def check(client: httpx.Client, quote: str, **filters: Any) -> dict[str, Any]:
    response = client.post("/v1/quote", json={"quote": quote, "filters": filters})
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    assert set(document) == {"verdict", "matches"}
    for number, match in enumerate(document["matches"], start=1):
        assert set(match) == MATCH
        assert match["n"] == number
        assert 0 <= match["similarity"] <= 1
        assert all(set(difference) == {"said", "asked"} for difference in match["differences"])
        assert match["link"].endswith(f"#turn-{match['turn']}:{match['start']}-{match['end']}")
    return document


def test_words_that_were_said_are_verbatim_with_their_place(client: httpx.Client, said: dict[str, Any]) -> None:
    found = check(client, f"  “{said['quote'].upper()}” ")
    assert found["verdict"] == "verbatim"
    match = next(m for m in found["matches"] if m["transcript_id"] == said["id"] and m["turn"] == said["turn"])
    assert said["text"][match["start"] : match["end"]] == match["quote"]
    assert (match["speaker"], match["similarity"], match["differences"]) == (said["speaker"], 1.0, [])


def test_a_changed_word_is_near_and_shown(client: httpx.Client, said: dict[str, Any]) -> None:
    words = [*said["words"][:3], "zeppelin", *said["words"][4:]]
    found = check(client, " ".join(words))
    assert found["verdict"] == "near"
    assert found["matches"][0]["differences"] == [{"said": said["words"][3], "asked": "zeppelin"}]


def test_what_nobody_said_is_not_found(client: httpx.Client, said: dict[str, Any]) -> None:
    assert check(client, "zeppelins over Jönköping")["verdict"] == "not_found"
    assert check(client, said["quote"], collections=["none"]) == {"verdict": "not_found", "matches": []}


@pytest.mark.parametrize(
    "request_body",
    [
        {},
        {"quote": ""},
        {"quote": "   "},
        {"quote": "…"},
        {"quote": "a" * 2001},
        {"quote": None},
        {"quote": "words", "speaker": "x"},
        {"quote": "words", "filters": {"speakers": ["Nobody Here"]}},
    ],
)
def test_what_cannot_be_checked_is_refused(client: httpx.Client, request_body: dict[str, Any]) -> None:
    response = client.post("/v1/quote", json=request_body)
    assert response.status_code == 422
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["detail"]


@pytest.mark.parametrize(
    "quote", ["'; DROP TABLE records; --", "<script>alert(1)</script>", "😀", "\\n\\n", "(((", "%", "ة"]
)
def test_no_quote_breaks_the_check(client: httpx.Client, quote: str) -> None:
    response = client.post("/v1/quote", json={"quote": quote})
    assert response.status_code in (200, 422)


def test_the_command_line_prints_the_same_document(
    say: Say, client: httpx.Client, corpus_home: Path, said: dict[str, Any]
) -> None:
    for quote in (said["quote"], " ".join([*said["words"][:3], "zeppelin", *said["words"][4:]]), "zeppelins fly"):
        done = say("quote", quote, "--home", corpus_home, "--json")
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout) == check(client, quote)
    done = say("quote", said["quote"], "--speaker", said["speaker"], "--home", corpus_home, "--json")
    assert json.loads(done.stdout) == check(client, said["quote"], speakers=[said["speaker"]])


def test_people_read_who_said_it_where_and_what_differs(say: Say, corpus_home: Path, said: dict[str, Any]) -> None:
    verbatim = say("quote", said["quote"], "--home", corpus_home)
    assert verbatim.exit_code == 0
    assert verbatim.stdout.startswith("Verbatim, in ")
    assert said["speaker"] in verbatim.stdout
    assert f"/transcripts/{said['id']}#turn-{said['turn']}:" in verbatim.stdout
    near = say("quote", " ".join([*said["words"][:3], "zeppelin", *said["words"][4:]]), "--home", corpus_home)
    assert near.stdout.startswith("Not verbatim, but near")
    assert f"said “{said['words'][3]}”, not “zeppelin”" in near.stdout
    assert say("quote", "zeppelins fly", "--home", corpus_home).stdout.startswith("Not verbatim")


def test_exit_codes_say_what_went_wrong(say: Say, corpus_home: Path, tmp_path: Path) -> None:
    assert say("quote", "…", "--home", corpus_home).exit_code == 2
    assert say("quote", "words", "--speaker", "Nobody Here", "--home", corpus_home).exit_code == 2
    assert say("quote", "--home", corpus_home).exit_code == 2
    refused = say("quote", "words", "--home", tmp_path / "nowhere", "--json")
    assert refused.exit_code == 3
    assert json.loads(refused.stdout)["status"] == 503
