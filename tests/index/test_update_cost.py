"""An update writes in proportion to what changed, not to the whole index."""

from pathlib import Path

from index.adjacency import ROWS
from index.embedded import EmbeddedEngine
from index.segments import Segment
from tests.index.made_records import DIMENSION, document, record


def test_a_small_update_of_a_large_index_writes_little(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    large = [record(f"l{n}", f"common words and number{n}", direction="same") for n in range(4000)]
    engine.replace(document("large"), large)
    engine.refresh()
    before = {p.name for p in (tmp_path / "segments").iterdir()}
    engine.replace(document("small"), [record("s1", "small"), record("s2", "small")])
    engine.refresh()
    new = [p for p in (tmp_path / "segments").iterdir() if p.name not in before]
    assert {p.name for p in (tmp_path / "segments").iterdir()} > before
    # Slices of signatures are whole bytes, however few records there are: 4 KB.
    assert sum(f.stat().st_size for p in new for f in p.iterdir()) < 5000 + ROWS


def test_many_small_updates_leave_few_segments_and_write_each_record_few_times(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    written, seen = 0, set()
    updates = 32
    for number in range(updates):
        engine.replace(document(f"d{number}"), [record(f"r{number}", "word", direction="same")])
        engine.refresh()
        folders = {p.name for p in (tmp_path / "segments").iterdir()}
        written += sum(len(engine_keys(tmp_path, name)) for name in folders - seen)
        seen |= folders
        assert len(folders) <= 6  # log2(32), and one
    assert written <= updates * 6
    assert len(engine.search_text("word", 99)) == updates


def engine_keys(folder: Path, name: str) -> list[int]:
    return Segment.open(folder / "segments" / name).keys.tolist()


def test_replacing_a_document_again_and_again_does_not_pile_up_dead_records(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path, dimension=DIMENSION, model="made")
    engine.replace(document("other"), [record(f"o{n}", "other") for n in range(10)])
    for number in range(30):
        engine.replace(document("d"), [record("r", f"version{number}")])
        engine.refresh()
    held = sum(len(engine_keys(tmp_path, p.name)) for p in (tmp_path / "segments").iterdir())
    assert held <= 11 * 1.25 + 1
    assert [h.id for h in engine.search_text("version29", 9)] == ["r"]
    assert engine.search_text("version28", 9) == []
