"""Many inputs through a graph at once: each core has one of its own, and none waits for another."""

from collections import deque
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

Inputs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Token ids and mask, shape (n, tokens)."""
STREAMS = 4
"""At most: on a larger machine several cores share one, so that a pass has enough inputs for all of them."""
PROPERTIES: dict[str, Any] = {"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": STREAMS}
"""Of a graph that is compiled for this; a machine of fewer cores has as many streams as cores."""


class Streams:
    """Runs a compiled graph over inputs, several at once.

    Args:
        compiled: The graph.
    """

    def __init__(self, compiled: Any) -> None:
        # One more than compute, so that a core has its next input while the output of the last is read.
        count = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") + 1
        self._requests = [compiled.create_infer_request() for _ in range(count)]
        self._running = Lock()

    def outputs(self, inputs: Iterable[Inputs]) -> Iterator[npt.NDArray[np.float32]]:
        """Yield the graph's output for each input, in order; each holds until the next is asked for."""
        with self._running:
            free = deque(self._requests)
            under_way: deque[tuple[Any, Inputs]] = deque()
            try:
                for given in inputs:
                    if not free:
                        yield _output(under_way[0][0])
                        free.append(under_way.popleft()[0])
                    under_way.append((free.popleft(), given))
                    under_way[-1][0].start_async(list(given), share_inputs=True)
                while under_way:
                    yield _output(under_way[0][0])
                    under_way.popleft()
            finally:
                for request, _ in under_way:
                    request.wait()


def _output(request: Any) -> npt.NDArray[np.float32]:
    request.wait()
    output: npt.NDArray[np.float32] = request.get_output_tensor(0).data
    return output
