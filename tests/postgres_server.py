"""A PostgreSQL of our own for tests: Debian's programs, a temporary folder, a socket in it, no port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")
USER = "turnwise"
GUARDED, PASSWORD = "guarded", "s3cret-word"
"""A user who has to give a password; all others come in without."""
READY_WITHIN_S = 60
UNSAFE_BUT_QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB")
"""Only programs are killed in these tests, never the machine."""


class PostgresServer:
    """A server that runs from `start` to `stop`."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="turnwise-pg-"))
        # PostgreSQL refuses to run as root.
        self._user = _unprivileged() if os.getuid() == 0 else None
        # subprocess's own `user` would fork a copy of this process, in which gRPC's threads (Milvus) are torn.
        as_user = ("setpriv", f"--reuid={self._user}", "--clear-groups")
        self._before: tuple[str, ...] = as_user if self._user else ()
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0

    def make(self) -> None:
        if self._user:
            shutil.chown(self.folder, self._user)
        made = [self._programs / "initdb", "-D", self.folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8"]
        # Another order than that of bytes, as most servers have; before version 15, what that is lies in the system.
        order = ["--locale-provider=icu", "--icu-locale=en"] if float(self._programs.parent.name) >= 15 else []
        self._run([*made, "--no-sync", "--locale=C.UTF-8", *order])
        (self.folder / "data" / "pg_hba.conf").write_text(
            f"local all {GUARDED} scram-sha-256\nlocal all,replication all trust\n"
        )
        self.start()
        self.sql(f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")

    def standby(self) -> "PostgresServer":
        """Return a second server that repeats what this one does, until it is promoted."""
        other = PostgresServer(self._programs)
        if other._user:
            shutil.chown(other.folder, other._user)
        where = ["-h", self.folder, "-U", USER, "-D", other.folder / "data"]
        other._run([self._programs / "pg_basebackup", *where, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync"])
        other.start()
        return other

    def promote(self) -> None:
        """Let a standby take over."""
        self.sql("SELECT pg_promote()")

    def start(self) -> None:
        command = [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-h", ""]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._before, *command, *UNSAFE_BUT_QUICK], stdout=log, stderr=log, cwd=self.folder
            )
        deadline = time.monotonic() + READY_WITHIN_S
        ready = [self._programs / "pg_isready", "-q", "-h", self.folder]
        while subprocess.run(ready, check=False).returncode:
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop at once, clients lose their connections; by SIGQUIT as if it crashed."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(READY_WITHIN_S)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, statement: str, database: str = "postgres") -> str:
        command = [self._programs / "psql", "-h", self.folder, "-U", USER, "-d", database, "-qAtX", "-c", statement]
        return self._run(command).strip()

    def dump(self, schema: str) -> str:
        """Return what puts a schema back."""
        command = [
            self._programs / "pg_dump",
            "-h",
            self.folder,
            "-U",
            USER,
            "-d",
            "postgres",
            "-n",
            schema,
            "--inserts",
        ]
        # psql's own commands can't be given with the statements.
        return "\n".join(line for line in self._run(command).split("\n") if not line.startswith("\\"))

    def address(self, database: str, schema: str = "public", user: str = USER) -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&options=-csearch_path%3D{schema}"

    def new_address(self) -> str:
        """Return the address of a place that holds nothing yet: a schema, since a database takes longer to make."""
        self._databases += 1
        schema = f"place{self._databases}"
        self.sql(f"CREATE SCHEMA {schema}")
        return self.address("postgres", schema)

    def _run(self, command: Sequence[str | Path]) -> str:
        asked = [*self._before, *command]
        done = subprocess.run(asked, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
        return done.stdout


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs; None where there is none."""
    found = [folder for folder in PROGRAMS.glob("*/bin") if (folder / "initdb").exists()]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


def _unprivileged() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)
