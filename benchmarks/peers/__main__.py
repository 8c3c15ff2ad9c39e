"""Compare Turnwise with LlamaIndex, LangChain, Haystack, txtai and a plain baseline: same material, model and judge.

    python -m benchmarks.peers                                      # seeds and the QMSum committees
    python -m benchmarks.peers --sets seeds qmsum hhs mtrag --json peers.json
    python -m benchmarks.peers --sets hhs --sample 50 --systems turnwise langchain

Systems run one after the other, each in an environment of its own under .peers/ (made at the first run). Tables go to
standard output, progress to standard error. `--runs FOLDER` keeps every passage that was found.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.environments import ROOT, SYSTEMS, TOOLKITS, make, python_of, version_of
from benchmarks.peers.judging import judge
from benchmarks.peers.material import PLACES, Material, prepare
from benchmarks.peers.tables import markdown
from eval.bootstrap import share_differences, share_intervals
from eval.metrics.case import Shares

DEFAULT_SETS = ("seeds", "qmsum")
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
SILENT = {"HAYSTACK_TELEMETRY_ENABLED": "False", "ANONYMIZED_TELEMETRY": "False"}
THREADS = {"query": {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}}
"""Questions are answered on one thread: a short text gains little from a second, and threads that wait for each other
on a machine with other work took half a second a question, in all systems alike. Ingestion takes what it finds."""
Judged = dict[str, list[Shares]]


def measured(system: str, material: Material, folder: Path) -> dict[str, Any]:
    """Let one system ingest and answer, in a process each; return what its adapter wrote about both."""
    index = folder / system
    index.mkdir()
    ingest = _phase(system, "ingest", material.transcripts, index, folder / f"{system}-ingest.json")
    query = _phase(system, "query", material.queries, index, folder / f"{system}-query.json")
    return {"ingest": ingest, "query": query}


def _phase(system: str, phase: str, given: Path, index: Path, out: Path) -> dict[str, Any]:
    # Not this process's own settings for Turnwise, which would change what is measured.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TURNWISE_", "PYTHON"))}
    command = [str(python_of(system)), "-m", f"benchmarks.peers.{system}_system", phase, str(given), str(index)]
    command += ["--out", str(out), "--started", repr(time.time())]
    environment = inherited | OFFLINE | SILENT | THREADS.get(phase, {})
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{system} could not {phase}:\n{done.stderr[-3000:]}")
    result: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return result


def costs(run: Mapping[str, Any]) -> dict[str, float]:
    """Return times and memory; the first question is in the start-up's time, and in no percentile."""
    answers = run["query"]["answers"]
    times = [answer["ms"] for answer in answers[1:]]
    lengths = [len(passage["text"].split()) for answer in answers for passage in answer["passages"]]
    return {
        "ingest_s": run["ingest"]["wall_s"],
        "startup_s": run["query"]["startup_s"],
        "p50_ms": float(np.percentile(times, 50)),
        "p95_ms": float(np.percentile(times, 95)),
        "ingest_mib": run["ingest"]["peak_mib"],
        "query_mib": run["query"]["peak_mib"],
        "words": float(np.mean(lengths)) if lengths else 0.0,
    }


def differences(judged: Judged, others: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return Turnwise less the best of others, by measure, with intervals of a paired bootstrap over the questions."""
    toolkits = {system: shares for system, shares in judged.items() if system in others}
    if "turnwise" not in judged or not toolkits:
        return {}
    figures = {system: share_intervals(shares) for system, shares in toolkits.items()}
    found = {}
    for name in share_intervals(judged["turnwise"]):
        best = max(figures, key=lambda system: figures[system][name].value)
        difference = share_differences(toolkits[best], judged["turnwise"])[name]
        found[name] = {"best": best, **asdict(difference), "clear": difference.clear}
    return found


def compare(name: str, systems: Sequence[str], sample: int | None, runs: Path | None) -> dict[str, Any]:
    """Run all systems over one set and judge them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        material = prepare(name, folder, sample)
        judged: Judged = {}
        result: dict[str, Any] = {"set": name, "questions": len(material.questions), "systems": {}}
        for system in systems:
            print(f"{name}: {system} …", file=sys.stderr, flush=True)
            run = measured(system, material, folder)
            judged[system] = judge(material.questions, run["query"]["answers"], material.transcripts)
            result["systems"][system] = {
                "version": version_of(system),
                "measures": {measure: figure.value for measure, figure in share_intervals(judged[system]).items()},
                "costs": costs(run),
                "ingested": {key: value for key, value in run["ingest"].items() if key not in ("wall_s", "peak_mib")},
            }
            if runs is not None:
                runs.mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / f"{system}-query.json", runs / f"{name}-{system}.json")
        return result | {
            "differences": differences(judged, TOOLKITS),
            "beyond_baseline": differences(judged, ("baseline",)),
        }


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", choices=list(PLACES), default=list(DEFAULT_SETS))
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--sample", type=int, help="questions of each set, drawn with a fixed seed; default: all")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--runs", type=Path, help="keep the passages that each system found in this folder")
    options = parser.parse_args()
    for system in options.systems:
        make(system)
    results = []
    for name in options.sets:
        results.append(compare(name, options.systems, options.sample, options.runs))
        print(markdown(results[-1]), flush=True)
        if options.json:
            options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
