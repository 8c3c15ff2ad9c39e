"""Vectors made by the workers of a Ray cluster are this machine's, and none is lost with a worker or with them all.

The cluster is real: two nodes on this machine, started by `ray start`.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from rag.assembly import ingestion_on_workers, open_turnwise
from rag.embedding import OpenVinoEmbedder
from rag.embedding.distributed import TEXTS_A_BATCH, TEXTS_A_WORKER, DistributedEmbedder, distributed
from rag.embedding.measurement import SAMPLE
from rag.embedding.ray_cluster import check_address
from rag.embedding.ray_worker import Machine, machine_of, model_sha256
from rag.embedding.worker_pool import worker_pool
from rag.errors import InputError, WorkersError
from rag.ingestion import IngestEvent
from rag.settings import Settings
from tests.rag.killed_adds import check_acknowledged, state_of, vectors_of, write_transcripts
from tests.rag.local_ray import LocalRay

PROJECT = Path(__file__).resolve().parents[2]
SAME = 0.99999
"""Least cosine between a vector made there and the one made here."""
NODES = 2
COMES_BACK_WITHIN_S = 60
IMPATIENT = {"RAY_CLIENT_RECONNECT_GRACE_PERIOD": "2", "RAY_CLIENT_INITIAL_CONNECTION_TIMEOUT_S": "1"}
"""A client that has lost its head tries for 30 s where no test waits for it."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalRay]:
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed (extra: ray)")
    if not Path("/proc/self/stat").exists():
        pytest.skip("finds Ray's processes in /proc, which is not here")
    cluster = LocalRay()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (cluster.environment | IMPATIENT).items():
            patch.setenv(name, value)
        try:
            cluster.start(NODES)
            yield cluster
        finally:
            cluster.kill_all()


@pytest.fixture(scope="module")
def local() -> OpenVinoEmbedder:
    return OpenVinoEmbedder()


@pytest.fixture(scope="module")
def here(local: OpenVinoEmbedder) -> Machine:
    return machine_of(local)


def check_the_same(
    local: OpenVinoEmbedder, embedder: DistributedEmbedder, count: int, *, victim: int | None = None
) -> None:
    texts = [f"Number {n}. " + SAMPLE[n % len(SAMPLE)][: 40 + 7 * n % 600] for n in range(count)]
    parts = [[(0, len(text) // 2), (len(text) // 2, len(text))][: n % 3] for n, text in enumerate(texts)]
    ours, our_parts = local.embed_with_parts(texts, parts)
    if victim is not None:
        threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
    theirs, their_parts = embedder.embed_with_parts(texts, parts)
    assert theirs.dtype == np.float32
    assert theirs.flags.writeable
    assert (ours * theirs).sum(axis=1).min() > SAME
    assert [rows.shape for rows in their_parts] == [rows.shape for rows in our_parts]
    assert np.allclose(np.concatenate(our_parts), np.concatenate(their_parts), atol=1e-4)


def test_vectors_are_this_machines_in_order_and_a_killed_worker_takes_none_with_it(
    cluster: LocalRay, local: OpenVinoEmbedder, here: Machine
) -> None:
    with worker_pool(cluster.inside, model=local.name, backend="openvino", here=here) as pool:
        embedder = DistributedEmbedder(local, pool)
        assert embedder.embed_with_parts([], [])[0].shape == (0, 384)
        check_the_same(local, embedder, 3 * TEXTS_A_BATCH + 5)
        victim = pool.machines[0].process
        check_the_same(local, embedder, 16 * TEXTS_A_BATCH, victim=victim)
        assert pool.losses == 1
        deadline = time.monotonic() + COMES_BACK_WITHIN_S
        while len(pool.machines) < NODES:
            assert time.monotonic() < deadline, "no worker took the place of the one that was killed"
            embedder.embed_with_parts(["Who comes back?"], [[]])
        assert victim not in {machine.process for machine in pool.machines}


def test_workers_that_are_not_as_this_machine_is_make_no_vector(
    cluster: LocalRay, local: OpenVinoEmbedder, here: Machine
) -> None:
    newer = replace(here, turnwise="9.9")
    with (
        pytest.raises(WorkersError, match=r"Turnwise is .* there and 9\.9 here.*Install the same"),
        worker_pool(cluster.inside, model=local.name, backend="openvino", here=newer),
    ):
        pytest.fail("the pool opened")


def test_an_add_with_workers_makes_the_index_that_an_add_alone_makes(cluster: LocalRay, tmp_path: Path) -> None:
    files, exact = tmp_path / "files", "openvino"
    write_transcripts(files, 12)
    environment = cluster.environment | {"TURNWISE_EMBEDDING_BACKEND": exact}
    done = add(files, tmp_path / "theirs", workers=cluster.inside, environment=environment)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["results"]) == 12
    with open_turnwise(Settings(home=tmp_path / "ours", embedding_backend=exact)) as ours:
        ours.ingestion.add([str(files)])
        with open_turnwise(Settings(home=tmp_path / "theirs"), read_only=True) as theirs:
            without = {"attachments": None}  # packed to a byte a number, where some differ by one
            assert state_of(theirs.engine) | without == state_of(ours.engine) | without
            assert np.allclose(vectors_of(theirs.engine), vectors_of(ours.engine), atol=1e-5)


@pytest.mark.soak  # on a busy machine Ray's client server can't always be started a second time
def test_a_cluster_lost_for_good_leaves_what_was_added_and_the_next_add_does_the_rest(
    cluster: LocalRay, tmp_path: Path
) -> None:
    files, told = tmp_path / "files", []
    count = NODES * TEXTS_A_WORKER + 30
    write_transcripts(files, count, turns=1)

    def kill_the_cluster(event: IngestEvent) -> None:
        if event.result is not None and event.result.transcript_id is not None:
            if not told:
                cluster.kill_all()
            told.append(event.result.transcript_id)

    with open_turnwise(Settings(home=tmp_path / "home")) as turnwise:
        with (
            pytest.raises(WorkersError, match="add again for the rest"),
            ingestion_on_workers(turnwise, cluster.outside) as ingestion,
        ):
            ingestion.add([str(files)], on_event=kill_the_cluster)
        assert NODES * TEXTS_A_WORKER <= len(told) < count
        check_acknowledged(turnwise.engine, told[::20])
        assert len(list(turnwise.engine.documents())) == len(told)
        outcomes = [result.outcome for result in turnwise.ingestion.add([str(files)])]
        assert (outcomes.count("unchanged"), outcomes.count("added")) == (len(told), count - len(told))


def test_where_nothing_answers_an_add_says_so_at_once_and_stores_nothing(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed (extra: ray)")
    done = add(PROJECT / "corpus", tmp_path, workers="ray://127.0.0.1:1", environment={})
    assert done.returncode == 3
    assert "Nothing answers at ray://127.0.0.1:1" in done.stderr
    assert json.loads(done.stdout)["type"] == "urn:turnwise:problem:workers"
    with open_turnwise(Settings(home=tmp_path), read_only=True) as turnwise:
        assert list(turnwise.engine.documents()) == []


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, local: OpenVinoEmbedder) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(WorkersError, match=r"pip install 'turnwise\[ray\]'"), distributed(local, "127.0.0.1:6379"):
        pytest.fail("it connected")


@pytest.mark.parametrize("address", ["auto", "ray://ray-head.example:10001", "10.0.0.7:6379", "ray://[::1]:10001"])
def test_addresses_of_the_known_forms_are_taken(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "local", "ray-head", "ray://", "ray://head", ":6379", "head:0", "head:x", "http://h:1", "me@h:1", "h:1/x"],
)
def test_other_addresses_are_refused_with_those_that_are_known(address: str) -> None:
    with pytest.raises(InputError, match="ray://HOST:10001"):
        check_address(address)


def test_machines_differ_in_what_would_make_other_vectors(here: Machine) -> None:
    elsewhere = replace(here, host="other", process=1)
    assert here.differences(elsewhere) == []
    assert here.differences(replace(elsewhere, python="3.9")) == [f"Python is 3.9 there and {here.python} here"]
    (model,) = here.differences(replace(elsewhere, model_sha256=""))
    assert model.startswith("the model's files (sha256) is unknown there and ")
    (vectors,) = here.differences(replace(elsewhere, probe=here.probe[::-1].copy()))
    assert "another vector" in vectors


def test_a_models_checksum_tells_any_change_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "config.json").write_text("{}", "utf-8")
    (tmp_path / "1_Pooling" / "config.json").write_text("{}", "utf-8")
    before = model_sha256(tmp_path)
    (tmp_path / ".cache").write_text("what a download leaves", "utf-8")
    assert model_sha256(tmp_path) == before
    (tmp_path / "1_Pooling" / "config.json").write_text("{ }", "utf-8")
    assert model_sha256(tmp_path) != before
    assert model_sha256(tmp_path / "absent") == ""


def add(source: Path, home: Path, *, workers: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "api.cli", "add", str(source), "--home", str(home), "--json", "--workers", workers]
    kept = {name: v for name, v in os.environ.items() if not name.startswith("TURNWISE_") and name not in IMPATIENT}
    return subprocess.run(
        command, cwd=PROJECT, env=kept | environment, capture_output=True, text=True, timeout=240, check=False
    )
