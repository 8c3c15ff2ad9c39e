"""The official client, held to what we want of it; what it raises becomes ours here."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from time import time
from typing import Any, cast

import httpx2
import openai
import tenacity
from pydantic import SecretStr

from rag.answering.generation.types import Message
from rag.errors import GeneratorError

ATTEMPTS = 3
"""Of one call, the first included."""
BACKOFF_S = 0.08
"""Before the second attempt; twice that before the third: an endpoint that is down costs a third of a second."""
LONGEST_PAUSE_S = 3.0
"""That `Retry-After` may ask for; where more is asked for, a reader is better served with quotes at once."""
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
BLAMES_REQUEST = frozenset({400, 413, 422})
"""They say nothing of how the endpoint is."""
MOST_BYTES = 4 * 1024 * 1024
"""Of one reply, whatever is in it: far above any answer, small enough for memory."""
WHOLE = re.compile(r"\s*application/(?:[\w.-]+\+)?json\b", re.IGNORECASE)
"""The type of a reply that is no stream."""
UNWANTED = re.compile(r"max_tokens|max_completion_tokens|temperature", re.IGNORECASE)
"""Parameters that some models refuse; their refusal names them."""
REASONS = {
    401: "its endpoint refuses the key",
    403: "its endpoint refuses the key",
    404: "its endpoint does not know the address or the model",
    413: "its endpoint finds the request too long",
    429: "its endpoint is asked too often at the moment",
}

FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (openai.APITimeoutError, "its endpoint did not take the connection in time"),
    (openai.APIConnectionError, "its endpoint can't be reached"),
    (openai.APIResponseValidationError, "its reply can't be read"),
    (openai.APIError, "its endpoint reported an error while it answered"),
    (json.JSONDecodeError, "its reply can't be read"),
    (UnicodeDecodeError, "its reply can't be read"),
)
"""The first that fits counts."""
CUT_OFF = {
    "length": "its reply reached the limit that TURNWISE_LLM_ANSWER_TOKENS sets",
    "content_filter": "its endpoint withheld the rest of its reply",
}
"""Ends that are none, by finish reason: the last sentence may lack what makes it true."""


class ChatClient:
    """Chat completions of one model, as a stream. Lives on one event loop.

    Args:
        base_url: The endpoint's address.
        model: The model's name there.
        api_key: The key, if any.
        answer_tokens: How many tokens a reply may have.
        connect_timeout_s: How long connecting may take.
    """

    def __init__(
        self, *, base_url: str, model: str, api_key: SecretStr | None, answer_tokens: int, connect_timeout_s: float
    ) -> None:
        self._model = model
        self._answer_tokens = answer_tokens
        self._plain = False
        self._client = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=api_key.get_secret_value() if api_key else "none",
            max_retries=0,
            # Reading has no limit here: the caller keeps the deadlines, and cancels.
            timeout=openai.Timeout(None, connect=connect_timeout_s, pool=connect_timeout_s),
            http_client=openai.DefaultAsyncHttpxClient(event_hooks={"response": [_limit]}, follow_redirects=False),
        )
        # The client takes these from OPENAI_ORG_ID and OPENAI_PROJECT_ID, which may be meant for another endpoint.
        self._client.organization = self._client.project = None

    async def reply(self, messages: Sequence[Message]) -> AsyncIterator[str]:
        """Yield a reply piece by piece; an empty piece is a sign of life.

        Raises:
            GeneratorError: The endpoint can't be reached, refuses, breaks off or sends what can't be read.
        """
        finished, cut_off = False, None
        try:
            stream = await self._opened(messages)
            async with stream:
                if WHOLE.match(stream.response.headers.get("content-type", "")):
                    yield ""
                    text, reason = _whole(await stream.response.aread())
                    yield text
                    cut_off = CUT_OFF.get(reason)
                    finished = True
                try:
                    while not finished and (chunk := await anext(stream, None)) is not None:
                        choice = chunk.choices[0] if chunk.choices else None
                        yield _text_of(choice.delta.content) if choice and choice.delta else ""
                        if choice and choice.finish_reason:
                            cut_off = CUT_OFF.get(choice.finish_reason)
                            finished = True
                finally:
                    await _let_go(stream)
        except Exception as error:
            raise _translated(error) from error
        if not finished:
            raise GeneratorError("its reply broke off")
        if cut_off:
            raise GeneratorError(cut_off, blames_request=True)

    async def close(self) -> None:
        """Release connections."""
        await self._client.close()

    async def _opened(self, messages: Sequence[Message]) -> openai.AsyncStream[Any]:
        try:
            return await self._tried(messages)
        except openai.BadRequestError as error:
            if self._plain or not UNWANTED.search(str(error.message)):
                raise
            self._plain = True
            return await self._tried(messages)

    async def _tried(self, messages: Sequence[Message]) -> openai.AsyncStream[Any]:
        limits: dict[str, Any] = {"max_tokens": self._answer_tokens, "temperature": 0}
        if self._plain:
            limits = {"max_completion_tokens": self._answer_tokens}
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(_may_pass), stop=_gives_up, wait=_pause_s, reraise=True
        )
        stream: Any = None
        async for attempt in retrying:
            with attempt:
                stream = await self._client.chat.completions.create(
                    model=self._model,
                    messages=cast(Any, [{"role": m.role, "content": m.content} for m in messages]),
                    stream=True,
                    **limits,
                )
        return cast("openai.AsyncStream[Any]", stream)


async def _let_go(stream: openai.AsyncStream[Any]) -> None:
    """Bring a stream that is no longer read to its end.

    One that is left in the middle holds itself in memory until the garbage collector finds it, on any thread.
    """
    with suppress(Exception):
        async with asyncio.timeout(0):
            while await anext(stream, None) is not None:
                pass


def _whole(body: bytes) -> tuple[str, str]:
    """Return the text and the finish reason of a reply that came as one document, by an endpoint that can't stream.

    Raises:
        GeneratorError: It is none.
    """
    found = json.loads(body)
    if isinstance(found, dict) and found.get("error"):
        raise GeneratorError("its endpoint reported an error while it answered")
    try:
        choice = found["choices"][0]
        return _text_of(choice["message"]["content"]), str(choice.get("finish_reason") or "stop")
    except (AttributeError, IndexError, KeyError, TypeError):
        raise GeneratorError("its reply can't be read") from None


def _text_of(content: Any) -> str:
    """Return the text of a delta; some endpoints send a list of parts, in which thoughts have a type of their own."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = (part.get("text") for part in parts if isinstance(part, dict) and part.get("type", "text") == "text")
    return "".join(text for text in texts if isinstance(text, str))


class _LimitedStream(httpx2.AsyncByteStream):
    """A body that ends with an error where it grows too large."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_BYTES
        async for data in self._stream:
            left -= len(data)
            if left < 0:
                raise GeneratorError("its reply is too large")
            yield data

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _limit(response: httpx2.Response) -> None:
    response.stream = _LimitedStream(cast(httpx2.AsyncByteStream, response.stream))


def _may_pass(error: BaseException) -> bool:
    """Say whether another attempt may help: not after a timeout, which has used up the reader's patience."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in PASSING
    return isinstance(error, openai.APIConnectionError) and not isinstance(error, openai.APITimeoutError)


def _asked_pause_s(error: BaseException | None) -> float:
    """Return the pause that `Retry-After` asks for (RFC 9110, section 10.2.3: seconds or a date); 0 without one."""
    if not isinstance(error, openai.APIStatusError):
        return 0.0
    value = error.response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (TypeError, ValueError):
        return 0.0


def _error_of(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _pause_s(state: tenacity.RetryCallState) -> float:
    backoff = tenacity.wait_exponential_jitter(multiplier=BACKOFF_S, jitter=BACKOFF_S / 4)(state)
    return max(_asked_pause_s(_error_of(state)), backoff)


def _gives_up(state: tenacity.RetryCallState) -> bool:
    return state.attempt_number >= ATTEMPTS or _asked_pause_s(_error_of(state)) > LONGEST_PAUSE_S


def _translated(error: Exception) -> GeneratorError:
    """Return the reason in words. Never the library's own: it can quote the key, the address or the reply."""
    for ours in (error, error.__cause__):
        if isinstance(ours, GeneratorError):
            return ours
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        reason = REASONS.get(status, f"its endpoint answers with an error, HTTP {status}")
        return GeneratorError(reason, blames_request=status in BLAMES_REQUEST)
    fault = next((words for kind, words in FAULTS if isinstance(error, kind)), None)
    return GeneratorError(fault or f"its reply could not be read ({type(error).__name__})")
