"""Refusals and breakdowns, whoever they come from, are the exceptions that OpenAI's own client has for them."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from api.chat.chunks import Chunks, LiveChat, stream_reply
from api.chat.reply import Reply
from api.problems import RequestRefusedError, install_problem_handlers
from rag.errors import IndexUnavailableError, ModelError
from tests.api.assistants.served_in_process import served


def chat_with(url: str, **more: Any) -> Any:
    import openai  # noqa: PLC0415

    with openai.OpenAI(base_url=f"{url}/v1", api_key="wrong", max_retries=0) as client:
        messages: list[Any] = [{"role": "user", "content": "x"}]
        return list(client.chat.completions.create(model="turnwise", messages=messages, **more))


@pytest.mark.parametrize(
    ("raised", "exception", "kind", "code"),
    [
        (
            RequestRefusedError(401, "Say who you are."),
            "AuthenticationError",
            "authentication_error",
            "invalid_api_key",
        ),
        (RequestRefusedError(403, "Not yours."), "PermissionDeniedError", "permission_error", None),
        (
            RequestRefusedError(429, "Slowly.", {"Retry-After": "7"}),
            "RateLimitError",
            "rate_limit_error",
            "rate_limit_exceeded",
        ),
        (IndexUnavailableError("Damaged."), "InternalServerError", "server_error", None),
    ],
)
def test_a_refusal_is_the_clients_own_exception(raised: Exception, exception: str, kind: str, code: str | None) -> None:
    import openai  # noqa: PLC0415

    app = FastAPI()
    install_problem_handlers(app)

    @app.post("/v1/chat/completions")
    def refuse() -> None:
        raise raised

    with served(app) as url, pytest.raises(getattr(openai, exception)) as refused:
        chat_with(url)
    error = refused.value
    assert error.type == kind
    assert error.code == code
    assert error.body["message"] == str(raised)
    assert error.response.json()["status"] == error.status_code
    assert error.response.headers.get("Retry-After") == ("7" if kind == "rate_limit_error" else None)


def test_an_answer_that_breaks_off_in_the_stream_is_the_clients_own_exception() -> None:
    import openai  # noqa: PLC0415

    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def break_off() -> StreamingResponse:
        async def breaks() -> Reply:
            raise ModelError("The model is gone.")

        live = LiveChat(Chunks("r", include_usage=False))
        return StreamingResponse(stream_reply(asyncio.ensure_future(breaks()), live), media_type="text/event-stream")

    with served(app) as url, pytest.raises(openai.APIError, match="The model is gone"):
        chat_with(url, stream=True)
