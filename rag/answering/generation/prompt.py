"""What the model is told: the rules, the passages as data, the question, within a budget of tokens."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from rag.answering.composition import describe_role, spell_date
from rag.answering.generation.types import Message
from rag.chunking import count_tokens
from rag.errors import GeneratorError
from rag.retrieval.types import Passage

TEMPLATE = "prompt.md.j2"
DECLINED = "NOT ANSWERED"
"""What the model is asked to reply where the passages don't answer."""
MOST_SENTENCES = 5
TOKENS_A_MESSAGE = 8
"""Room for what an endpoint puts around each message; the OpenAI cookbook counts 3 to 4."""


def write_prompt(question: str, passages: Sequence[Passage], budget: int) -> tuple[list[Message], tuple[Passage, ...]]:
    """Return the messages, and the passages that they hold: as many, best first, as fit the budget.

    Tokens are counted with tiktoken's cl100k_base; other models count a little otherwise, so leave a margin.

    Raises:
        GeneratorError: Not even one passage fits.
    """
    for count in range(len(passages), 0, -1):
        held = tuple(passages[:count])
        messages = _messages(question, held)
        if sum(count_tokens(message.content) + TOKENS_A_MESSAGE for message in messages) <= budget:
            return messages, held
    raise GeneratorError(f"no passage fits its budget of {budget} tokens, which TURNWISE_LLM_CONTEXT_TOKENS sets")


def _messages(question: str, passages: Sequence[Passage]) -> list[Message]:
    shown = [_shown(number, passage) for number, passage in enumerate(passages, start=1)]
    told = _template().make_module(
        {
            "most_sentences": MOST_SENTENCES,
            "declined": DECLINED,
            "passages": shown,
            "question": _inert(question),
        }
    )
    return [Message(role="system", content=str(told.system())), Message(role="user", content=str(told.user()))]


def _shown(number: int, passage: Passage) -> dict[str, Any]:
    turns = []
    for turn in passage.turns:
        office = describe_role(turn.role, turn.organisation)
        name = turn.speaker or "A speaker whom the transcript does not name"
        turns.append({"who": _inert(f"{name} ({office})" if office else name), "text": _inert(turn.text)})
    return {
        "number": number,
        "title": _inert(passage.title).replace('"', "'"),
        "date": spell_date(passage.date) if passage.date else None,
        "turns": turns,
    }


def _inert(text: str) -> str:
    """Return data that can't end its passage or open another: angle brackets become typographic ones."""
    return " ".join(text.replace("<", "‹").replace(">", "›").split())


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only with a model

    # Plain text for a model, not a page: nothing is to be escaped as HTML.
    environment = Environment(loader=PackageLoader(__package__, "."), undefined=StrictUndefined, autoescape=False)  # noqa: S701  # nosec
    return environment.get_template(TEMPLATE)
