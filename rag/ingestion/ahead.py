"""Reading ahead: some threads read while what was read before is embedded and stored.

Threads and not processes: reading takes some 10 ms a file, embedding a hundred times that, and fetching waits. The
embedder leaves the interpreter to the readers while it computes.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue

from rag.ingestion.reading import Reading
from rag.sources import Source

WORKERS = 4
AHEAD = 16
"""Sources that may be read and not yet taken: bounds the memory."""

_Task = tuple[Source, "Future[Reading]"]


def read_ahead(sources: Iterable[Source], read: Callable[[Source], Reading]) -> Iterator[Reading]:
    """Yield what reading each source gave, in order; a feed is followed by its episodes, each location read once.

    Args:
        sources: What to read.
        read: Reads one; called from several threads.

    Raises:
        Exception: Whatever `read` raises, when its turn comes.
    """
    waiting = deque(sources)
    taken: set[str] = set()
    under_way: deque[Future[Reading]] = deque()
    tasks: SimpleQueue[_Task | None] = SimpleQueue()
    # Daemons: a thread that waits for a slow server must not hold up whoever presses Ctrl-C.
    for number in range(WORKERS):
        threading.Thread(target=_work, args=(tasks, read), name=f"turnwise-read-{number}", daemon=True).start()
    try:
        while waiting or under_way:
            while waiting and len(under_way) < AHEAD:
                source = waiting.popleft()
                if source.location in taken:
                    continue
                if source.location:
                    taken.add(source.location)
                under_way.append(Future())
                tasks.put((source, under_way[-1]))
            if under_way:
                reading = under_way.popleft().result()
                waiting.extendleft(reversed(reading.episodes or ()))
                yield reading
    finally:
        for future in under_way:
            future.cancel()
        for _ in range(WORKERS):
            tasks.put(None)


def _work(tasks: "SimpleQueue[_Task | None]", read: Callable[[Source], Reading]) -> None:
    while (task := tasks.get()) is not None:
        source, future = task
        if not future.set_running_or_notify_cancel():
            continue
        try:
            reading = read(source)
        except BaseException as error:  # noqa: BLE001 - raised again where the result is taken
            future.set_exception(error)
        else:
            future.set_result(reading)
