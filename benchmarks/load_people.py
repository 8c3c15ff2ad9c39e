"""Two hundred people who ask at once: a locust file that checks every answer. `benchmarks.load` runs it.

A 429 or a 503 with Retry-After is an honest answer, counted apart; the person waits and asks again. Whatever else is no
200 fails, and so does an answer of which one quote is not what the transcript holds. Where a worker is to be killed
(TURNWISE_LOAD_KILLS), a connection that is cut is noted with its time instead. Ends with 1 if anything failed.
"""

import json
import os
import random
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from locust import FastHttpUser, between, events, task
from locust.env import Environment

from benchmarks.load_editions import TRANSCRIPTS, edition_in, is_edition, text_of

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
HONEST = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
KILLS = "TURNWISE_LOAD_KILLS" in os.environ
REPORT = os.environ.get("TURNWISE_LOAD_REPORT")
"""Where the driver reads what locust's table does not show."""
QUESTIONS = (
    "How many points make a shift on a run chart?",
    "What is a driver diagram for?",
    "Why did the pilot not spread?",
    "What happens at the safety huddle?",
    "What did patients change in the renal unit?",
    "Who decides when a test is over?",
    "What does the zoo charge for feeding penguins?",
    "What does the lighthouse rota have after the ferry?",
    f"What does lighthouse rota {TRANSCRIPTS - 1} have?",
)
turned_away: dict[int, int] = {}
checked = {"answers": 0, "quotes": 0, "of editions": 0}
cut_off: list[float] = []
"""When connections were cut, in seconds since 1970."""
_turns: dict[str, list[str]] = {}
_reading = threading.Lock()


@events.test_start.add_listener
def refuse_other_hosts(environment: Environment, **_more: Any) -> None:
    """Load nobody else's machine."""
    if urlsplit(environment.host or "").hostname not in LOOPBACK:
        raise SystemExit("--host has to be this machine: http://127.0.0.1:PORT")


@events.quitting.add_listener
def say(environment: Environment, **_more: Any) -> None:
    """Print what locust's table does not show."""
    answered = environment.stats.get("answered", "POST")
    report = {
        "turned_away": turned_away,
        "checked": checked,
        "cut_off": cut_off,
        "failures": environment.stats.total.num_failures,
        "reasons": [f"{each.name}: {each.error}" for each in environment.stats.errors.values()],
        "p50_ms": answered.get_response_time_percentile(0.5),
        "p95_ms": answered.get_response_time_percentile(0.95),
    }
    print(json.dumps(report, indent=1))
    if REPORT:
        Path(REPORT).write_text(json.dumps(report), "utf-8")


class Person(FastHttpUser):
    """Asks, reads for a moment, asks again."""

    wait_time = between(1, 5)
    network_timeout = connection_timeout = 120.0

    @task(8)
    def ask(self) -> None:
        """Ask a question and compare each quote with the transcript."""
        question = {"question": random.choice(QUESTIONS), "max_citations": random.randint(1, 12)}
        with self.client.post("/v1/ask", json=question, name="answered", catch_response=True) as response:
            if self._is_answer(response) and (wrong := self._wrong(response.json())) is not None:
                response.failure(f"not what was said: {wrong}")

    @task(2)
    def search(self) -> None:
        """Search."""
        query = {"query": random.choice(QUESTIONS), "top_k": 5}
        with self.client.post("/v1/search", json=query, name="searched", catch_response=True) as response:
            self._is_answer(response)

    def _is_answer(self, response: Any) -> bool:
        """Note what became of a request."""
        if response.status_code == 0 and KILLS:
            cut_off.append(time.time())
            response.request_meta["name"] = "cut off"
            response.success()
        elif response.status_code in HONEST and "Retry-After" in response.headers:
            turned_away[response.status_code] = turned_away.get(response.status_code, 0) + 1
            # Of its own name, so that quick refusals don't make answers look quicker.
            response.request_meta["name"] = "turned away"
            response.success()
        elif response.status_code != HTTPStatus.OK:
            response.failure(f"status {response.status_code}")
        return bool(response.status_code == HTTPStatus.OK)

    def _wrong(self, answer: dict[str, Any]) -> str | None:
        checked["answers"] += 1
        editions: dict[str, set[int]] = {}
        for citation in answer["citations"]:
            name, turn, words = citation["transcript_id"], citation["turn"], citation["quote"]
            if is_edition(name):
                edition = edition_in(words)
                editions.setdefault(name, set()).add(edition)
                text = text_of(name, edition, turn)
                checked["of editions"] += 1
            elif (text := self._turn(name, turn)) == "":
                continue
            if text[citation["start"] : citation["end"]] != words or any(len(each) > 1 for each in editions.values()):
                return str(citation["link"])
            checked["quotes"] += 1
        return None

    def _turn(self, transcript_id: str, turn: int) -> str:
        """Return what a stored turn holds; nothing if the server was killed over it."""
        if transcript_id not in _turns:
            path = f"/v1/transcripts/{quote(transcript_id, safe='')}"
            with self.client.get(path, name="read", catch_response=True) as response:
                if not self._is_answer(response):
                    return ""
                found = response.json()
            with _reading:
                _turns[transcript_id] = [each["text"] for each in found["turns"]]
        return _turns[transcript_id][turn]
