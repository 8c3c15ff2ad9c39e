"""A chat's messages as a question with its history."""

from collections.abc import Iterable

from api.chat.reply import without_tail
from api.schemas.chat import ChatMessageIn, ChatRequest, TurnwiseOptionsIn
from api.schemas.requests import MAX_HISTORY, MAX_QUESTION, AskRequest, ExchangeIn


def asked_in(chat: ChatRequest) -> AskRequest:
    """Return the question of a chat, its last user message, with the exchanges before it as history."""
    last = max(place for place, message in enumerate(chat.messages) if message.role == "user")
    options = chat.turnwise or TurnwiseOptionsIn()
    return AskRequest(
        question=chat.messages[last].content.strip(),  # as it was measured; pydantic leaves U+001C to U+001F
        history=tuple(exchanges(chat.messages[:last])[-MAX_HISTORY:]),
        filters=options.filters,
        max_citations=options.max_citations,
        generator=options.generator,
        stream=bool(chat.stream),
    )


def exchanges(messages: Iterable[ChatMessageIn]) -> list[ExchangeIn]:
    """Return what was asked and answered, oldest first.

    System and tool messages are left out: a follow-up is understood from what the two have said. So are replies that
    answer no question, such as a greeting, and the list of sources at the end of an answer. A long earlier message
    counts by its beginning.
    """
    made: list[ExchangeIn] = []
    for message in messages:
        text = message.content.strip()
        if message.role == "user" and text:
            made.append(ExchangeIn(question=text[:MAX_QUESTION].strip()))
        elif message.role == "assistant" and text and made:
            before = made[-1].answer
            answer = without_tail(text)
            made[-1] = ExchangeIn(question=made[-1].question, answer=f"{before}\n\n{answer}" if before else answer)
    return made
