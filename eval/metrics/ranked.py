"""hit@k, recall@k, nDCG@10, MRR@10 and all-gold@5: where the gold stands in the ranking. k counts passages.

What is ranked are passages; what is looked for are gold items. A passage's grade is the number of gold items that it
is the first to meet, so that the same gold twice counts once, and a large chunk that holds two counts two:

    hit@k      1 if a passage up to rank k meets gold (success@k)
    recall@k   gold items met up to rank k / gold items
    MRR@10     1 / rank of the first passage that meets gold, 0 beyond rank 10 (Voorhees 1999, TREC-8)
    nDCG@10    sum of grade / log2(rank + 1) over the first 10, over the same sum of the best order; gold that was not
               found stands in the best order with a grade of 1 each (Järvelin and Kekäläinen 2002,
               doi:10.1145/582415.582418; linear gain, as trec_eval has it)
    all-gold@5 1 if recall@5 is 1

hit, MRR and nDCG are computed by ir-measures (MacAvaney et al. 2022, doi:10.1007/978-3-030-99739-7_38), from what
`--qrels` and `--run` export.
"""

from collections.abc import Sequence

import ir_measures
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

from eval.gold import Gold
from eval.metrics.case import Case, Share, Shares
from eval.responses import RankedPassage

HIT_AT = (1, 3, 5, 10)
RECALL_AT = (5, 10, 20)
ALL_GOLD_AT = 5
MEASURES = {**{Success @ k: f"hit@{k}" for k in HIT_AT}, nDCG @ 10: "nDCG@10", RR @ 10: "MRR@10"}


def ranked(case: Case) -> Shares:
    """Return the ranked measures of an answerable question that was searched for."""
    if case.search is None or not case.question.answerable:
        return {}
    passages = case.search.passages
    qrels = relevance(case.question.id, case.gold, passages)
    run = ranking(case.question.id, passages) or [ScoredDoc(case.question.id, "nothing was found", 0.0)]
    shares = {
        MEASURES[metric.measure]: Share(metric.value) for metric in ir_measures.iter_calc(list(MEASURES), qrels, run)
    }
    ranks = first_ranks(case.gold, passages)
    for k in RECALL_AT:
        shares[f"recall@{k}"] = Share(_met_within(ranks, k) / len(ranks))
    shares[f"all_gold@{ALL_GOLD_AT}"] = Share(float(_met_within(ranks, ALL_GOLD_AT) == len(ranks)))
    return shares


def first_ranks(gold: Sequence[Gold], passages: Sequence[RankedPassage]) -> list[int | None]:
    """Return, for each gold item, the place (from 1) of the first passage that meets it."""
    return [
        next((place for place, passage in enumerate(passages, start=1) if item.met_by(passage)), None) for item in gold
    ]


def relevance(question_id: str, gold: Sequence[Gold], passages: Sequence[RankedPassage]) -> list[Qrel]:
    """Return the grades of the passages, and gold that no passage meets as documents that were not retrieved."""
    ranks = first_ranks(gold, passages)
    names = document_ids(passages)
    graded = sorted({rank for rank in ranks if rank is not None})
    met = [Qrel(question_id, names[rank - 1], ranks.count(rank)) for rank in graded]
    return met + [Qrel(question_id, f"gold:{n}", 1) for n, rank in enumerate(ranks) if rank is None]


def ranking(question_id: str, passages: Sequence[RankedPassage]) -> list[ScoredDoc]:
    """Return the passages with scores that fall by one a rank: tools break ties in orders of their own."""
    names = document_ids(passages)
    return [ScoredDoc(question_id, name, float(len(names) - place)) for place, name in enumerate(names)]


def document_ids(passages: Sequence[RankedPassage]) -> list[str]:
    """Return the passages' names in TREC files, which part columns by white space and hold a name once a question."""
    names: list[str] = []
    for place, passage in enumerate(passages, start=1):
        name = "_".join(passage.chunk_id.split())
        names.append(f"{name}#{place}" if not name or name in names else name)
    return names


def _met_within(ranks: Sequence[int | None], k: int) -> int:
    return sum(rank is not None and rank <= k for rank in ranks)
