"""What every model of the wire format has in common: its base, its dates and its times."""

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MS_PER_SECOND = 1000
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Incoming(BaseModel):
    """Base of what a caller sends: unknown fields are refused."""

    # An error may reach the log, and what it is about may be a question.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Outgoing(BaseModel):
    """Base of what a caller gets: every field is present, null where there is nothing."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


def _iso_date_only(value: Any) -> Any:
    """Refuse what pydantic would read as a date beside `YYYY-MM-DD`: numbers, times of day."""
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value.strip()):
        raise ValueError("a date is written YYYY-MM-DD")
    return value.strip()


IsoDate = Annotated[dt.date, BeforeValidator(_iso_date_only)]

StartTime = Annotated[float | None, Field(description="Seconds from the start of the recording; null if unknown.")]
EndTime = Annotated[float | None, Field(description="Seconds from the start of the recording; null if unknown.")]
Link = Annotated[str, Field(description="Where this server shows it, without scheme and host.")]
SourceUrl = Annotated[str | None, Field(description="Where the transcript was published; null if unknown.")]


def seconds(milliseconds: int | None) -> float | None:
    """Convert a time for the wire: milliseconds inside, seconds outside, null where the source has none."""
    return None if milliseconds is None else milliseconds / MS_PER_SECOND
