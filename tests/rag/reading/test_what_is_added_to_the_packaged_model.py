"""What was trained is added to the packaged model, or refused with words that say how to mend it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.embedding.bert import WEIGHTS, bert_shape, read_weights
from rag.embedding.model_files import ModelFiles
from rag.embedding.openvino_runtime import load_openvino
from rag.embedding.packaged import packaged_model_folder
from rag.errors import ModelError
from rag.reading.graph import ReadingGraph
from rag.reading.reader import ADDITIONS, Weights, adapted, read_additions

MENDING = "Reinstall Turnwise, or do without reading: TURNWISE_READER=off"
BASE: Weights = {
    "deep.weight": np.arange(12, dtype=np.float32).reshape(3, 4),
    "deep.bias": np.zeros(3, np.float32),
    "kinds.weight": np.ones((2, 4), np.float32),
}
A = np.arange(8, dtype=np.float32).reshape(2, 4) - 3
B = np.arange(6, dtype=np.float32).reshape(3, 2) + 1


def test_low_rank_additions_are_multiplied_out_and_others_put_in_their_place() -> None:
    head, kinds = np.full((1, 3), 7, np.float32), np.full((2, 4), 5, np.float32)
    found = adapted(BASE, {"deep.b": B, "deep.a": A, "kinds.weight": kinds, "head.0.weight": head})
    expected = [
        [BASE["deep.weight"][row, column] + sum(B[row, n] * A[n, column] for n in range(2)) for column in range(4)]
        for row in range(3)
    ]
    assert found["deep.weight"].tolist() == expected
    assert found["kinds.weight"] is kinds
    assert found["head.0.weight"] is head
    assert found["deep.bias"] is BASE["deep.bias"]
    assert set(found) == {*BASE, "head.0.weight"}
    assert BASE["deep.weight"][2, 3] == 11  # the packaged model's own is as it was


@pytest.mark.parametrize(
    ("additions", "named"),
    [
        ({"flat.a": A, "flat.b": B}, "flat.weight"),
        ({"flat.b": B}, "flat.weight"),
        ({"deep.a": A}, "deep.weight"),
        ({"deep.b": B}, "deep.weight"),
        ({"deep.a": A, "deep.b": B[:1]}, "deep.weight"),
        ({"deep.a": A, "deep.b": B[:, :1]}, "deep.weight"),
        ({"deep.a": A[:, :1], "deep.b": B}, "deep.weight"),
        ({"deep.a": A, "deep.b": np.float32(1).reshape(())}, "deep.weight"),
        ({"kinds.weight": BASE["kinds.weight"][:1]}, "kinds.weight"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_name_and_how_to_mend_it(additions: Weights, named: str) -> None:
    with pytest.raises(ModelError, match=rf"{named}.*{MENDING}"):
        adapted(BASE, additions)


def test_what_comes_with_turnwise_fits_the_packaged_model_and_holds_a_head() -> None:
    additions = read_additions(ADDITIONS)
    assert all(tensor.dtype == np.float32 and np.isfinite(tensor).all() for tensor in additions.values())
    assert {"head.0.weight", "head.0.bias", "head.2.weight", "head.2.bias"} <= additions.keys()
    assert ADDITIONS.stat().st_size < 4_000_000  # it is part of the package


def test_a_head_that_lacks_a_part_is_refused() -> None:
    files = ModelFiles(packaged_model_folder())
    weights = adapted(read_weights(files.folder / WEIGHTS), read_additions(ADDITIONS))
    del weights["head.2.weight"]
    with pytest.raises(ModelError, match=rf"head\.2\.weight.*{MENDING}"):
        ReadingGraph(load_openvino(), bert_shape(files), weights).model()


Damage = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"\xff" * 99,
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data[:200] + bytes(byte ^ 255 for byte in data[200:300]) + data[300:],
    ],
    ids=["empty", "noise", "half", "all but the last byte", "another stretch"],
)
def test_a_damaged_file_is_refused_with_its_name_and_how_to_mend_it(tmp_path: Path, damage: Damage) -> None:
    file = tmp_path / "reader.npz"
    file.write_bytes(damage(ADDITIONS.read_bytes()))
    with pytest.raises(ModelError, match=rf"reader\.npz can't be read.*{MENDING}"):
        read_additions(file)


def test_an_absent_file_is_refused_with_its_name_and_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"nowhere\.npz can't be read.*{MENDING}"):
        read_additions(tmp_path / "nowhere.npz")


def test_a_file_that_holds_python_objects_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "reader.npz"
    np.savez(file, **{"deep.a": np.array([{"run": "me"}], dtype=object)})  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="allow_pickle"):
        read_additions(file)


@given(st.data())
def test_whatever_byte_is_wrong_the_file_is_read_as_it_was_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "flipped"
    folder.mkdir(exist_ok=True)
    whole, flipped = folder / "whole.npz", folder / "flipped.npz"
    if not whole.exists():
        np.savez_compressed(whole, **{"deep.a": A, "deep.b": B})  # type: ignore[arg-type]
    content = bytearray(whole.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    flipped.write_bytes(content)
    try:
        found = read_additions(flipped)
    except ModelError as error:
        assert MENDING in str(error)  # noqa: PT017 - most bytes matter, not all
    else:
        assert all(np.array_equal(tensor, expected) for tensor, expected in zip(found.values(), (A, B), strict=False))
