"""Run as a process of its own: says how many transcripts an index has and how much of its truth is damaged."""

import sys
from pathlib import Path

from rag.assembly import open_turnwise
from rag.settings import Settings

if __name__ == "__main__":
    with open_turnwise(Settings(home=Path(sys.argv[1]))) as turnwise:
        summaries = list(turnwise.library.transcripts())
        assert all(turnwise.library.transcript(summary.id).turns for summary in summaries)
        damaged = [problem for problem in turnwise.engine.check() if problem.remedy == "restore"]
    print(f"{len(summaries)} transcripts, {len(damaged)} damaged")
