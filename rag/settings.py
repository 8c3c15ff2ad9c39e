"""Settings: from the environment (`TURNWISE_…`), overridden by the command line. Only entry points read them."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

PREFIX = "TURNWISE_"


class Settings(BaseSettings):
    """What an owner may set. Each is also an environment variable: `home` is `TURNWISE_HOME`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Path(".turnwise")
    """The data folder."""
    model: str = Field("all-MiniLM-L6-v2", min_length=1)
    """The packaged model, or a folder, or any other name that sentence-transformers knows."""
    chunk_tokens: int = Field(200, ge=32, le=2000)
    """Token budget of a chunk (tiktoken, cl100k_base). Measured: docs/decisions/002."""
    lock_timeout_s: float = Field(30.0, ge=0, le=3600)
    """How long a writer waits for another to finish."""
    threads: int = Field(0, ge=0, le=256)
    """Threads that the model may use; 0 leaves the choice to it."""


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; an override of None is no override.

    Raises:
        SettingsError: A value is out of bounds, or a `TURNWISE_` variable is misspelt.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        where = "; ".join(f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(where) from error
