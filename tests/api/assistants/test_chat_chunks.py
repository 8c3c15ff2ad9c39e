"""Where citations stand in any text, what becomes history, and chunks that go out while a model still writes."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from api.chat.chunks import DONE, Chunks, LiveChat, stream_reply
from api.chat.conversation import asked_in, exchanges
from api.chat.reply import Reply, without_tail
from api.schemas.answers import AskResponse, CitationOut, SentenceOut
from api.schemas.chat import ChatMessageIn, ChatRequest
from api.streaming import PING
from rag.answering.types import Citation, Status
from rag.errors import ModelError
from rag.transcripts.types import Attribution

Result = TypeVar("Result")
BASE = "https://talks.example"


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run in a thread of its own: Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def citation(n: int) -> CitationOut:
    return CitationOut.of(
        Citation(
            n=n,
            quote="Yes.",
            transcript_id="a/b",
            turn=n,
            start=0,
            end=4,
            speaker=None,
            role=None,
            organisation=None,
            attribution=Attribution.UNKNOWN,
            attribution_reason=None,
            title=f"Talk {n}",
            date=None,
            url=None,
            start_ms=None,
            end_ms=None,
        )
    )


def reply(parts: list[tuple[str, tuple[int, ...]]], notice: str | None = None) -> Reply:
    sentences, answer = [], ""
    for said, cited in parts:
        answer += "\n\n" if answer else ""
        text = f"{said} {''.join(f'[{n}]' for n in cited)}."
        sentences.append(SentenceOut(text=text, start=len(answer), end=len(answer) + len(text), citations=cited))
        answer += text
    made = AskResponse(
        question="q",
        standalone_question="q",
        request_id="r",
        status=Status.ANSWERED,
        confidence=0.5,
        generator="llm",
        notice=notice,
        answer=answer,
        sentences=tuple(sentences),
        citations=tuple(citation(n) for n in sorted({n for _, cited in parts for n in cited})),
        passages=(),
        related_questions=(),
        index_version="v",
        timings_ms={},
    )
    return Reply.of(made, base_url=BASE, prompt=["q"])


said = st.text(st.sampled_from("a🏮é👩\u200d🚒 [1]2\n”"), max_size=12)
numbers = st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True).map(tuple)


@settings(deadline=None)  # the first example loads the tokenizer
@given(st.lists(st.tuples(said, numbers), min_size=1, max_size=4), st.sampled_from([None, "Mind the [1] gap."]))
def test_each_annotation_is_at_its_sentences_own_marker(
    parts: list[tuple[str, tuple[int, ...]]], notice: str | None
) -> None:
    made = reply(parts, notice)
    content = made.completion().choices[0].message.content
    expected, end = [], 0
    for text, cited in parts:
        place = end + len(text) + 1
        for n in cited:
            expected.append((place, place + 3, n))
            place += 3
        end = place + len(".\n\n")
    places = [a.url_citation for a in made.annotations]
    assert [(p.start_index, p.end_index, int(content[p.start_index + 1])) for p in places] == expected
    assert [p.url for p in places] == [f"{BASE}/transcripts/a%2Fb#turn-{n}:0-4" for _, _, n in expected]
    assert without_tail(content).startswith(made.response.answer)
    assert "\n- [" not in without_tail(content).removeprefix(made.response.answer)
    assert (notice or "") in content


def message(role: str, content: Any) -> ChatMessageIn:
    return ChatMessageIn.model_validate({"role": role, "content": content})


def test_history_is_what_the_two_have_said() -> None:
    talk = [
        message("assistant", "Hello."),
        message("user", "One?"),
        message("assistant", "Uno."),
        message("tool", "{}"),
        message("assistant", None),
        message("assistant", "Due."),
        message("user", "Two?"),
        message("system", "Sing."),
        message("user", "Three? " + "x" * 5000),
    ]
    made = exchanges(talk)
    assert [exchange.answer for exchange in made] == ["Uno.\n\nDue.", None, None]
    assert [exchange.question[:6] for exchange in made] == ["One?", "Two?", "Three?"]
    asked = asked_in(ChatRequest(model="turnwise", messages=(*talk, message("user", " Four? "))))
    assert asked.question == "Four?"
    assert len(asked.history) == 3
    assert len(asked_in(ChatRequest(model="turnwise", messages=(*(talk * 30), message("user", "?")))).history) == 20


def streamed(work: Callable[[LiveChat], Reply]) -> list[bytes]:
    async def collect() -> list[bytes]:
        live = LiveChat(Chunks("r", include_usage=False))
        making = asyncio.ensure_future(asyncio.to_thread(work, live))
        return [event async for event in stream_reply(making, live, ping_s=0.03)]

    return run(collect())


def content_of(events: list[bytes]) -> str:
    chunks = [json.loads(event.removeprefix(b"data: ")) for event in events if event.startswith(b"data: {")]
    return "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)


def test_what_a_model_writes_goes_out_once_and_while_it_writes() -> None:
    made = reply([("The lamp 🏮 was lit.", (1,)), ("Twice.", (1, 2))])

    def work(live: LiveChat) -> Reply:
        first, second = (sentence.text for sentence in made.response.sentences)
        live.begin(Status.ANSWERED, "q", [])
        live.hear(first, [])
        time.sleep(0.1)
        live.hear(f"\n\n{second}", [])
        return made

    events = streamed(work)
    assert content_of(events) == made.response.answer + made.tail
    assert PING in events
    assert content_of(events[: events.index(PING)]) == made.response.sentences[0].text
    assert events[-1] == DONE


def test_an_error_after_the_start_is_an_error_and_no_ending() -> None:
    def fails(error: Exception) -> Callable[[LiveChat], Reply]:
        def work(live: LiveChat) -> Reply:
            raise error

        return work

    events = streamed(fails(ModelError("The model is gone.")))
    assert json.loads(events[-1].removeprefix(b"data: "))["error"]["message"] == "The model is gone."
    assert DONE not in events
    assert b"secret" not in b"".join(streamed(fails(RuntimeError("secret"))))
