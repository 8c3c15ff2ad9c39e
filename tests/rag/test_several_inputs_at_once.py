"""Documents that are computed several at once get the vectors of each alone, and questions don't wait in their line."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.embedding import OpenVinoEmbedder
from rag.embedding.openvino_streams import Streams

LENGTHS = (3, 40, 7, 120, 1, 90, 250, 12, 60)
TEXTS = [" ".join(f"ward{number} chart" for number in range(length)) for length in LENGTHS] * 3


@pytest.fixture(scope="module")
def embedder() -> OpenVinoEmbedder:
    return OpenVinoEmbedder()


def test_documents_and_questions_at_the_same_time_have_the_vectors_of_each_alone(embedder: OpenVinoEmbedder) -> None:
    parts = [[(0, 5), (0, len(text))] for text in TEXTS]
    alone = [embedder.embed_with_parts([text], [places]) for text, places in zip(TEXTS, parts, strict=True)]
    question = embedder.embed(["who kept the chart"], input_type="query")
    with ThreadPoolExecutor(4) as threads:
        together = [threads.submit(embedder.embed_with_parts, TEXTS, parts) for _ in range(2)]
        asked = [threads.submit(embedder.embed, ["who kept the chart"], input_type="query") for _ in range(8)]
        for whole, within in (done.result() for done in together):
            for row, its_parts, (one, (its_own,)) in zip(whole, within, alone, strict=True):
                assert row @ one[0] > 0.99999
                assert (its_parts * its_own).sum(axis=1).min() > 0.99999
        assert all(np.allclose(done.result(), question, atol=1e-5) for done in asked)


def test_who_stops_early_or_fails_leaves_the_streams_for_the_next(embedder: OpenVinoEmbedder) -> None:
    embedder.embed_with_parts(["to load the model"], [[]])
    streams = embedder._streams
    assert isinstance(streams, Streams)
    inputs = [(np.full((1, n), 100 + n, dtype=np.int64), np.ones((1, n), dtype=np.int64)) for n in range(1, 20)]
    in_order = [output.copy() for output in streams.outputs(inputs)]
    assert [output.shape[1] for output in in_order] == list(range(1, 20))
    stopped = streams.outputs(inputs)
    next(stopped)
    stopped.close()

    def lost() -> object:
        yield inputs[0]
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(streams.outputs(lost()))
    again = [output.copy() for output in streams.outputs(reversed(inputs))]
    assert all(np.allclose(one, other, atol=1e-5) for one, other in zip(reversed(again), in_order, strict=True))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_limit_of_threads_holds_for_documents_too(threads: int) -> None:
    embedder = OpenVinoEmbedder(threads=threads)
    compiled = embedder._compiled({"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": 4})
    assert compiled.get_property("INFERENCE_NUM_THREADS") == threads
    assert compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") <= threads
