"""A server with three collections, of which one is for executives only, in this process; and ways to ask it."""

import asyncio
import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import build_app
from api.auth.keys import KeyStore
from api.auth.principal import Scope
from rag.assembly import OpenTurnwise, open_turnwise
from rag.settings import load_settings

PUBLIC_URL = "http://127.0.0.1"
ALLOWED_ORIGIN = "https://intranet.example.org"
PROXY = "10.0.0.7"
ACCESS = """
[collections.board]
readers = ["executives"]

[collections.vault]
readers = []

[roles]
write = ["editors"]
admin = ["owners"]
"""

HIDDEN_WORDS = ("stonebridge", "halcyon", "merger", "board-", "quillfeather", "board retreat", '"board"')
"""What nobody but an executive may ever see: a speaker, a project, a topic, ids, a title, a collection."""


def _talk(number: int, collection: str, title: str, speaker: str, *texts: str) -> dict[str, Any]:
    return {
        "id": f"{collection}-{number}",
        "title": title,
        "date": f"2024-05-{number:02d}",
        "collection": collection,
        "speakers": [{"name": speaker, "role": "lead"}, {"name": "Ann Reed", "role": "host"}],
        "turns": [
            turn
            for text in texts
            for turn in (
                {"speaker": "Ann Reed", "text": text.split("|")[0]},
                {"speaker": speaker, "text": text.split("|")[1]},
            )
        ],
    }


OPEN_TALKS = (
    _talk(
        1,
        "default",
        "A quieter morning",
        "Maria Lopes",
        "What did the morning huddle change on your ward?|The morning huddle moved to eight o'clock, and the "
        "medication round was no longer interrupted. Falls went down by a third in the first year.",
        "How did you measure that?|We counted falls on a run chart every week. Six points in a row below the median "
        "made a shift, and we saw one after ten weeks.",
    ),
    _talk(
        2,
        "ward",
        "Plates and leftovers",
        "Jonas Weir",
        "Why did you begin to weigh the leftovers?|Nobody knew how much food came back from the wards. We weighed "
        "the plates for two weeks and found that a quarter of every lunch was thrown away.",
        "What did the kitchen do about it?|The kitchen offered smaller portions and a second helping. Waste fell by "
        "half, and complaints did not rise.",
    ),
)
HIDDEN_TALKS = tuple(
    _talk(
        number,
        "board",
        f"Board retreat {number}",
        "Victor Stonebridge",
        "What will project Halcyon mean for the hospital?|Project Halcyon is the merger with Quillfeather Trust. The "
        "merger will close two wards, and the morning huddle will end with them.",
        "When will the merger be announced?|We announce the merger in spring, after the run chart of costs has six "
        "points below the median.",
    )
    for number in range(1, 6)
)


@dataclass(frozen=True)
class Site:
    """A server and what opens it."""

    app: FastAPI
    client: TestClient
    turnwise: OpenTurnwise
    keys: KeyStore
    home: Path

    def key(self, *scopes: str, **more: Any) -> str:
        wanted = frozenset(Scope(scope) for scope in scopes or ("read",))
        return self.keys.create("made for a test", scopes=wanted, **more)[1]

    def expired_key(self) -> str:
        """Return a key whose day has passed since it was made."""
        text = self.key(expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
        with sqlite3.connect(self.home / "access.sqlite") as database:
            database.execute(
                "UPDATE keys SET expires_at = ? WHERE id = ?",
                ((dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)).isoformat(), text.split("_")[1]),
            )
        database.close()
        return text

    def revoked_key(self) -> str:
        text = self.key()
        self.keys.revoke(text.split("_")[1])
        return text


@contextmanager
def opened_site(
    home: Path, talks: tuple[dict[str, Any], ...], *, peer: str = "127.0.0.1", **settings: Any
) -> Iterator[Site]:
    """Index talks and serve them, without the reader unless the settings say so: it is most of an answer's time."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "access.toml").write_text(ACCESS, "utf-8")
    with open_turnwise(load_settings(home=home, **{"reader": "off", **settings})) as turnwise:
        pairs = [(f"{talk['id']}.json", json.dumps(talk).encode()) for talk in talks]
        turnwise.ingestion.add_documents(pairs)
        app = build_app(turnwise)
        with TestClient(app, base_url=PUBLIC_URL, client=(peer, 50000), follow_redirects=False) as client:
            yield Site(app=app, client=client, turnwise=turnwise, keys=KeyStore(home), home=home)


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def raw(app: FastAPI, method: str, target: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Ask with a target exactly as it is, as no well-behaved client would write it."""
    path, _, query = target.partition(b"?")
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")]
        + [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    status = next(message["status"] for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return status, body.decode("utf-8", "replace")
