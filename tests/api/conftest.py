"""What the tests of the ways in share: a client of the real server, and the command line in this process."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

ANSWERABLE = (
    "How many points make a shift on a run chart?",
    "What is a driver diagram for?",
    "Why did the pilot not spread?",
    "What happens at the safety huddle?",
    "What did patients change in the renal unit?",
)


@pytest.fixture(scope="session")
def client(server_url: str) -> Iterator[httpx.Client]:
    """Return a client of the real server."""
    with httpx.Client(base_url=server_url, timeout=60) as connected:
        yield connected


@pytest.fixture(scope="session")
def ask(client: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Ask a question over HTTP and return the response's document: `ask("...", max_citations=3)`."""

    def post(question: str, **more: Any) -> dict[str, Any]:
        response = client.post("/v1/ask", json={"question": question, **more})
        assert response.status_code == 200, response.text
        document: dict[str, Any] = json.loads(response.text)
        return document

    return post


@pytest.fixture(scope="session")
def questions() -> tuple[str, ...]:
    """Return questions that the project's own conversations bear on."""
    return ANSWERABLE
