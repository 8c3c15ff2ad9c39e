"""A person with a real browser: sent to the issuer, back to the page, asks, reads, signs out."""

import json
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from api.app import build_app
from rag.assembly import open_turnwise
from rag.settings import load_settings
from tests.api.access.local_issuer import AUDIENCE, CLIENT_SECRET, LocalIssuer
from tests.api.access.site import ACCESS, HIDDEN_TALKS, OPEN_TALKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WITHIN_MS = 20_000


def test_a_person_signs_in_asks_and_signs_out(browser: "Browser", issuer: LocalIssuer, tmp_path: Path) -> None:
    (tmp_path / "access.toml").write_text(ACCESS, "utf-8")
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = load_settings(
        home=tmp_path,
        reader="off",
        oidc_issuer=issuer.url,
        oidc_client_id=AUDIENCE,
        oidc_client_secret=CLIENT_SECRET,
        public_url=url,
    )
    with open_turnwise(settings) as turnwise:
        talks = (*OPEN_TALKS, HIDDEN_TALKS[0])
        turnwise.ingestion.add_documents([(f"{talk['id']}.json", json.dumps(talk).encode()) for talk in talks])
        server = uvicorn.Server(uvicorn.Config(build_app(turnwise), log_level="warning", proxy_headers=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        context = browser.new_context()
        try:
            page = context.new_page()
            page.set_default_timeout(WITHIN_MS)
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.goto(f"{url}/?q=Why+weigh+the+leftovers%3F")
            page.get_by_text("a quarter of every lunch was thrown away").first.wait_for()
            assert page.url.startswith(f"{url}/")
            cookie = next(c for c in context.cookies() if c["name"] == "turnwise")
            assert cookie["httpOnly"]
            assert cookie["sameSite"] == "Lax"
            assert page.evaluate("document.cookie") == ""
            assert "Board retreat" not in page.content()
            assert [text for text in complaints if "violates" in text] == []
            done = page.evaluate("fetch('/signout', {method: 'POST'}).then(r => r.status)")
            assert done == 200
            assert page.evaluate("fetch('/v1/speakers').then(r => r.status)") == 401
        finally:
            context.close()
            server.should_exit = True
            thread.join(20)
            listener.close()
