"""A transcript that is replaced between search and proof is answered from as it is then."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.answering.types import Status
from rag.assembly import open_turnwise
from rag.settings import load_settings
from rag.transcripts.types import Transcript

QUESTION = "How tall did the sunflower grow?"


def talk(height: str) -> bytes:
    turns = [
        {"speaker": "Iphigenia Marsh", "text": "What grew best on your plot last year?"},
        {"speaker": "Cosmo Brandreth", "text": f"The beans were poor. One sunflower grew {height} metres tall."},
        {"speaker": "Iphigenia Marsh", "text": "And the pumpkins?"},
        {"speaker": "Cosmo Brandreth", "text": "The slugs had them all. I never planted pumpkins again."},
    ]
    return json.dumps({"id": "allotments", "title": "A year on the allotments", "turns": turns}).encode()


@pytest.mark.parametrize("reader", ["auto", "off"])
def test_what_it_says_now_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Any) -> None:
    with open_turnwise(load_settings(home=tmp_path, reader=reader)) as turnwise:
        turnwise.ingestion.add_documents([("allotments.json", talk("two"))])
        find, replaced = turnwise.library.find, []

        def find_and_replace(transcript_id: str) -> Transcript | None:
            found = find(transcript_id)
            if not replaced:
                replaced.append(transcript_id)
                turnwise.ingestion.add_documents([("allotments.json", talk("nearly four"))])
            return found

        monkeypatch.setattr(turnwise.library, "find", find_and_replace)
        answer = turnwise.answerer.ask(QUESTION)
        assert replaced
        assert answer.status is Status.ANSWERED
        assert "nearly four metres" in answer.answer
        assert answer.index_version == turnwise.engine.version
