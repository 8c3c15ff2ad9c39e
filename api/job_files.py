"""What jobs are like, in files: so that whichever worker is asked knows the jobs of all."""

import json
import logging
import re
import shutil
from contextlib import suppress
from pathlib import Path

from api.schemas.jobs import JobOut, JobResult

FOLDER = "jobs"
"""In the data folder; made anew at every start of the server."""
_ID = re.compile(r"[0-9a-f]{32}")
FINISHED = ("done", "failed")
ENDED = "The worker that was at it ended before it was done. Send it again."

log = logging.getLogger("turnwise.jobs")


class JobFiles:
    """A file a job, in a folder a worker. Only that worker writes there; all read."""

    def __init__(self, home: Path, *, worker: int) -> None:
        """Use the folder of a worker, and note which jobs of an earlier one in its place will not be finished."""
        self._all = home / FOLDER
        self._own = self._all / str(worker)
        self._own.mkdir(parents=True, exist_ok=True)
        for file in self._own.glob("*.json"):
            if (found := self.read(file.stem)) and found[0].state not in FINISHED:
                job, owner = found
                result = JobResult(source=job.job, outcome="failed", transcript_id=None, reason=ENDED)
                self.write(job.model_copy(update={"state": "failed", "results": (result,)}), owner)

    def write(self, job: JobOut, owner: str | None) -> None:
        """Write down what a job is like now. That this fails is logged; the job goes on."""
        file = self._own / f"{job.job}.json"
        partial = file.with_suffix(".partial")
        try:
            partial.write_text(json.dumps({"owner": owner, "job": job.model_dump(mode="json")}), "utf-8")
            partial.replace(file)
        except OSError:
            log.exception("the state of job %s can't be written: other workers don't know it", job.job)

    def read(self, job_id: str) -> tuple[JobOut, str | None] | None:
        """Return a job and who asked for it, whichever worker has it; None if there is none."""
        if not _ID.fullmatch(job_id):
            return None
        for file in self._all.glob(f"*/{job_id}.json"):
            with suppress(OSError, ValueError):
                stated = json.loads(file.read_text("utf-8"))
                return JobOut.model_validate(stated["job"]), stated["owner"]
        return None

    def forget(self, job_id: str) -> None:
        """Delete what is known of a job."""
        (self._own / f"{job_id}.json").unlink(missing_ok=True)


def clear(home: Path) -> None:
    """Forget the jobs of an earlier server."""
    shutil.rmtree(home / FOLDER, ignore_errors=True)
