"""Does embedding concurrent questions together pay? Compare a question a call, on 1 to 8 threads, with batches.

    python -m benchmarks.concurrent_embedding

Prints questions a second, and how long one question alone takes, side by side in one run.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from rag.embedding import open_embedder
from rag.settings import load_settings

SUBJECTS = ("the huddle", "a run chart", "the discharge lounge", "driver diagrams", "the pilot", "the night shift")
QUESTIONS = [
    f"What did people say about {subject}, {number} weeks later?" for number in range(16) for subject in SUBJECTS
]
ROUNDS = 3


def main() -> None:
    """Measure and print."""
    settings = load_settings()
    embedder = open_embedder(settings.model, backend=settings.embedding_backend)
    embedder.embed(QUESTIONS[:2], input_type="query")
    alone = []
    for question in QUESTIONS:
        started = time.perf_counter()
        embedder.embed([question], input_type="query")
        alone.append(time.perf_counter() - started)
    print(f"{embedder.backend}: one question alone takes {median(alone) * 1000:.1f} ms (median)")
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for threads in (1, 2, 4, 8):
            with ThreadPoolExecutor(threads) as pool:
                started = time.perf_counter()
                list(pool.map(lambda question: embedder.embed([question], input_type="query"), QUESTIONS))
                rates.setdefault(f"one a call, {threads} threads", []).append(_rate(started))
        for size in (2, 4, 8, 16):
            started = time.perf_counter()
            for first in range(0, len(QUESTIONS), size):
                embedder.embed(QUESTIONS[first : first + size], input_type="query")
            rates.setdefault(f"batches of {size}", []).append(_rate(started))
    base = median(rates["one a call, 1 threads"])
    for name, measured in rates.items():
        print(f"{name:<24} {median(measured):7.0f} questions/s   {median(measured) / base:.2f}x")


def _rate(started: float) -> float:
    return len(QUESTIONS) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
