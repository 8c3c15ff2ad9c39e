"""What the harness itself raises on purpose, beside the errors of `rag.errors`.

TurnwiseError
├── InputError
│   └── DatasetError    a question set, run record or report can't be read (exit 2)
└── TargetError         the server that is judged does not answer, or not as the contract says (exit 1)
"""

from rag.errors import InputError, TurnwiseError


class DatasetError(InputError):
    """A question set, a run record or a report can't be read. The message names file and line."""

    title = "The evaluation's input is not valid"


class TargetError(TurnwiseError):
    """The server that is judged does not answer, or not as the contract says."""

    http_status = 502
    title = "The judged server failed"
