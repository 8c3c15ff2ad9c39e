"""What jobs are like, in files: so that whichever worker is asked knows the jobs of all."""

import json
import logging
import re
import shutil
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from api.schemas.jobs import JobOut, JobResult

FOLDER = "jobs"
"""In the data folder; made anew at every start of the server."""
_ID = re.compile(r"[0-9a-f]{32}")
FINISHED = ("done", "failed")
ENDED = "The worker that was at it ended before it was done. Send it again."

log = logging.getLogger("turnwise.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownJob:
    """A job, and what is not told of it."""

    job: JobOut
    sources: tuple[str, ...]
    """What it is done to."""
    owner: str | None = None
    """Whoever asked for it."""

    def changed(self, **fields: object) -> "KnownJob":
        """Return it with other values of the job's fields."""
        return replace(self, job=self.job.model_copy(update=fields))

    def broken_off(self, reason: str) -> "KnownJob":
        """Return it as failed, with the reason at each source."""
        failed = (
            JobResult(source=source, outcome="failed", transcript_id=None, reason=reason) for source in self.sources
        )
        return self.changed(state="failed", results=tuple(failed))


class JobFiles:
    """A file a job, in a folder a worker. Only that worker writes there; all read."""

    def __init__(self, home: Path, *, worker: int) -> None:
        """Use the folder of a worker."""
        self._all = home / FOLDER
        self._own = self._all / str(worker)
        self._own.mkdir(parents=True, exist_ok=True)

    def end_all_but(self, going_on: Container[str]) -> None:
        """Note that what an earlier worker in this place left will not be finished, but for the jobs that go on."""
        for file in self._own.glob("*.json"):
            if file.stem not in going_on and (found := self.read(file.stem)) and found.job.state not in FINISHED:
                self.write(found.broken_off(ENDED))

    def write(self, known: KnownJob) -> None:
        """Write down what a job is like now. That this fails is logged; the job goes on."""
        job_id = known.job.job
        stated = {"owner": known.owner, "sources": known.sources, "job": known.job.model_dump(mode="json")}
        file = self._own / f"{job_id}.json"
        partial = file.with_suffix(".partial")
        try:
            partial.write_text(json.dumps(stated), "utf-8")
            partial.replace(file)
        except OSError:
            log.exception("the state of job %s can't be written: other workers don't know it", job_id)

    def read(self, job_id: str) -> KnownJob | None:
        """Return a job, whichever worker has it; None if there is none."""
        if not _ID.fullmatch(job_id):
            return None
        for file in self._all.glob(f"*/{job_id}.json"):
            with suppress(OSError, ValueError):
                stated = json.loads(file.read_text("utf-8"))
                # An earlier version did not write the sources down.
                sources = tuple(stated.get("sources", (job_id,)))
                return KnownJob(job=JobOut.model_validate(stated["job"]), sources=sources, owner=stated["owner"])
        return None

    def forget(self, job_id: str) -> None:
        """Delete what is known of a job."""
        (self._own / f"{job_id}.json").unlink(missing_ok=True)


def clear(home: Path) -> None:
    """Forget the jobs of an earlier server."""
    shutil.rmtree(home / FOLDER, ignore_errors=True)
