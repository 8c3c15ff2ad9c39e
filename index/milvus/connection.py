"""The connection to a Milvus server: made at first use, with its errors translated into ours."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from index.errors import IndexStorageError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

logger = logging.getLogger(__name__)

LITE_SUFFIX = ".db"
"""An address that ends so is a file, which milvus-lite serves inside this process: to try things, not to serve."""
_T = TypeVar("_T")


class MilvusRefusedError(IndexStorageError):
    """The server answered that it can't: a collection is absent or not loaded, a node is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MilvusAddress:
    """Where the server is, and who we are to it."""

    uri: str
    """`http://host:19530`, `https://…`, or a file that ends in `.db`."""
    token: str | None = field(default=None, repr=False)
    """`user:password`, or a key of the managed service. Never logged or shown."""
    ca_file: Path | None = None
    """Certificates (PEM) to trust instead of the system's, for https."""

    @property
    def name(self) -> str:
        """Return the address as it may be shown."""
        return self.uri if self.uri.endswith(LITE_SUFFIX) else urlsplit(self.uri).netloc.rpartition("@")[2]


class MilvusConnection:
    """Opens one client at first use and hands it out. Safe for threads."""

    def __init__(self, address: MilvusAddress) -> None:
        """Remember the address; nothing is connected to yet.

        Raises:
            IndexStorageError: The extra is not installed.
        """
        self._address = address
        self._lock = threading.Lock()
        self._client: MilvusClient | None = None
        self._version = ""
        _check_installed(address)

    @property
    def name(self) -> str:
        """Return the server's address as it may be shown."""
        return self._address.name

    def version(self, *, timeout_s: float) -> str:
        """Return what the server calls its version: "v2.4.1", "milvus_lite-3.2.2"."""
        self._connected(timeout_s)
        return self._version

    def connect(self, *, timeout_s: float) -> bool:
        """Connect; return whether that wasn't done before."""
        with self._lock:
            if self._client is not None:
                return False
            self._client, self._version = self._connect(timeout_s)
            return True

    def call(self, action: Callable[["MilvusClient"], _T], *, timeout_s: float) -> _T:
        """Do something with the client.

        Raises:
            MilvusRefusedError: The server refused.
            IndexStorageError: It can't be reached, or doesn't take our token.
        """
        client = self._connected(timeout_s)
        with self._translated():
            return action(client)

    def close(self) -> None:
        """Close the connection; the next call would make another."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self, timeout_s: float) -> "MilvusClient":
        self.connect(timeout_s=timeout_s)
        client = self._client
        if client is None:
            raise IndexStorageError(f"the connection to Milvus at {self.name} was closed")
        return client

    def _connect(self, timeout_s: float) -> tuple["MilvusClient", str]:
        client_class = _pymilvus().MilvusClient
        options: dict[str, Any] = {"uri": self._address.uri, "timeout": timeout_s, "dedicated": True}
        if self._address.token is not None:
            options["token"] = self._address.token
        if self._address.ca_file is not None:
            if not self._address.ca_file.is_file():
                raise IndexStorageError(f"there is no file of certificates at {self._address.ca_file}")
            options["server_pem_path"] = str(self._address.ca_file)
        with self._translated():
            client = client_class(**options)
            version = str(client.get_server_version(timeout=timeout_s))
        logger.info("vectors are searched by Milvus %s at %s; words in the data folder", version, self.name)
        return client, version

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import grpc  # noqa: PLC0415
        from pymilvus.exceptions import MilvusException  # noqa: PLC0415

        try:
            yield
        except MilvusException as error:
            # Where it could not connect, the reason is only in what that was raised from.
            raise self._told(error.__cause__, error.message) from error
        except grpc.RpcError as error:
            raise self._told(error, "no connection") from error
        except (OSError, ValueError) as error:
            raise IndexStorageError(f"Milvus at {self.name} can't be used: {_in_one_line(str(error))}") from error

    def _told(self, cause: BaseException | None, message: str) -> IndexStorageError:
        import grpc  # noqa: PLC0415

        code = cause.code() if isinstance(cause, grpc.Call) else None
        if code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
            return IndexStorageError(
                f"Milvus at {self.name} doesn't know us: set TURNWISE_ENGINE_TOKEN to user:password"
            )
        if code is not None:
            said = code.name.lower().replace("_", " ")
            return MilvusRefusedError(f"Milvus at {self.name} can't be reached ({said}); is it running?")
        return MilvusRefusedError(f"Milvus at {self.name} says: {_in_one_line(message)}")


def _check_installed(address: MilvusAddress) -> None:
    """Look for the packages without importing them, which takes seconds that most commands need not spend."""
    if find_spec("pymilvus") is None:
        raise IndexStorageError("searching in Milvus needs another package: pip install 'turnwise[milvus]'")
    if address.uri.endswith(LITE_SUFFIX) and find_spec("milvus_lite") is None:
        raise IndexStorageError(f"searching in the file {address.uri} needs another package: pip install milvus-lite")


def _pymilvus() -> Any:
    import pymilvus  # noqa: PLC0415

    # It logs every refusal as an error with a traceback, also those that are expected and retried.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return pymilvus


def _in_one_line(message: str) -> str:
    return " ".join(message.split())[:300]
