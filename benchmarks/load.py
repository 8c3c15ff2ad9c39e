r"""Many people ask at once: a locust file that checks every answer. Bounded, on loopback, over the project's corpus.

    turnwise add corpus --home /tmp/load && turnwise serve --home /tmp/load --workers 2 &
    locust --headless --locustfile benchmarks/load.py --host http://127.0.0.1:8000 --users 200 --spawn-rate 20 \
        --run-time 3m --only-summary

A 429 or a 503 with Retry-After is an honest answer, counted apart; the person waits and asks again. Whatever else is no
200 fails, and so does an answer of which one quote is not what the transcript holds. Ends with 1 if anything failed.
"""

import random
import threading
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from locust import FastHttpUser, between, events, task
from locust.env import Environment

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
HONEST = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
QUESTIONS = (
    "How many points make a shift on a run chart?",
    "What is a driver diagram for?",
    "Why did the pilot not spread?",
    "What happens at the safety huddle?",
    "What did patients change in the renal unit?",
    "Who decides when a test is over?",
    "What does the zoo charge for feeding penguins?",
)
turned_away: dict[int, int] = {}
checked = {"answers": 0, "quotes": 0}
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
    total = environment.stats.total
    print(f"turned away, to ask again later: {turned_away or 'none'}")
    print(f"checked {checked['quotes']} quotes of {checked['answers']} answers against the stored transcripts")
    p95 = environment.stats.get("answered", "POST").get_response_time_percentile(0.95)
    print(f"answered: p95 {p95:.0f} ms; failures of any kind: {total.num_failures}")


class Person(FastHttpUser):
    """Asks, reads for a moment, asks again."""

    wait_time = between(1, 5)
    network_timeout = connection_timeout = 120.0

    @task(8)
    def ask(self) -> None:
        """Ask a question and compare each quote with the transcript."""
        question = {"question": random.choice(QUESTIONS), "max_citations": random.randint(1, 12)}
        with self.client.post("/v1/ask", json=question, name="answered", catch_response=True) as response:
            if response.status_code in HONEST:
                self._told_to_wait(response)
            elif response.status_code != HTTPStatus.OK:
                response.failure(f"status {response.status_code}")
            elif (wrong := self._wrong(response.json())) is not None:
                response.failure(f"not what was said: {wrong}")

    @task(2)
    def search(self) -> None:
        """Search."""
        query = {"query": random.choice(QUESTIONS), "top_k": 5}
        with self.client.post("/v1/search", json=query, name="searched", catch_response=True) as response:
            if response.status_code in HONEST:
                self._told_to_wait(response)

    def _told_to_wait(self, response: Any) -> None:
        turned_away[response.status_code] = turned_away.get(response.status_code, 0) + 1
        if "Retry-After" in response.headers:
            # Of its own name, so that quick refusals don't make answers look quicker.
            response.request_meta["name"] = "turned away"
            response.success()
        else:
            response.failure("turned away without Retry-After")

    def _wrong(self, answer: dict[str, Any]) -> str | None:
        checked["answers"] += 1
        for citation in answer["citations"]:
            text = self._turn(citation["transcript_id"], citation["turn"])
            if text[citation["start"] : citation["end"]] != citation["quote"]:
                return str(citation["link"])
            checked["quotes"] += 1
        return None

    def _turn(self, transcript_id: str, turn: int) -> str:
        if transcript_id not in _turns:
            found = self.client.get(f"/v1/transcripts/{quote(transcript_id, safe='')}", name="read").json()
            with _reading:
                _turns[transcript_id] = [each["text"] for each in found["turns"]]
        return _turns[transcript_id][turn]
