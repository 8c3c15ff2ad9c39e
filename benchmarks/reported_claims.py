"""What is answered to "Did she say that …?", where she did, and where she didn't.

The claims of `benchmarks.claim_support` that tell what somebody said, asked as such questions: true ones, and lies of
eleven kinds. `ENOUGH` in `rag/answering/checking/bearing.py` was chosen on both parts, with questions about two
podcasts. Then, as the part `blind`, the questions of `claims_asked.jsonl` over `corpus/`, half of them true, most in
quite other words, by somebody who did not know how they are judged; nothing is fitted to these, and nothing should be.

    python -m benchmarks.reported_claims
"""

import json
import re
import tempfile
from collections import Counter
from pathlib import Path

from rag.assembly import open_turnwise
from rag.settings import load_settings

HERE = Path(__file__).parent
CLAIM = re.compile(
    r"(?P<who>[A-Z]\w+ [A-Z]\w+)(?: \w+,)? (?:said|says|argued|argues|explained) that (?P<words>[^“]+?)\.?"
)


def main() -> None:
    """Print, by part and kind, how many were answered plainly, with a caveat, or refused."""
    rows = [json.loads(line) for line in (HERE / "claims.jsonl").read_text("utf-8").splitlines()]
    told: Counter[tuple[str, str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder, open_turnwise(load_settings(home=Path(folder))) as turnwise:
        turnwise.ingestion.add([str(HERE.parent / "corpus")])
        for row in rows:
            claim = CLAIM.fullmatch(row["claim"])
            if claim is None:
                continue
            answer = turnwise.answerer.ask(f"Did {claim['who']} say that {claim['words']}?")
            caveat = answer.notice and not answer.notice.startswith("Said ")
            outcome = answer.status if answer.status != "answered" else "with a caveat" if caveat else "plainly"
            told[row["part"], "true" if row["true"] else row["kind"], outcome] += 1
        for row in map(json.loads, (HERE / "claims_asked.jsonl").read_text("utf-8").splitlines()):
            answer = turnwise.answerer.ask(row["question"])
            caveat = answer.notice and not answer.notice.startswith("Said ")
            outcome = answer.status if answer.status != "answered" else "with a caveat" if caveat else "plainly"
            if row["true"] and answer.citations:
                outcome = "gold cited" if any(_meet(each.quote, row["gold"]) for each in answer.citations) else "beside"
            told["blind", f"{row['kind']} {'true' if row['true'] else 'false'}", outcome] += 1
    for (part, kind, outcome), count in sorted(told.items()):
        print(f"{part:6} {kind:16} {outcome:14} {count:3}")


def _meet(quote: str, gold: str) -> bool:
    """Say whether a quote and the gold hold a sentence in common, whatever the spaces and apostrophes."""
    said, wanted = (set(map(_plain, re.split(r"(?<=[.?!])\s+", text))) for text in (quote, gold))
    whole = _plain(gold)
    return not said.isdisjoint(wanted) or whole in _plain(quote)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


if __name__ == "__main__":
    main()
