"""Handing batches of texts to Ray workers, so that none is lost with a worker and few are on their way at a time.

Ray restarts a worker that died, on whatever machine has room. Its batches are not left to Ray's own retries: where no
machine has room they would wait for ever, though other workers are free. Here they go to the next free worker.
"""

import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rag.embedding.choice import Backend
from rag.embedding.ray_cluster import Cluster, connected, first_line, ray_errors
from rag.embedding.ray_worker import Batch, Embedded, Machine, RayWorker
from rag.errors import WorkersError

UNDER_WAY = 2
"""Batches that a worker has at a time: one that it works on, one so that it need not wait for the next."""
TRIES = 5
"""How often a batch is handed out: one that takes its workers down with it each time is at fault itself."""
START_S = 180.0
"""How long the first worker may take to start and load its model."""
LOST_S = 45.0
"""How long all workers may be away."""
HEAD_LOST_S = 20.0
"""How long the head may be away. Below a minute: then Ray ends the process that has lost it, before it can say so."""
LOOK_EVERY_S = 5.0
"""How often the head is looked for."""
STUCK_S = 600.0
"""How long a batch may take on a worker that Ray believes to be alive; usual is under a second."""
_MEND = "What was reported as added is kept; add again for the rest."


@dataclass(slots=True, eq=False)
class _Member:
    """A worker, which Ray may start anew elsewhere."""

    actor: Any
    machine: Machine | None = None
    """None as long as it is not (again) there and checked."""
    batches: int = 0
    """That it has."""


@dataclass(slots=True, kw_only=True)
class WorkerPool:
    """The workers of a cluster, one for each of its processor cores.

    Args:
        cluster: What this process is connected to.
        model: As `open_embedder` takes it.
        backend: What runs it.
        here: This machine; a worker that differs is an error, before it makes a vector.
    """

    cluster: Cluster
    model: str
    backend: Backend
    here: Machine
    losses: int = 0
    """How often a worker was lost while it had a batch."""
    _members: list[_Member] = field(default_factory=list)
    _arriving: dict[Any, _Member] = field(default_factory=dict)
    """By Ray's reference to what it will tell of itself."""
    _working: dict[Any, tuple[_Member, int]] = field(default_factory=dict)
    """By Ray's reference to the vectors: who makes them, and the place of the batch."""
    _seen_one: bool = False
    _heard: float = field(default_factory=time.monotonic)
    """When the head last answered."""

    @property
    def ray(self) -> Any:
        """Return the library, connected."""
        return self.cluster.ray

    @property
    def size(self) -> int:
        """Count the workers, those that are still starting too."""
        return len(self._members)

    @property
    def machines(self) -> list[Machine]:
        """Return where the workers are that are ready."""
        return [member.machine for member in self._members if member.machine is not None]

    def start(self) -> None:
        """Start a worker on each core, and wait for the first.

        Raises:
            WorkersError: None comes, or one differs from this machine.
        """
        with self._errors():
            self._grow()
            while not self.machines:
                self._take(self._next(), {})

    def embed(self, batches: Sequence[Batch]) -> list[Embedded]:
        """Return the vectors of batches, in their order.

        Raises:
            WorkersError: All workers are gone, one differs from this machine, or one can't embed a batch.
        """
        waiting = deque(range(len(batches)))
        done: dict[int, Embedded] = {}
        tries: Counter[int] = Counter()
        self._heard = time.monotonic()
        with self._errors():
            self._grow()
            while len(done) < len(batches):
                self._hand_out(waiting, batches)
                failed = self._take(self._next(), done)
                if failed is not None:
                    place, reason = failed
                    tries[place] += 1
                    if tries[place] >= TRIES:
                        raise WorkersError(f"{TRIES} workers in a row were lost over the same texts: {reason}.")
                    waiting.appendleft(place)
        return [done[place] for place in range(len(batches))]

    def _grow(self) -> None:
        """Start workers on the cores that the cluster has got since."""
        if not self.cluster.answers():
            return  # Ray would wait for its head here; how long that may take is for `_look` to say
        cores = int(self.ray.cluster_resources().get("CPU", 0))
        if not cores and not self._members:
            raise WorkersError("The Ray cluster has no processor cores to give (`ray status` shows what it has).")
        make = self.ray.remote(num_cpus=1, max_restarts=-1)(RayWorker)
        while len(self._members) < cores:
            self._members.append(_Member(make.remote(self.model, self.backend)))
            self._await(self._members[-1])

    def _await(self, member: _Member) -> None:
        """Have a worker tell of itself, whenever it is there."""
        member.machine = None
        self._arriving[member.actor.describe.options(max_task_retries=-1).remote()] = member

    def _hand_out(self, waiting: deque[int], batches: Sequence[Batch]) -> None:
        for load in range(UNDER_WAY):  # each gets one before any gets two
            for member in self._members:
                if waiting and member.machine is not None and member.batches == load:
                    place = waiting.popleft()
                    member.batches += 1
                    self._working[member.actor.embed.options(max_task_retries=0).remote(batches[place])] = member, place

    def _next(self) -> Any:
        """Wait for one of Ray's references."""
        patience = STUCK_S if self._working else LOST_S if self._seen_one else START_S
        until = time.monotonic() + patience
        while time.monotonic() < until:
            self._look()
            ready, _ = self.ray.wait([*self._working, *self._arriving], num_returns=1, timeout=LOOK_EVERY_S)
            if ready:
                return ready[0]
        raise WorkersError(f"No worker of the Ray cluster answered for {patience:.0f} s: it is lost, or full. {_MEND}")

    def _look(self) -> None:
        """Look whether the head is still there, if that was some time ago.

        Raises:
            WorkersError: It has not been for a while.
        """
        now = time.monotonic()
        if now - self._heard > LOOK_EVERY_S:
            if self.cluster.answers():
                self._heard = now
            elif now - self._heard > HEAD_LOST_S:
                raise WorkersError(f"The Ray cluster was lost: {self.cluster.host} does not answer. {_MEND}")

    def _take(self, reference: Any, done: dict[int, Embedded]) -> tuple[int, str] | None:
        """Take what a reference stands for; return the place of the batch and the reason if its worker was lost."""
        errors = self.ray.exceptions
        if reference in self._arriving:
            self._welcome(self._arriving.pop(reference), reference)
            return None
        member, place = self._working.pop(reference)
        member.batches -= 1
        try:
            done[place] = self.ray.get(reference)
        except errors.RayTaskError as error:
            raise WorkersError(f"A worker can't embed: {_cause(error)}.") from error
        except errors.RayError as error:  # the process or the machine died, or its result with it
            if member.machine is not None:
                self.losses += 1
                self._await(member)
            return place, first_line(error)
        return None

    def _welcome(self, member: _Member, reference: Any) -> None:
        """Let a worker that has started work, if it is fit.

        Raises:
            WorkersError: It is not.
        """
        errors = self.ray.exceptions
        try:
            machine: Machine = self.ray.get(reference)
        except (errors.RayTaskError, errors.RayActorError) as error:
            raise WorkersError(
                f"A worker can't start: {_cause(error)}. Every machine of the cluster needs the same Turnwise, and a "
                "model that is not the packaged one in the same folder."
            ) from error
        if found := self.here.differences(machine):
            raise WorkersError(
                f"The worker on {machine.host} is not as this machine is: {'; '.join(found)}. Install the same there: "
                "vectors that differ must not be in one index."
            )
        member.machine = machine
        self._seen_one = True

    @contextmanager
    def _errors(self) -> Iterator[None]:
        with ray_errors(self.ray, "The Ray cluster was lost", _MEND):
            yield


@contextmanager
def worker_pool(address: str, *, model: str, backend: Backend, here: Machine) -> Iterator[WorkerPool]:
    """Connect to a cluster and yield its workers; they end with the block.

    Raises:
        InputError: The address has none of the known forms.
        WorkersError: The cluster or its workers can't be used.
    """
    with connected(address) as cluster:
        pool = WorkerPool(cluster=cluster, model=model, backend=backend, here=here)
        pool.start()
        yield pool


def _cause(error: Any) -> str:
    """Return what went wrong over there: the error itself, or the last line of the traceback that tells of it."""
    cause = getattr(error, "cause", None)
    return first_line(cause) if isinstance(cause, Exception) else str(error).strip().splitlines()[-1].strip(" .")
