"""Work that goes on after its request was answered, one piece after the other.

One thread does it all: the index takes one writer at a time anyhow. The list of jobs is kept in memory and ends with
the server; what a job did to the index does not, uploads and removals that wait are kept by `spool`, and removals are
done before the server stops if it has the time.
"""

import logging
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from api.job_files import FINISHED, JobFiles, KnownJob
from api.schemas.jobs import JobOut, JobResult
from rag.errors import NotFoundError, TurnwiseError

KEPT_JOBS = 1000
"""How many jobs can still be asked for; the oldest finished one goes first."""

Report = Callable[[int, int], None]
"""Tells how far a job is: sources done, sources known."""
Work = Callable[[Report], Sequence[JobResult]]

log = logging.getLogger("turnwise.jobs")


class Jobs:
    """Runs pieces of work in the order in which they came and remembers what became of them."""

    def __init__(self, *, kept: int = KEPT_JOBS, files: JobFiles | None = None) -> None:
        """Start with no jobs.

        Args:
            kept: How many are remembered.
            files: Where several workers tell each other of their jobs.
        """
        self._kept = kept
        self._files = files
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, KnownJob] = OrderedDict()
        self._promised: OrderedDict[str, Work] = OrderedDict()
        """What waits and is done even if the server is to stop."""
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="turnwise-job")

    def submit(
        self,
        work: Work,
        *,
        sources: Sequence[str],
        owner: str | None = None,
        job_id: str | None = None,
        promised: bool = False,
    ) -> JobOut:
        """Queue a piece of work over the sources named and return its job, of a new id unless one is given.

        Args:
            work: What to do.
            sources: What it is done to.
            owner: Whoever asked for it; nobody else but administrators sees the job.
            job_id: The job's id.
            promised: Do it even if the server is told to stop meanwhile: for what is quick.
        """
        job = JobOut(job=job_id or uuid.uuid4().hex, state="queued", done=0, total=len(sources), results=())
        with self._lock:
            self._jobs[job.job] = KnownJob(job=job, sources=tuple(sources), owner=owner)
            self._forget_oldest()
            self._tell(job.job)
            if promised:
                self._promised[job.job] = work
        self._worker.submit(self._run, job.job, work)
        return job

    def end_lost(self) -> None:
        """Note that jobs which an earlier worker in this place had will not be finished, but for those queued anew."""
        if self._files is not None:
            with self._lock:
                self._files.end_all_but(self._jobs)

    def get(self, job_id: str, *, caller: str, sees_all: bool = False) -> JobOut:
        """Return how far a job is.

        Args:
            job_id: The job's id.
            caller: Whoever asks; they must have asked for the job too.
            sees_all: They may see anybody's.

        Raises:
            NotFoundError: There is no such job of that caller's, or it was too long ago.
        """
        with self._lock:
            known = self._jobs.get(job_id)
        if known is None and self._files is not None:
            known = self._files.read(job_id)
        if known is None or not (sees_all or known.owner == caller):
            raise NotFoundError(f"No job {job_id!r} since this server was started.")
        return known.job

    def close(self) -> None:
        """Finish the job that runs and those that were promised, drop the others that wait, and stop.

        Uploads among these are in the spool still.
        """
        self._worker.shutdown(wait=True, cancel_futures=True)
        for job_id, work in tuple(self._promised.items()):
            self._run(job_id, work)

    def _run(self, job_id: str, work: Work) -> None:
        self._promised.pop(job_id, None)
        self._change(job_id, state="running")
        try:
            results = tuple(work(lambda done, total: self._change(job_id, done=done, total=total)))
        except TurnwiseError as error:
            self._break_off(job_id, str(error))
        except Exception:
            log.exception("job %s broke", job_id)
            self._break_off(job_id, "Something broke; the log has it under this job's id.")
        else:
            self._change(job_id, state="done", done=len(results), total=len(results), results=results)

    def _break_off(self, job_id: str, reason: str) -> None:
        with self._lock:
            if job_id in self._jobs:
                self._jobs[job_id] = self._jobs[job_id].broken_off(reason)
                self._tell(job_id)

    def _change(self, job_id: str, **fields: object) -> None:
        with self._lock:
            if job_id in self._jobs:
                self._jobs[job_id] = self._jobs[job_id].changed(**fields)
                self._tell(job_id)

    def _forget_oldest(self) -> None:
        finished = [job_id for job_id, known in self._jobs.items() if known.job.state in FINISHED]
        for job_id in finished[: max(0, len(self._jobs) - self._kept)]:
            del self._jobs[job_id]
            if self._files is not None:
                self._files.forget(job_id)

    def _tell(self, job_id: str) -> None:
        if self._files is not None:
            self._files.write(self._jobs[job_id])
