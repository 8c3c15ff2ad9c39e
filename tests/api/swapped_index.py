"""Ask a server without pause while its index is swapped under it, and check every answer."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

ASKERS = 3
WITHIN_S = 60
SPEAKERS = ("Ines Calloway", "Tobias Renn")


@dataclass
class Seen:
    """What came of asking."""

    answered: int = 0
    compared: int = 0
    """Quotes of the transcript that is swapped."""
    failed: list[str] = field(default_factory=list)
    torn: list[Any] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)


def conversation(number: int) -> dict[str, Any]:
    """Return a transcript whose every turn says which edition it is of."""
    turns = [
        {"speaker": SPEAKERS[n % 2], "text": f"Edition {number}: the lighthouse rota has step {n} after the ferry."}
        for n in range(6)
    ]
    return {"id": "swapped", "title": "Lighthouse rota", "date": "2024-03-02", "turns": turns}


def swap_while_asked(url: str, *, swaps: int) -> Seen:
    """Replace a transcript again and again while others ask about it."""
    seen, stop, lock = Seen(), threading.Event(), threading.Lock()
    put(url, 0)

    def ask() -> None:
        with httpx.Client(base_url=url, timeout=WITHIN_S) as client:
            while not stop.is_set():
                try:
                    response = client.post("/v1/ask", json={"question": "What does the lighthouse rota have?"})
                except httpx.TransportError as error:
                    seen.failed.append(repr(error))
                    continue
                with lock:
                    look_at(response, seen)

    threads = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for thread in threads:
        thread.start()
    for number in range(1, swaps + 1):
        put(url, number)
        wait_for_answers(seen)
    stop.set()
    for thread in threads:
        thread.join()
    return seen


def wait_for_answers(seen: Seen) -> None:
    """Wait for one answer more than there are askers: it was both asked and given after the last swap."""
    until, deadline = len(seen.failed) + seen.answered + ASKERS + 1, time.monotonic() + WITHIN_S
    while len(seen.failed) + seen.answered < until:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def put(url: str, number: int) -> None:
    """Store an edition and wait until it is searched in."""
    with httpx.Client(base_url=url, timeout=WITHIN_S) as client:
        accepted = client.post("/v1/transcripts", json=conversation(number))
        assert accepted.status_code == 202, accepted.text
        deadline = time.monotonic() + WITHIN_S
        while (job := client.get(f"/v1/jobs/{accepted.json()['job']}").json())["state"] != "done":
            assert job["state"] != "failed", job
            assert time.monotonic() < deadline
            time.sleep(0.02)


def look_at(response: httpx.Response, seen: Seen) -> None:
    """Check that an answer is whole: every quote is what its turn said in one and the same edition."""
    if response.status_code != 200:
        seen.failed.append(f"{response.status_code} {response.text[:500]}")
        return
    answer = response.json()
    seen.answered += 1
    seen.versions.add(answer["index_version"])
    editions = set()
    for citation in answer["citations"]:
        if citation["transcript_id"] == "swapped":
            said = citation["quote"].split(":")[0].removeprefix("Edition ")
            editions.add(said)
            seen.compared += 1
            text = f"Edition {said}: the lighthouse rota has step {citation['turn']} after the ferry."
            if text[citation["start"] : citation["end"]] != citation["quote"]:
                seen.torn.append(citation)
    if len(editions) > 1:
        seen.torn.append(sorted(editions))
