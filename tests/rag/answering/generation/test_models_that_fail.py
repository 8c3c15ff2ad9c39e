"""An endpoint that is down, slow, broken or hostile costs a reader little time and never an answer."""

import gc
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import AsyncGeneratorType
from typing import TYPE_CHECKING, Any

import pytest

from rag.answering.types import Answer

if TYPE_CHECKING:
    from rag.assembly import Turnwise

QUESTION = "How many doses were on time when they counted?"
TRUE = "Maggie Thistlewood said that over six weeks 52 per cent of doses were on time. "
ALSO_TRUE = "The standard is put so: “a dose is on time if it's given within thirty minutes either side of the time”. "
KEY = "sk-never-to-be-seen-4711"


def timed(answerer: Any, **more: Any) -> tuple[Answer, float]:
    began = time.perf_counter()
    answer = answerer.ask(QUESTION, **more)
    return answer, time.perf_counter() - began


@pytest.fixture(scope="module")
def quotes(written_by: Callable[..., Any]) -> Answer:
    answer: Answer = written_by("any").ask(QUESTION, generator="extractive")
    return answer


def assert_quotes_instead(answer: Answer, quotes: Answer, reason: str) -> None:
    assert answer.generator == "extractive"
    assert (answer.answer, answer.sentences, answer.citations) == (quotes.answer, quotes.sentences, quotes.citations)
    assert answer.notice is not None
    assert reason in answer.notice
    assert "quotes alone" in answer.notice
    assert KEY not in answer.notice
    assert "127.0.0.1" not in answer.notice


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def black_hole() -> Iterator[int]:
    """Give a port that takes no connection and refuses none: its backlog is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port: int = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(8)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        yield port
        for one in waiting:
            one.close()


def test_an_endpoint_that_is_down_is_done_without_within_a_second(
    written_by: Callable[..., Any], quotes: Answer
) -> None:
    answerer = written_by("any", llm_base_url=f"http://127.0.0.1:{closed_port()}/v1")
    answerer._writer._generator.prepare()  # as a server does while it warms up
    answer, seconds = timed(answerer)
    assert_quotes_instead(answer, quotes, "can't be reached")
    assert seconds < 1


def test_an_endpoint_that_does_not_take_connections_is_done_without_within_a_second(
    written_by: Callable[..., Any], quotes: Answer, black_hole: int
) -> None:
    answerer = written_by("any", llm_base_url=f"http://127.0.0.1:{black_hole}/v1")
    answerer._writer._generator.prepare()
    answer, seconds = timed(answerer)
    assert_quotes_instead(answer, quotes, "did not take the connection in time")
    assert seconds < 1.2  # 0.7 s of it are the time that connecting may take


@pytest.mark.parametrize(
    ("status", "reason", "attempts"),
    [
        (401, "refuses the key", 1),
        (404, "does not know the address or the model", 1),
        (413, "too long", 1),
        (500, "HTTP 500", 3),
        (503, "HTTP 503", 3),
        (429, "asked too often", 3),
    ],
)
def test_a_refusal_is_tried_again_only_if_it_may_pass(
    *, llm_server: Any, written_by: Callable[..., Any], quotes: Answer, status: int, reason: str, attempts: int
) -> None:
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}})
    model = llm_server.model(lambda respond: respond.status(status, body))
    answer, seconds = timed(written_by(model))
    assert_quotes_instead(answer, quotes, reason)
    assert len(llm_server.calls_of(model)) == attempts
    assert seconds < 2


def test_a_pause_that_is_asked_for_is_kept_if_it_is_short(llm_server: Any, written_by: Callable[..., Any]) -> None:
    def script(respond: Any) -> None:
        if len(llm_server.calls_of(model)) == 1:
            respond.status(429, Retry_After="1")
        else:
            respond.say(TRUE)
            respond.done()

    model = llm_server.model(script)
    answer, seconds = timed(written_by(model))
    assert answer.generator == "llm"
    assert seconds >= 1


def test_a_long_pause_is_not_waited_for(llm_server: Any, written_by: Callable[..., Any], quotes: Answer) -> None:
    model = llm_server.model(lambda respond: respond.status(429, Retry_After="30"))
    answer, seconds = timed(written_by(model))
    assert_quotes_instead(answer, quotes, "asked too often")
    assert len(llm_server.calls_of(model)) == 1
    assert seconds < 2


def test_parameters_that_a_model_refuses_are_left_out(llm_server: Any, written_by: Callable[..., Any]) -> None:
    def script(respond: Any) -> None:
        if "max_tokens" in respond.call.body or "temperature" in respond.call.body:
            respond.status(400, json.dumps({"error": {"message": "Unsupported parameter: 'max_tokens'"}}))
        else:
            respond.say(TRUE)
            respond.done()

    model = llm_server.model(script)
    answerer = written_by(model)
    assert [answerer.ask(QUESTION).generator for _ in range(2)] == ["llm", "llm"]
    assert len(llm_server.calls_of(model)) == 3
    assert "max_completion_tokens" in llm_server.calls_of(model)[-1].body


@pytest.mark.parametrize(("reason", "ends"), [("stop", True), (None, True), ("length", False)])
def test_an_endpoint_that_does_not_stream_is_read_as_a_whole(
    *, llm_server: Any, written_by: Callable[..., Any], reason: str | None, ends: bool
) -> None:
    message = {"role": "assistant", "content": TRUE + ALSO_TRUE}
    body = json.dumps({"id": "c", "choices": [{"index": 0, "message": message, "finish_reason": reason}]})
    answer = written_by(llm_server.model(lambda respond: respond.status(200, body))).ask(QUESTION)
    assert (answer.generator, len(answer.sentences)) == ("llm", 2)
    assert (answer.notice is None) is ends


@pytest.mark.parametrize("leaves", [False, True])
def test_a_stream_is_ended_and_not_left_to_the_garbage_collector(llm_server: Any, *, leaves: bool) -> None:
    from rag.answering.generation.endpoint import ChatEndpoint  # noqa: PLC0415
    from rag.answering.generation.types import Message  # noqa: PLC0415

    def script(respond: Any) -> None:
        respond.say("Yes. " * 400)
        respond.done()

    def streams() -> list[Any]:
        found = (each for each in gc.get_objects() if isinstance(each, AsyncGeneratorType))
        return [each for each in found if "stream" in each.__qualname__.casefold()]

    def left() -> list[str]:
        return [each.__qualname__ for each in streams() if not any(each is other for other in before)]

    gc.collect()
    before = streams()  # of servers that other tests have in this process
    endpoint = ChatEndpoint(base_url=llm_server.url, model=llm_server.model(script))
    gc.disable()
    try:
        call = endpoint.stream([Message(role="user", content="Well?")], stopped=lambda: False)
        for _ in call:
            if leaves:
                call.close()  # type: ignore[attr-defined]
                break
        deadline = time.monotonic() + 5
        while left() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert left() == []
    finally:
        gc.enable()
        endpoint.close()


def silent(respond: Any) -> None:
    respond.raw(b": still thinking\n\n")
    for _ in range(100):
        time.sleep(0.05)
        respond.raw(b": still thinking\n\n")


def dripping(respond: Any) -> None:
    respond.say("They ")
    for _ in range(200):
        time.sleep(0.05)
        respond.token("counted ")


def cut(respond: Any) -> None:
    respond.say("Maggie Thistlewood said that over six weeks 52 per cent of")


def endless_line(respond: Any) -> None:
    while True:
        respond.raw(b"x" * 65_536)


def endless_sentence(respond: Any) -> None:
    while True:
        respond.token("and then they counted the doses again " * 20)


def endless_lies(respond: Any) -> None:
    while True:
        respond.token("The director of the bank resigned in 1987 after the fire. ")


FAULTS: dict[str, tuple[Callable[[Any], None], str]] = {
    "nothing but signs of life": (silent, "did not begin to answer in time"),
    "drop by drop": (dripping, "did not finish its answer in time"),
    "cut off": (cut, "broke off"),
    "not JSON": (lambda respond: respond.raw(b"data: {not json\n\n"), "can't be read"),
    "JSON of another kind": (lambda respond: respond.raw(b"data: [1, 2]\n\n"), "could not be read"),
    "an error event": (lambda r: r.event({"error": {"message": KEY, "code": 500}}), "reported an error"),
    "not a stream": (lambda respond: respond.status(200, "<html>Welcome</html>"), "can't be read"),
    "a document of another kind": (lambda respond: respond.status(200, '{"choices": []}'), "can't be read"),
    "a document of an error": (lambda r: r.status(200, json.dumps({"error": {"message": KEY}})), "reported an error"),
    "nothing": (lambda respond: respond.done(), "nothing that can be used"),
    "a line without end": (endless_line, "too large"),
    "a sentence without end": (endless_sentence, "nothing that can be used"),
    "lies without end": (endless_lies, "bear out none"),
    "huge": (lambda respond: respond.say("word " * 200_000, 500_000), "nothing that can be used"),
}


@pytest.mark.parametrize(("script", "reason"), FAULTS.values(), ids=FAULTS.keys())
def test_a_reply_that_is_no_answer_gives_way_to_quotes(
    *,
    llm_server: Any,
    written_by: Callable[..., Any],
    wait_until: Callable[..., bool],
    quotes: Answer,
    script: Callable[[Any], None],
    reason: str,
) -> None:
    model = llm_server.model(script)
    limit_s = 1 if script is dripping else 20
    answer, seconds = timed(written_by(model, llm_first_token_timeout_s=0.5, llm_timeout_s=limit_s))
    assert_quotes_instead(answer, quotes, reason)
    assert seconds < 15
    if script in (silent, dripping, endless_line, endless_sentence, endless_lies):
        assert wait_until(llm_server.calls_of(model)[0].ended_by_client.is_set, 5)


def test_what_held_before_a_reply_broke_off_is_kept_and_said_to_be_cut(
    llm_server: Any, written_by: Callable[..., Any]
) -> None:
    def script(respond: Any) -> None:
        respond.say(TRUE + ALSO_TRUE + "And a third sentence that is not fini")

    model = llm_server.model(script)
    answer = written_by(model).ask(QUESTION)
    assert answer.generator == "llm"
    assert len(answer.sentences) == 2
    assert answer.notice == "The language model broke off (its reply broke off)."


def test_after_three_failures_the_endpoint_is_spared_and_later_tried_by_one(
    turnwise: "Turnwise", llm_server: Any
) -> None:
    from rag.answering.generation.breaker import CircuitBreaker  # noqa: PLC0415
    from rag.answering.generation.endpoint import ChatEndpoint  # noqa: PLC0415
    from rag.answering.generation.types import Message  # noqa: PLC0415
    from rag.errors import GeneratorError  # noqa: PLC0415

    now = [0.0]
    works = threading.Event()

    def script(respond: Any) -> None:
        if works.is_set():
            respond.say("Yes.")
            respond.done()
        else:
            respond.status(403)

    model = llm_server.model(script)
    breaker = CircuitBreaker(failures=3, pause_s=30, clock=lambda: now[0])
    endpoint = ChatEndpoint(base_url=llm_server.url, model=model, breaker=breaker)

    def reply() -> str:
        return "".join(endpoint.stream([Message(role="user", content="Well?")], stopped=lambda: False))

    try:
        for _ in range(3):
            with pytest.raises(GeneratorError, match="refuses the key"):
                reply()
        with pytest.raises(GeneratorError, match="left alone"):
            reply()
        assert len(llm_server.calls_of(model)) == 3
        now[0] = 31
        with pytest.raises(GeneratorError, match="refuses the key"):
            reply()
        with pytest.raises(GeneratorError, match="left alone"):
            reply()
        now[0] = 62
        works.set()
        assert breaker.admits()
        with pytest.raises(GeneratorError, match="left alone"):
            reply()  # one is trying already
        breaker.abandoned()
        assert reply() == "Yes."
        assert reply() == "Yes."
    finally:
        endpoint.close()


def test_the_key_goes_to_the_endpoint_and_nowhere_else(
    llm_server: Any, written_by: Callable[..., Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another")
    caplog.set_level("DEBUG")
    refusing = llm_server.model(lambda r: r.status(401, json.dumps({"error": {"message": f"no {KEY}"}})))
    answer = written_by(refusing).ask(QUESTION)
    assert llm_server.calls_of(refusing)[0].key == f"Bearer {KEY}"
    assert KEY not in repr(answer)
    assert not [
        record for record in caplog.records if record.name.startswith("turnwise") and KEY in record.getMessage()
    ]


def test_no_more_calls_at_once_than_leave_room_for_searches(llm_server: Any) -> None:
    from rag.answering.generation.endpoint import MOST_AT_ONCE, ChatEndpoint  # noqa: PLC0415
    from rag.answering.generation.types import Message  # noqa: PLC0415
    from rag.errors import GeneratorError  # noqa: PLC0415

    endpoint = ChatEndpoint(base_url=llm_server.url, model=llm_server.model(dripping))
    calls = [endpoint.stream([Message(role="user", content="?")], stopped=lambda: False) for _ in range(MOST_AT_ONCE)]
    try:
        for call in calls:
            next(call)
        with pytest.raises(GeneratorError, match="busy"):
            next(endpoint.stream([Message(role="user", content="?")], stopped=lambda: False))
        calls.pop().close()  # type: ignore[attr-defined]
        assert next(endpoint.stream([Message(role="user", content="?")], stopped=lambda: False))
    finally:
        for call in calls:
            call.close()  # type: ignore[attr-defined]
        endpoint.close()
