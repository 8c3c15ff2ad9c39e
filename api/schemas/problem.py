"""Errors on the wire: RFC 9457 problem documents."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Violation(BaseModel):
    """One thing that is wrong with a request (RFC 9457, section 3, example of a validation problem)."""

    model_config = ConfigDict(frozen=True)

    detail: str
    location: Literal["body", "query", "path", "header", "command line"]
    pointer: str = Field(description="JSON pointer (RFC 6901) to the field, as a URI fragment: `#/filters/date_from`.")


class Problem(BaseModel):
    """What went wrong (RFC 9457). `errors` is there for a request that is not valid."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="Names the kind of problem; stable. `about:blank`: the status says it all.")
    title: str
    status: int
    detail: str = Field(description="What happened, and how to mend it.")
    errors: tuple[Violation, ...] | None = None
