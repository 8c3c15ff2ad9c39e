"""The owner's list of who reads which collection, and who may do more than read: `access.toml` in the data folder.

    [collections.board]
    readers = ["executives"]        # groups; nobody else sees anything of it

    [roles]
    write = ["editors"]             # groups whose members add and remove
    admin = ["owners"]              # groups whose members see and do everything

A collection that is not listed may be read by everybody whom the server lets in.
"""

import threading
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from api.auth.principal import Scope
from rag.errors import SettingsError
from rag.restriction import EVERYTHING, Restriction

FILE = "access.toml"


class _Collection(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    readers: frozenset[str]


class _Roles(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    write: frozenset[str] = frozenset()
    admin: frozenset[str] = frozenset()


class AccessList(BaseModel):
    """What the file says."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    collections: Mapping[str, _Collection] = {}
    roles: _Roles = _Roles()

    def restriction(self, groups: frozenset[str]) -> Restriction:
        """Return what members of these groups may read."""
        if groups & self.roles.admin:
            return EVERYTHING
        return Restriction(
            never=frozenset(name for name, listed in self.collections.items() if not groups & listed.readers)
        )

    def scopes(self, groups: frozenset[str]) -> frozenset[Scope]:
        """Return what a person of these groups may do."""
        scopes = {Scope.READ}
        if groups & self.roles.write:
            scopes.add(Scope.WRITE)
        if groups & self.roles.admin:
            scopes.add(Scope.ADMIN)
        return frozenset(scopes)

    @property
    def groups(self) -> frozenset[str]:
        """Return every group that is named."""
        listed = frozenset[str]().union(*(collection.readers for collection in self.collections.values()))
        return listed | self.roles.write | self.roles.admin


class Readers:
    """Reads the file again whenever it has changed; an absent one lists nothing. Safe for threads."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int] | None, AccessList] = (None, AccessList())

    def current(self) -> AccessList:
        """Return what the file says now.

        Raises:
            SettingsError: It can't be read or understood. Then nobody may be let in: what it was to forbid is unknown.
        """
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return AccessList()
        except OSError as error:
            raise SettingsError(f"{self._path} can't be read: {error.strerror}.") from error
        stamp = status.st_mtime_ns, status.st_size
        with self._lock:
            if self._read[0] != stamp:
                self._read = stamp, _parse(self._path)
            return self._read[1]


def _parse(path: Path) -> AccessList:
    try:
        return AccessList.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} can't be read: {error}.") from error
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(
            f"{path}: {found}. A collection is listed so: [collections.NAME] readers = [...]"
        ) from error
