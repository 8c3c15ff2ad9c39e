"""`turnwise doctor` tells of whatever can't be read in an index, and how to mend it, instead of breaking."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.program import app
from index.database import DATABASE_NAME

Damage = Callable[[Path], None]


def _without_page(name: str) -> Damage:
    """Return what empties the first page of a table or index: opening succeeds, reading does not."""

    def damage(database: Path) -> None:
        with closing(sqlite3.connect(database)) as connection:
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [name]).fetchone()
        with database.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(bytes(size))

    return damage


def _with_bodies_cut_short(database: Path) -> None:
    """Leave a database that is sound and holds what was never written."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE documents SET body = substr(body, 1, 9), summary = substr(summary, 1, 9)")


@pytest.mark.parametrize(
    ("damage", "options"),
    [
        (_without_page("ix_records_document_id"), []),
        (_without_page("records"), ["--repair"]),
        (_with_bodies_cut_short, []),
        (_with_bodies_cut_short, ["--repair"]),
    ],
    ids=["read", "repaired", "odd", "odd and repaired"],
)
def test_what_cannot_be_read_is_a_problem_with_a_mend(
    corpus_home: Path, tmp_path: Path, damage: Damage, options: list[str]
) -> None:
    home = shutil.copytree(corpus_home, tmp_path / "home")
    damage(home / DATABASE_NAME)
    done = CliRunner().invoke(app, ["doctor", "--home", str(home), "--json", *options])
    assert done.exit_code == 3, done.output
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert {"python", "disk", "model files", "model"} <= set(checks)
    assert not checks["index"]["ok"]
    assert "turnwise restore FILE" in checks["index"]["mend"]
