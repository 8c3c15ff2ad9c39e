"""The connection to a Ray cluster: which addresses there are, and what can go wrong, in words."""

import logging
import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from rag.errors import InputError, WorkersError

FORMS = (
    "ray://HOST:10001 from anywhere, HOST:6379 from a machine of the cluster, or auto for the cluster that this "
    "machine belongs to"
)
CONNECT_TIMEOUT_S = 10.0
"""For the address to answer at all; Ray itself would try for minutes."""
ANSWER_TIMEOUT_S = 2.0
_SCHEME = "ray://"
_MEND = (
    "Both ends need the same versions of Ray and Python, and the same RAY_AUTH_TOKEN where the cluster has one. "
    f"Addresses: {FORMS}."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster that this process is connected to."""

    ray: Any
    """The library."""
    host: str
    port: int

    def answers(self) -> bool:
        """Say whether somebody still listens there; Ray itself waits for its head where it should be told."""
        try:
            socket.create_connection((self.host, self.port), timeout=ANSWER_TIMEOUT_S).close()
        except OSError:
            return False
        return True


def check_address(address: str) -> None:
    """Look whether an address has one of the forms that are known.

    Raises:
        InputError: It has none of them.
    """
    if address == "auto":
        return
    try:
        host, port = _host_and_port(address)
    except ValueError:
        host, port = None, None
    if not host or not port:
        raise InputError(f"{address!r} is no address of a Ray cluster. Known are {FORMS}.")


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect this process to a cluster for the length of a block.

    Nothing is started, no statistics are sent, and only that cluster is spoken to.

    Raises:
        InputError: The address has none of the known forms.
        WorkersError: Ray is not installed, or nothing usable answers there.
    """
    check_address(address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # of its C++ part, which writes to standard error
    try:
        ray = import_module("ray")
    except ImportError as error:
        raise WorkersError(
            f"Workers are reached by Ray, which is not installed here ({error}): `pip install 'turnwise[ray]'`."
        ) from error
    if address != "auto":
        _knock(address)
    with _silence():
        with ray_errors(ray, f"Ray at {address} can't be used", _MEND):
            ray.init(address=address, log_to_driver=False, configure_logging=False, logging_level=logging.CRITICAL)
        try:
            head = ray.get_runtime_context().gcs_address if address == "auto" else address
            host, port = _host_and_port(head)
            yield Cluster(ray=ray, host=host or "", port=port or 0)
        finally:
            ray.shutdown()


@contextmanager
def ray_errors(ray: Any, what: str, mend: str) -> Iterator[None]:
    """Raise Ray's errors, and those of the connection to it, as ours.

    Args:
        ray: The library.
        what: What can't be done, for the message.
        mend: What to do about it, in a sentence.
    """
    try:
        yield
    except (ray.exceptions.RayError, ConnectionError, TimeoutError, RuntimeError, ImportError, ValueError) as error:
        raise WorkersError(f"{what}: {first_line(error)}. {mend}") from error


def first_line(error: BaseException) -> str:
    """Return what an error says, in one line: Ray's go on with the traceback of the other machine, reason last."""
    lines = [line.strip(" .") for line in str(error).splitlines() if line.strip(" .")]
    if not lines:
        return type(error).__name__
    return f"{lines[0]} {lines[-1]}" if lines[0].endswith(":") and len(lines) > 1 else lines[0]


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Ray from writing: all that matters of it is raised too, and the standard streams have their own meaning."""
    logging.getLogger("ray").setLevel(logging.CRITICAL)
    # Lines on workers that died go to standard output whatever `log_to_driver` says; Ray's debugger stops them so.
    import_module("ray._private.worker")._worker_logs_enabled = False  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"ray\.")
        yield


def _knock(address: str) -> None:
    host, port = _host_and_port(address)
    try:
        socket.create_connection((host, port), timeout=CONNECT_TIMEOUT_S).close()
    except OSError as error:
        raise WorkersError(
            f"Nothing answers at {address}: {error}. Is Ray running there (`ray start --head`), and is the port open? "
            "Without --workers this machine makes the vectors itself."
        ) from error


def _host_and_port(address: str) -> tuple[str | None, int | None]:
    parts = urlsplit(f"//{address.removeprefix(_SCHEME)}")
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(address)
    return parts.hostname, parts.port
