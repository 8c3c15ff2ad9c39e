"""Whether the time that an answer takes tells if a hidden collection holds what was asked for.

A list of topics is parted at random: of one half the hidden collection speaks, of the other nobody does. Whoever may
not read it asks for both in turn. If times told the halves apart, one would take longer than the other more often than
not, and the area under the ROC curve would be far from a half: it is the share of pairs in which the hidden one took
longer (Mann and Whitney 1947).
"""

import random
import time
from pathlib import Path

from tests.api.access.site import OPEN_TALKS, bearer, opened_site

ADJECTIVES = (
    "amber broad calm distant early faint gentle hollow inner joint keen local minor narrow outer plain quiet rapid "
    "silver tender urban violet wooden yellow ancient blunt crisp dusty"
).split()
NOUNS = "anchor basket candle drawer engine fabric garden hammer island jacket kettle ladder marble needle oven".split()
"""Times the adjectives: 420 topics."""


def auc(first: list[float], second: list[float]) -> float:
    pairs = [(a > b) + 0.5 * (a == b) for a in first for b in second]
    return sum(pairs) / len(pairs)


def measured(home: Path, *, pairs: int, rounds: int, seed: int) -> dict[str, float]:
    """Return the area under the curve by what was asked for: a question, a search, a quote, a transcript."""
    shuffled = random.Random(seed)
    topics = [f"{adjective} {noun}" for adjective in ADJECTIVES for noun in NOUNS]
    shuffled.shuffle(topics)
    hidden, absent = topics[:pairs], topics[pairs : 2 * pairs]
    talks = [
        {
            "id": f"board-{topic.replace(' ', '-')}",
            "title": f"On the {topic}",
            "date": "2024-05-01",
            "collection": "board",
            "turns": [
                {"speaker": "Ann Reed", "text": f"What was decided about the {topic} in the spring?"},
                {"speaker": "Victor Stonebridge", "text": f"We decided that the {topic} will be sold before summer."},
            ],
        }
        for topic in hidden
    ]
    requests = {
        "ask": lambda topic: ("POST", "/v1/ask", {"question": f"What was decided about the {topic}?"}),
        "search": lambda topic: ("POST", "/v1/search", {"query": f"the {topic} in spring", "mode": "lexical"}),
        "quote": lambda topic: ("POST", "/v1/quote", {"quote": f"the {topic} will be sold before summer"}),
        "transcript": lambda topic: ("GET", f"/v1/transcripts/board-{topic.replace(' ', '-')}", None),
    }
    found = {}
    with opened_site(home, (*OPEN_TALKS, *talks), reader="auto") as site:
        headers = bearer(site.key(collections=frozenset({"default", "ward"})))
        for name, request in requests.items():
            best: dict[str, float] = {}
            for _ in range(rounds):
                order = [*hidden, *absent]
                shuffled.shuffle(order)
                for topic in order:
                    method, url, document = request(topic)
                    started = time.perf_counter()
                    response = site.client.request(method, url, json=document, headers=headers)
                    taken = time.perf_counter() - started
                    assert "Stonebridge" not in response.text
                    best[topic] = min(best.get(topic, taken), taken)
            found[name] = auc([best[topic] for topic in hidden], [best[topic] for topic in absent])
    return found
