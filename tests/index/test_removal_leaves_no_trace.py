"""After a removal nothing of the document is left in any file of the data folder, in whatever state it was."""

import random
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from index.types import Document
from tests.index.made_records import DIMENSION, document, record


def traces(folder: Path, words: list[str]) -> list[tuple[str, str]]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            found += [(path.name, w) for w in words if any(w.encode(e) in content for e in ("utf-8", "utf-16-le"))]
    return found


def filler(moments: random.Random) -> str:
    return " ".join(f"filler{moments.randrange(400)}" for _ in range(moments.choice([1, 20, 300])))


@pytest.mark.parametrize("seed", range(2))
def test_no_file_holds_anything_of_removed_documents(tmp_path: Path, seed: int) -> None:
    moments = random.Random(seed)
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made", max_segment_records=150)
    present: list[int] = []
    for number in range(40):
        secret = f"secret{number:04d}x"
        whole = Document(
            id=f"{secret}-id", fingerprint="f", summary=f'"{secret}"', body=f'"{secret} {filler(moments)}"'
        )
        for version in range(moments.randint(1, 2)):
            records = [
                record(f"{secret}-{version}-{n}", f"{secret} {filler(moments)}", fields={"who": (f"{secret} person",)})
                for n in range(moments.randint(1, 9))
            ]
            engine.replace(whole, records)
            if moments.random() < 0.3:
                engine.refresh()
        present.append(number)
        if moments.random() < 0.2:
            going = moments.sample(present, min(len(present), moments.randint(1, 4)))
            engine.remove([f"secret{g:04d}x-id" for g in going])
            present = [p for p in present if p not in going]
    gone = sorted(set(range(40)) - set(present))
    going = present[::3]
    assert engine.remove([f"secret{g:04d}x-id" for g in going]) == len(going)
    assert traces(tmp_path, [f"secret{g:04d}x" for g in [*gone, *going]]) == []
    kept = [p for p in present if p not in going]
    assert {w for _, w in traces(tmp_path, [f"secret{k:04d}x" for k in kept])} == {f"secret{k:04d}x" for k in kept}
    assert engine.check() == []


def test_vectors_of_removed_documents_are_gone_too(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    removed, kept = record("removed", "one"), record("kept", "two")
    engine.replace(document("d1"), [removed])
    engine.replace(document("d2"), [kept])
    engine.refresh()
    engine.remove(["d1"])
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert removed.vector.tobytes() not in content
    assert kept.vector.tobytes() in content


def test_an_earlier_version_is_gone_after_the_later_one_is_removed(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    engine.replace(document("other"), [record(f"o{n}", "other words") for n in range(20)])
    engine.replace(document("d"), [record("d-1", "withdrawnword")])
    engine.refresh()
    engine.replace(document("d"), [record("d-2", "laterword")])
    engine.refresh()
    engine.remove(["d"])
    assert traces(tmp_path, ["withdrawnword", "laterword"]) == []


def test_an_interrupted_removal_is_finished_by_the_next_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    engine.replace(document("d"), [record("d-1", "withdrawnword")])
    engine.replace(document("e"), [record("e-1", "keptword")])
    engine.refresh()

    def killed(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("index.sqlite.SQLiteDatabase.wipe", killed)
        with pytest.raises(KeyboardInterrupt):
            engine.remove(["d"])
    assert [p.remedy for p in engine.check()] == ["refresh"]
    engine.close()
    again = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    again.refresh()
    assert traces(tmp_path, ["withdrawnword"]) == []
    assert again.check() == []
