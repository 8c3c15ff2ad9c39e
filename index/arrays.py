"""Several arrays in one file: numpy's own format (NEP 1), one array after the other, each at a multiple of 64 bytes.

One file rather than one an array, because what an update costs is mostly the number of files to sync.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_ALIGNMENT = 64


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays in order; their names are not stored."""
    with path.open("wb") as file:
        for array in arrays.values():
            np.lib.format.write_array(file, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            file.write(b"\0" * (-file.tell() % _ALIGNMENT))


def map_arrays(path: Path, names: Sequence[str], optional: Sequence[str] = ()) -> dict[str, npt.NDArray[Any]]:
    """Memory-map the arrays that `write_arrays` wrote under these names, in the same order.

    Those that are optional come last; where the file ends before them, they are left out.

    Raises:
        ValueError: The file doesn't hold that many arrays.
    """
    # A plain array over the mapping: slices of numpy's memmap class are slow to make.
    content: npt.NDArray[np.uint8] = np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))
    arrays: dict[str, npt.NDArray[Any]] = {}
    with path.open("rb") as file:
        for name in (*names, *optional):
            if name in optional and file.tell() >= len(content):
                break
            np.lib.format.read_magic(file)
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
            start = file.tell()
            end = start + int(np.prod(shape)) * dtype.itemsize
            arrays[name] = content[start:end].view(dtype).reshape(shape)
            file.seek(end + (-end % _ALIGNMENT))
    return arrays
