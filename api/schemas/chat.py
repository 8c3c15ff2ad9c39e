"""OpenAI-compatible chat: what `POST /v1/chat/completions` and `GET /v1/models` take and answer.

Members are those of OpenAI's API reference. Unknown ones are ignored here, since real clients send many: sampling
parameters have nothing to sample, and a quote is not shortened by a limit on tokens.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator

from api.schemas.requests import MAX_QUESTION, FiltersIn, OptionalFilters, unicode_only
from api.schemas.wire import Incoming, Outgoing

MODEL = "turnwise"
TEXT_MEMBERS = {"text": "text", "refusal": "refusal"}
"""Kinds of part that hold text, and the member that it is in."""
_CONTENT_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "text"],
                "properties": {"type": {"const": "text"}, "text": {"type": "string"}},
            },
        },
        {"type": "null"},
    ],
    "description": "Text, or a list of text parts; other parts are refused.",
}


def _text_of(content: Any) -> Any:
    """Put the text parts of a message together; none is the empty text."""
    if content is None:
        return ""
    return "".join(map(_text_of_part, content)) if isinstance(content, list | tuple) else content


def _text_of_part(part: Any) -> str:
    if not isinstance(part, Mapping) or not isinstance(part.get("type"), str):
        raise ValueError("each part of a message is an object with a type")  # noqa: TRY004 - pydantic reads it
    member = TEXT_MEMBERS.get(part["type"])
    if member is None:
        raise ValueError(f"only text is read here; this is a part of type {part['type'][:50]!r}")
    if not isinstance(part.get(member), str):
        raise ValueError(f"a part of type {part['type']!r} has its text in the member {member!r}")  # noqa: TRY004
    return str(part[member])


class Lenient(BaseModel):
    """Base of what OpenAI's clients send: unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ChatMessageIn(Lenient):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[
        str, BeforeValidator(_text_of), AfterValidator(unicode_only), WithJsonSchema(_CONTENT_SCHEMA)
    ] = ""


class StreamOptionsIn(Lenient):
    """How a reply is streamed."""

    include_usage: bool | None = Field(default=None, strict=True, description="Send the usage in a last chunk.")


class TurnwiseOptionsIn(Incoming):
    """What OpenAI's request has no member for; with the official client it goes into `extra_body`."""

    filters: OptionalFilters = FiltersIn()
    max_citations: int = Field(default=6, ge=1, le=12, strict=True, description="How many quotes at most.")
    generator: Literal["extractive", "llm"] | None = Field(default=None, description="As in `POST /v1/ask`.")


class ChatRequest(Lenient):
    """A conversation whose last user message is the question.

    Earlier messages are its history. System messages give no instructions here and are not read. Sampling parameters
    and fields that are not listed are accepted and ignored.
    """

    model: str = Field(min_length=1, max_length=200, description="`turnwise`.")
    messages: tuple[ChatMessageIn, ...] = Field(min_length=1)
    stream: bool | None = Field(default=None, strict=True, description="True: answer as server-sent events.")
    stream_options: StreamOptionsIn | None = None
    n: int | None = Field(default=None, strict=True, description="There is one answer: only 1 is possible.")
    tools: tuple[Any, ...] | None = Field(default=None, description="Must be empty: no tools are called here.")
    functions: tuple[Any, ...] | None = Field(default=None, description="Must be empty: no functions are called here.")
    response_format: dict[str, Any] | None = Field(default=None, description='Only `{"type": "text"}` is possible.')
    turnwise: TurnwiseOptionsIn | None = Field(default=None, description="Filters and more, for callers who know us.")

    @field_validator("messages")
    @classmethod
    def _last_is_a_question(cls, messages: tuple[ChatMessageIn, ...]) -> tuple[ChatMessageIn, ...]:
        questions = [message.content.strip() for message in messages if message.role == "user"]
        if not questions:
            raise ValueError("a message of the role 'user' is needed: the last one is the question")
        if not 1 <= len(questions[-1]) <= MAX_QUESTION:
            raise ValueError(
                f"the last user message is the question; it has {len(questions[-1]):,} characters, "
                f"a question has 1 to {MAX_QUESTION:,}"
            )
        return messages

    @field_validator("n")
    @classmethod
    def _one_answer(cls, n: int | None) -> int | None:
        if n not in (None, 1):
            raise ValueError("there is one answer to a question: leave n out, or 1")
        return n

    @field_validator("tools", "functions")
    @classmethod
    def _no_tools(cls, tools: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
        if tools:
            raise ValueError("this model calls no tools: leave them out")
        return tools

    @field_validator("response_format")
    @classmethod
    def _only_text(cls, wanted: dict[str, Any] | None) -> dict[str, Any] | None:
        if wanted is not None and wanted.get("type") != "text":
            raise ValueError("answers are prose: the only format is {'type': 'text'}; POST /v1/ask answers with JSON")
        return wanted


class UrlCitationOut(Outgoing):
    """Where a citation's marker stands in the content, and where the quote can be read."""

    start_index: int = Field(description="First code point of the marker `[n]` in the content.")
    end_index: int = Field(description="Code point after the marker: `content[start_index:end_index]` is `[n]`.")
    url: str = Field(description="The reader, at the quote.")
    title: str = Field(description="The conversation's title.")


class AnnotationOut(Outgoing):
    """A citation, as OpenAI's web search gives them."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitationOut


class ChatMessageOut(Outgoing):
    """The reply."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="The answer, what to know about it, and a short list of its sources.")
    refusal: None = None
    annotations: tuple[AnnotationOut, ...]


class ChoiceOut(Outgoing):
    """The only choice."""

    index: Literal[0] = 0
    message: ChatMessageOut
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class UsageOut(Outgoing):
    """Tokens of the texts, by tiktoken (cl100k_base)."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(Outgoing):
    """What `POST /v1/chat/completions` answers."""

    id: str = Field(description="`chatcmpl-` and the request's id.")
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Seconds since 1970, UTC.")
    model: str
    choices: tuple[ChoiceOut, ...]
    usage: UsageOut
    system_fingerprint: str = Field(description="Names the state of the index.")


class ModelOut(Outgoing):
    """A model that can be asked."""

    id: str
    object: Literal["model"] = "model"
    created: int = Field(description="Seconds since 1970, UTC.")
    owned_by: str


class ModelList(Outgoing):
    """What `GET /v1/models` answers."""

    object: Literal["list"] = "list"
    data: tuple[ModelOut, ...]
