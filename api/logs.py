"""The server's log: a line for people on a terminal, a JSON object a line anywhere else. No words of any question."""

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import Processor

LogFormat = Literal["auto", "text", "json"]
NOISY = ("httpx", "httpcore", "httpx2", "mcp", "watchfiles", "uvicorn", "faiss")
"""Libraries that tell each step of theirs on the level `info`, addresses included."""
_STDLIB_FIELDS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


_WITHOUT_LOCALS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""A traceback's variables would hold the question."""


def configure_logs(*, form: LogFormat, level: str) -> None:
    """Write everything that is logged to standard error from now on, in one form.

    Args:
        form: `auto` is text on a terminal, else JSON.
        level: From which level on; libraries are heard from `warning` on.
    """
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    last: tuple[Processor, ...] = (
        (_WITHOUT_LOCALS, structlog.processors.JSONRenderer(ensure_ascii=False))
        if as_json
        else (
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        )
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_STDLIB_FIELDS,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def bind_request(request_id: str) -> None:
    """Put a request's id into every line that is logged while it is answered, by whichever thread."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
