"""An `add` of some hundred files whose workers are killed, one by one and with their machine, makes the same index."""

import os
import signal
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from rag.assembly import ingestion_on_workers, open_turnwise
from rag.embedding import OpenVinoEmbedder
from rag.embedding.measurement import SAMPLE
from rag.embedding.ray_worker import Batch, machine_of
from rag.embedding.worker_pool import HEAD_LOST_S, TRIES, worker_pool
from rag.errors import WorkersError
from rag.ingestion import IngestEvent
from rag.settings import Settings
from tests.rag.add_in_a_child import EXACT_BACKEND
from tests.rag.killed_adds import state_of, vectors_of, write_transcripts
from tests.rag.local_ray import LocalRay

FILES = 400


class EndsWhoeverReadsIt:
    """Stands for a text over which a worker runs out of memory."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalRay]:
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed (extra: ray)")
    cluster = LocalRay()
    with pytest.MonkeyPatch.context() as patch:  # before Ray is imported, which reads it then
        for name, value in cluster.environment.items():
            patch.setenv(name, value)
        try:
            cluster.start(2)
            yield cluster
        finally:
            cluster.kill_all()


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_text_that_takes_its_workers_down_is_given_up_with_a_reason(cluster: LocalRay) -> None:
    local = OpenVinoEmbedder()
    poison = Batch(texts=(cast("str", EndsWhoeverReadsIt()),), parts=((),))
    with (
        pytest.raises(WorkersError, match=f"{TRIES} workers in a row were lost over the same texts"),
        worker_pool(cluster.inside, model=local.name, backend="openvino", here=machine_of(local)) as pool,
    ):
        pool.embed([poison])


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_killed_workers_and_a_killed_machine_change_nothing_in_the_index(cluster: LocalRay, tmp_path: Path) -> None:
    files = tmp_path / "files"
    write_transcripts(files, FILES)
    done: list[str] = []
    lost: list[str] = []
    joined: list[int] = []

    def disturb(event: IngestEvent) -> None:
        if event.result is None:
            return
        done.append(event.result.outcome)
        if len(done) == FILES // 6:
            (victim,) = cluster.workers(0)
            os.kill(victim, signal.SIGKILL)
            lost.append("a worker")
        elif len(done) == FILES // 3:
            cluster.start_another()
        elif len(done) == FILES // 2:
            cluster.kill(1)
            lost.append("a machine")
        elif len(done) == FILES:
            joined.extend(cluster.workers(2))

    with open_turnwise(Settings(home=tmp_path / "theirs", embedding_backend=EXACT_BACKEND)) as theirs:
        with ingestion_on_workers(theirs, cluster.inside) as ingestion:
            ingestion.add([str(files)], on_event=disturb)
        assert done == ["added"] * FILES
        assert lost == ["a worker", "a machine"]
        assert len(joined) == 1, "no worker was started on the machine that joined"
        with open_turnwise(Settings(home=tmp_path / "ours", embedding_backend=EXACT_BACKEND)) as ours:
            ours.ingestion.add([str(files)])
            without = {"attachments": None}  # packed to a byte a number, where some differ by one
            assert state_of(theirs.engine) | without == state_of(ours.engine) | without
            assert np.allclose(vectors_of(theirs.engine), vectors_of(ours.engine), atol=1e-5)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_loss_of_the_head_is_told_before_ray_ends_this_process(cluster: LocalRay) -> None:
    local = OpenVinoEmbedder()
    batch = Batch(texts=tuple(SAMPLE), parts=tuple(() for _ in SAMPLE))
    with worker_pool(cluster.inside, model=local.name, backend="openvino", here=machine_of(local)) as pool:
        pool.embed([batch])
        cluster.kill_all()
        began = time.monotonic()
        with pytest.raises(WorkersError, match=r"does not answer.*add again for the rest"):
            pool.embed([batch] * 100)
        assert HEAD_LOST_S < time.monotonic() - began < 50  # Ray waits for 60 s
