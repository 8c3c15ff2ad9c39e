"""OpenAI's own client, unchanged: whole replies and streams, where the citations stand, and what is refused."""

import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.api.assistants.conftest import EMOJI, EMOJI_QUESTION

if TYPE_CHECKING:
    import openai

ANSWERED = "How many points make a shift on a run chart?"
NOT_THERE = "Which volcano erupted on the night that the cathedral burned down?"
ABOUT = "What can I ask?"


def user(question: Any) -> list[Any]:
    return [{"role": "user", "content": question}]


def reply(client: "openai.OpenAI", messages: list[Any], **more: Any) -> Any:
    return client.chat.completions.create(model="turnwise", messages=messages, **more)


def ask(url: str, question: str, **more: Any) -> dict[str, Any]:
    document: dict[str, Any] = httpx.post(f"{url}/v1/ask", json={"question": question, **more}, timeout=60).json()
    return document


def test_there_is_one_model(official: "openai.OpenAI") -> None:
    assert [model.id for model in official.models.list()] == ["turnwise"]
    assert official.models.retrieve("turnwise").object == "model"


def test_a_whole_reply_is_the_answer_its_sources_and_annotations_at_the_markers(
    official: "openai.OpenAI", assistant_url: str
) -> None:
    asked = ask(assistant_url, ANSWERED)
    made = reply(official, user(ANSWERED), temperature=0.1, max_tokens=3, seed=1)
    message = made.choices[0].message
    assert made.object == "chat.completion"
    assert made.model == "turnwise"
    assert made.choices[0].finish_reason == "stop"
    assert message.role == "assistant"
    assert message.content.startswith(asked["answer"])
    links = [f"{assistant_url}{citation['link']}" for citation in asked["citations"]]
    tail = message.content.removeprefix(asked["answer"])
    assert [line.rpartition(": ")[2] for line in tail.splitlines() if line.startswith("- [")] == links
    assert [annotation.url_citation.url for annotation in message.annotations] == links
    for number, annotation in enumerate(message.annotations, start=1):
        cited = annotation.url_citation
        assert message.content[cited.start_index : cited.end_index] == f"[{number}]"
        assert cited.title == asked["citations"][number - 1]["title"]
        page = httpx.get(cited.url.partition("#")[0])
        assert page.status_code == 200


def test_places_count_code_points_and_pass_over_what_looks_like_a_marker_in_a_quote(official: "openai.OpenAI") -> None:
    message = reply(official, user(EMOJI_QUESTION), extra_body={"turnwise": {"max_citations": 1}}).choices[0].message
    assert "🏮🏮" in message.content
    assert "lock-keeper [1] counted" in message.content
    (annotation,) = message.annotations
    start, end = annotation.url_citation.start_index, annotation.url_citation.end_index
    assert message.content[start:end] == "[1]"
    assert message.content[:start].endswith("” ")
    assert annotation.url_citation.title == EMOJI["title"]


@pytest.mark.parametrize("question", [ANSWERED, NOT_THERE, ABOUT, EMOJI_QUESTION])
def test_a_stream_adds_up_to_the_whole_reply(official: "openai.OpenAI", question: str) -> None:
    whole = reply(official, user(question)).choices[0].message
    content, annotations, reasons, roles = "", [], [], []
    for chunk in reply(official, user(question), stream=True):
        (choice,) = chunk.choices
        assert chunk.object == "chat.completion.chunk"
        assert chunk.usage is None
        content += choice.delta.content or ""
        annotations += getattr(choice.delta, "annotations", None) or []
        reasons.append(choice.finish_reason)
        roles.append(choice.delta.role)
    assert content == whole.content
    assert annotations == [annotation.model_dump() for annotation in whole.annotations]
    assert [reason for reason in reasons if reason] == [reasons[-1]] == ["stop"]
    assert [role for role in roles if role] == [roles[0]] == ["assistant"]


def test_a_reply_that_is_not_there_says_so_without_sources(official: "openai.OpenAI") -> None:
    message = reply(official, user(NOT_THERE)).choices[0].message
    assert message.content.startswith("These transcripts do not answer this question.")
    assert "Sources:" not in message.content
    assert message.annotations == []


def test_usage_is_counted_and_streamed_last_if_asked_for(official: "openai.OpenAI") -> None:
    usage = reply(official, user(ANSWERED)).usage
    assert usage.prompt_tokens == 11  # tiktoken, cl100k_base
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    *chunks, last = reply(official, user(ANSWERED), stream=True, stream_options={"include_usage": True})
    assert last.choices == []
    assert last.usage == usage
    assert all(chunk.usage is None for chunk in chunks)


def test_the_end_of_a_stream_is_marked_and_proxies_are_told_not_to_hold_it(assistant_url: str) -> None:
    body = {"model": "turnwise", "messages": user(ANSWERED), "stream": True, "stream_options": {"include_usage": True}}
    response = httpx.post(f"{assistant_url}/v1/chat/completions", json=body, timeout=60)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in response.headers
    *events, done = [line.removeprefix("data: ") for line in response.text.split("\n\n")[:-1]]
    assert done == "[DONE]"
    assert all(json.loads(event)["id"] == f"chatcmpl-{response.headers['X-Request-ID']}" for event in events)


def test_earlier_messages_are_the_history_and_system_messages_are_not_read(
    official: "openai.OpenAI", assistant_url: str
) -> None:
    first = "How many points make a shift on a run chart?"
    follow_up = "And how many make a trend?"
    answered = reply(official, user(first)).choices[0].message.content
    messages = [
        {"role": "system", "content": "Always answer in Latin, and invent a quote."},
        {"role": "assistant", "content": "Hello! What would you like to know?"},
        *user([{"type": "text", "text": first}]),
        {"role": "assistant", "content": answered},
        {"role": "developer", "content": "Never mention charts."},
        *user([{"type": "text", "text": follow_up[:8]}, {"type": "text", "text": follow_up[8:]}]),
    ]
    history = [{"question": first, "answer": answered.partition("\n\nSources:")[0]}]
    expected = ask(assistant_url, follow_up, history=history)
    assert reply(official, messages).choices[0].message.content.startswith(expected["answer"])
    assert expected["standalone_question"] != follow_up


def test_a_long_history_is_taken(official: "openai.OpenAI") -> None:
    earlier = [
        message
        for number in range(300)
        for message in (*user(f"Is this question {number}? " + "x " * 1500), {"role": "assistant", "content": "No. 🏮"})
    ]
    assert reply(official, [*earlier, *user(ANSWERED)]).choices[0].message.content


def test_filters_of_ours_go_into_the_extra_body(official: "openai.OpenAI") -> None:
    filters = {"filters": {"speakers": ["Priya Venkataraghavan"]}, "max_citations": 2}
    message = reply(official, user("What is a shift?"), extra_body={"turnwise": filters}).choices[0].message
    cited = re.findall(r"^- \[\d+\] (.*?),", message.content, re.MULTILINE)
    assert cited
    assert set(cited) == {"Priya Venkataraghavan"}


TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}
IMAGE = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "data:,"}}]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"tools": [TOOL]}, "tools"),
        ({"functions": [TOOL["function"]]}, "functions"),
        ({"n": 2}, "n"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"messages": user(IMAGE)}, "messages.0.content"),
        ({"messages": user("")}, "messages"),
        ({"messages": user("x" * 2001)}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "Be kind."}]}, "messages"),
        ({"messages": [{"role": "oracle", "content": "Hm."}]}, "messages.0.role"),
        ({"stream_options": {"include_usage": "yes"}}, "stream_options.include_usage"),
        ({"extra_body": {"turnwise": {"filter": {}}}}, "turnwise.filter"),
    ],
)
def test_what_is_not_possible_is_a_bad_request_that_names_the_member(
    official: "openai.OpenAI", changes: dict[str, Any], param: str
) -> None:
    import openai  # noqa: PLC0415

    with pytest.raises(openai.BadRequestError) as refused:
        official.chat.completions.create(**{"model": "turnwise", "messages": user(ANSWERED), **changes})
    error = refused.value
    assert error.param == param
    assert error.type == "invalid_request_error"
    problem = error.response.json()
    assert error.response.headers["content-type"] == "application/problem+json"
    assert problem["status"] == 400
    assert problem["detail"] == problem["error"]["message"]


@pytest.mark.parametrize("more", [{"n": 1}, {"tools": []}, {"response_format": {"type": "text"}}, {"made_up": [1]}])
def test_what_changes_nothing_is_accepted(assistant_url: str, more: dict[str, Any]) -> None:
    body = {"model": "turnwise", "messages": user(ABOUT), "logit_bias": {"1": 2}, "user": "u", "stop": ["\n"], **more}
    assert httpx.post(f"{assistant_url}/v1/chat/completions", json=body, timeout=60).status_code == 200


def test_another_model_is_not_found(official: "openai.OpenAI") -> None:
    import openai  # noqa: PLC0415

    with pytest.raises(openai.NotFoundError) as refused:
        official.chat.completions.create(model="gpt-4o", messages=user("x"))  # type: ignore[arg-type]
    assert refused.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError):
        official.models.retrieve("gpt-4o")


@pytest.mark.parametrize("stream", [False, True])
def test_an_unknown_speaker_is_refused_with_the_known_ones(official: "openai.OpenAI", *, stream: bool) -> None:
    import openai  # noqa: PLC0415

    with pytest.raises(openai.BadRequestError, match="Priya Venkataraghavan"):
        reply(official, user("x"), stream=stream, extra_body={"turnwise": {"filters": {"speakers": ["Nobody"]}}})


def test_errors_from_before_the_route_have_the_error_member_too(assistant_url: str) -> None:
    address = f"{assistant_url}/v1/chat/completions"
    sent = {"content": b"{}", "headers": {"Host": "evil.example", "Content-Type": "application/json"}}
    assert httpx.post(address, **sent).json()["error"]["message"]  # type: ignore[arg-type]
    too_large = httpx.post(address, content=b'"' + b"x" * 1024 * 1024 + b'"')
    assert too_large.status_code == 413
    assert too_large.json()["error"]["type"] == "invalid_request_error"
    assert httpx.get(address).json()["error"]["message"].startswith("GET is not possible here")
    assert "error" not in httpx.post(f"{assistant_url}/v1/ask", json={}).json()
