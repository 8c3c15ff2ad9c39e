"""The order of events, the pings while an answer is made, and what an error looks like in a stream."""

import asyncio
import json
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import strategies as st

from api.schemas.answers import AskResponse, CitationOut, SentenceOut
from api.streaming import events, stream_answer, wants_stream, words
from rag.answering.types import Citation, Status
from rag.errors import ModelError
from rag.transcripts.types import Attribution

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run in a thread of its own: Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@given(st.text())
def test_words_add_up_to_the_text(text: str) -> None:
    assert "".join(words(text)) == text


def citation(n: int) -> CitationOut:
    return CitationOut.of(
        Citation(
            n=n,
            quote="Yes.",
            transcript_id="t",
            turn=0,
            start=0,
            end=4,
            speaker=None,
            role=None,
            organisation=None,
            attribution=Attribution.UNKNOWN,
            attribution_reason=None,
            title="T",
            date=None,
            url=None,
            start_ms=None,
            end_ms=None,
        )
    )


def response(texts: list[str], cited: list[int], gap: str) -> AskResponse:
    sentences, answer = [], ""
    for text, n in zip(texts, cited, strict=True):
        answer += gap if answer else ""
        sentences.append(SentenceOut(text=text, start=len(answer), end=len(answer) + len(text), citations=(n,)))
        answer += text
    return AskResponse(
        question="q",
        standalone_question="q",
        request_id="r",
        status=Status.ANSWERED,
        confidence=0.5,
        generator="extractive",
        notice=None,
        answer=answer,
        sentences=tuple(sentences),
        citations=tuple(citation(n) for n in sorted(set(cited))),
        passages=(),
        related_questions=(),
        index_version="v",
        timings_ms={},
    )


@given(
    st.lists(st.tuples(st.text(min_size=1), st.integers(1, 5)), max_size=6),
    st.sampled_from(["\n\n", " ", "", "\u2028"]),
)
def test_a_citation_comes_once_and_before_any_token_of_a_sentence_that_uses_it(
    parts: list[tuple[str, int]], gap: str
) -> None:
    made = response([text for text, _ in parts], [n for _, n in parts], gap)
    position, given_numbers = 0, []
    for block in events(made):
        name, data = block.decode().removesuffix("\n\n").split("\ndata: ", 1)
        content = json.loads(data)
        if name == "event: citation":
            given_numbers.append(content["n"])
        if name == "event: token":
            end = position + len(content["text"])
            used = {n for s in made.sentences if s.start < end and s.end > position for n in s.citations}
            assert used <= set(given_numbers)
            assert made.answer[position:end] == content["text"]
            position = end
    assert position == len(made.answer)
    assert sorted(given_numbers) == [item.n for item in made.citations]


def test_a_slow_answer_is_announced_by_comment_lines() -> None:
    async def slowly() -> AskResponse:
        return await asyncio.to_thread(lambda: (time.sleep(0.2), response(["Yes. [1]"], [1], " "))[1])

    async def collect() -> list[bytes]:
        return [part async for part in stream_answer(slowly(), ping_s=0.03)]

    parts = run(collect())
    pings = [part for part in parts if part.startswith(b":")]
    assert pings
    assert parts[: len(pings)] == pings
    assert parts[-1].startswith(b"event: done\n")


def test_an_error_after_the_start_is_an_error_event_with_a_problem() -> None:
    async def failing(error: Exception) -> AskResponse:
        raise error

    async def collect(error: Exception) -> bytes:
        return b"".join([part async for part in stream_answer(failing(error))])

    ours = run(collect(ModelError("The model is gone.")))
    assert ours.startswith(b"event: error\n")
    assert json.loads(ours.split(b"data: ")[1])["status"] == 503
    bug = run(collect(RuntimeError("secret")))
    assert json.loads(bug.split(b"data: ")[1])["status"] == 500
    assert b"secret" not in bug


def test_the_accept_header_is_read_by_its_parts() -> None:
    assert wants_stream("text/event-stream")
    assert wants_stream("application/json;q=0.5, Text/Event-Stream; q=1")
    assert not wants_stream("*/*")
    assert not wants_stream("application/json")
