"""A small world for judging: one conversation of four turns, and passages cut from it by hand."""

from collections.abc import Sequence

from eval.dataset import GoldItem, Question
from eval.gold import resolve
from eval.metrics.case import Case
from eval.responses import AskReply, RankedPassage, SearchReply, Stretch, TranscriptReply
from eval.sources import Sources
from eval.target.protocol import Timed

HOST = "Could you tell us what the first small trial was about, and who took part?"
GUEST = (
    "We began with one nurse on one shift, because nobody can argue with a trial that small. "
    "Then we asked the patients, and what they told us was that the clock in the day room had stopped in the spring "
    "and that nobody had thought to wind it. So the second trial was a clock, and it cost us nothing at all."
)
SHORT = "Is that so?"
LATER = "Yes. Falls went down by a third."
TURNS = (("Ann Host", HOST), ("Dr Bo Guest", GUEST), ("Ann Host", SHORT), ("Dr Bo Guest", LATER))
TRANSCRIPTS = {
    "2024-01-01-clocks-and-falls": ("Clocks and falls", TURNS),
    "2024-02-02-another-talk": ("Another talk", (("Cy Other", "Here nothing is said that anybody asked about."),)),
}
TALK, OTHER = TRANSCRIPTS


class MadeTarget:
    """Knows the two conversations, and answers nothing by itself."""

    def warm(self) -> None: ...

    def search(self, query: str, *, history: Sequence[str], top_k: int, mode: str) -> Timed:
        raise NotImplementedError

    def ask(self, question: str, *, history: Sequence[str], generator: str | None) -> Timed:
        raise NotImplementedError

    def transcripts(self) -> list[dict[str, object]]:
        return [{"id": name, "title": title, "url": None} for name, (title, _) in TRANSCRIPTS.items()]

    def transcript(self, transcript_id: str) -> dict[str, object] | None:
        if transcript_id not in TRANSCRIPTS:
            return None
        title, turns = TRANSCRIPTS[transcript_id]
        numbered = [{"turn": n, "speaker": who, "text": text} for n, (who, text) in enumerate(turns)]
        return {"id": transcript_id, "title": title, "turns": numbered}

    def file_stems(self) -> dict[str, str]:
        return {TALK: "episode_17", OTHER: "episode_18"}

    def describe(self) -> dict[str, object]:
        return {"kind": "made"}


def transcript(transcript_id: str) -> TranscriptReply | None:
    document = MadeTarget().transcript(transcript_id)
    return TranscriptReply.model_validate(document) if document else None


def passage(rank: int, *turns: int, start: int = 0, end: int | None = None, source: str = TALK) -> RankedPassage:
    """Cut a passage: some turns, the stretch `[start, end)` of each."""
    spoken = TRANSCRIPTS[source][1]
    return RankedPassage(
        rank=rank,
        score=1.0 / rank,
        chunk_id=f"{source}:{'-'.join(map(str, turns))}:{start}-{end}",
        transcript_id=source,
        turns=tuple(
            Stretch(
                turn=turn,
                start=start,
                end=min(len(spoken[turn][1]), end or len(spoken[turn][1])),
                text=spoken[turn][1][start:end],
                speaker=spoken[turn][0],
            )
            for turn in turns
        ),
    )


def case(
    *gold: dict[str, object],
    passages: Sequence[RankedPassage] | None = None,
    answer: AskReply | None = None,
    **more: object,
) -> Case:
    """Return a question with gold items and the replies to it."""
    question = Question(id="q1", question="What?", gold=tuple(GoldItem(**item) for item in gold), **more)
    found, _ = resolve(question, Sources(MadeTarget()))
    search = (
        None if passages is None else SearchReply(standalone_query="What?", index_version="1", passages=tuple(passages))
    )
    return Case(question=question, gold=found, search=search, answer=answer, transcript_of=transcript)


def quoted(quote: str, **more: object) -> dict[str, object]:
    return {"source": TALK, "quote": quote, **more}


def reply(*cited: dict[str, object], status: str = "answered", confidence: float = 0.5, answer: str = "") -> AskReply:
    """Return an answer of one sentence a citation. A citation is `turn`, `start`, `end`, and what else differs."""
    citations = []
    for n, given in enumerate(cited, start=1):
        source = str(given.get("transcript_id", TALK))
        speaker, text = TRANSCRIPTS[source][1][int(str(given["turn"]))]
        start, end = int(str(given["start"])), int(str(given["end"]))
        citations.append(
            {"n": n, "transcript_id": source, "speaker": speaker, "quote": text[start:end], "start": start, "end": end}
            | given
        )
    return AskReply.model_validate(
        {
            "status": status,
            "confidence": confidence,
            "answer": answer,
            "index_version": "1",
            "sentences": [{"text": str(c["quote"]), "citations": [c["n"]]} for c in citations],
            "citations": citations,
        }
    )


def cite(words: str, turn: int = 1, **more: object) -> dict[str, object]:
    """Return the place of some words in a turn of the conversation."""
    start = TURNS[turn][1].index(words)
    return {"turn": turn, "start": start, "end": start + len(words), **more}
