"""A real server in this process, over the project's own conversations and one with emoji, for assistants' clients."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import openai

EMOJI_ID = "lantern-walk"
EMOJI_QUESTION = "How many lanterns did the wardens hang along the towpath?"
EMOJI = {
    "id": EMOJI_ID,
    "title": "🏮 The lantern walk at Quillbeck",
    "date": "2024-11-02",
    "turns": [
        {"speaker": "Oonagh Farrier", "text": "How many lanterns did the wardens hang along the towpath?"},
        {
            "speaker": "Zoë Ångström",
            "text": "The wardens hung ninety lanterns 🏮🏮 along the towpath, and the lock-keeper [1] counted them "
            "twice 👩🏽‍🚒. Nobody fell in.",
        },
    ],
}


@pytest.fixture(scope="session")
def assistant_url(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a running server; it has no reader, which is most of an answer's time."""
    from api.app import build_app  # noqa: PLC0415
    from rag.assembly import open_turnwise  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415
    from tests.api.assistants.served_in_process import served  # noqa: PLC0415

    home = shutil.copytree(corpus_home, tmp_path_factory.mktemp("assistants") / "home")
    with open_turnwise(load_settings(home=home, reader="off")) as turnwise:
        turnwise.ingestion.add_documents([("lanterns.json", json.dumps(EMOJI).encode())])
        with served(build_app(turnwise)) as url:
            yield url


@pytest.fixture(scope="session")
def official(assistant_url: str) -> "Iterator[openai.OpenAI]":
    """Return OpenAI's own client."""
    import openai  # noqa: PLC0415

    with openai.OpenAI(base_url=f"{assistant_url}/v1", api_key="none-needed", max_retries=0) as client:
        yield client


@pytest.fixture(scope="session")
def said_by() -> dict[str, Any]:
    """Return the conversation with emoji."""
    return EMOJI
