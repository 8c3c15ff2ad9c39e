"""Settings: from the environment (`TURNWISE_…`), overridden by the command line. Only entry points read them."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

PREFIX = "TURNWISE_"


def _plain_http_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise ValueError("an address is expected that starts with http:// or https://, as http://127.0.0.1:11434/v1")
    if "@" in parts.netloc:
        # An address is shown and logged; a secret is neither.
        raise ValueError("an address without a name and password is expected; a key goes into TURNWISE_LLM_API_KEY")
    return address.rstrip("/")


class Settings(BaseSettings):
    """What an owner may set. Each is also an environment variable: `home` is `TURNWISE_HOME`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Path(".turnwise")
    """The data folder."""
    model: str = Field("all-MiniLM-L6-v2", min_length=1)
    """The packaged model, or a folder, or any other name that sentence-transformers knows."""
    embedding_backend: Literal["auto", "openvino", "openvino-bf16", "torch"] = "auto"
    """What runs the model; `auto` is what set-up measured. Vectors agree on all: docs/decisions/008."""
    chunk_tokens: int = Field(175, ge=32, le=2000)
    """Token budget of a chunk (tiktoken, cl100k_base). Measured: docs/decisions/002."""
    lock_timeout_s: float = Field(30.0, ge=0, le=3600)
    """How long a writer waits for another to finish."""
    threads: int = Field(0, ge=0, le=256)
    """Threads that the model may use; 0 leaves the choice to it."""
    generator: Literal["extractive", "llm"] = "extractive"
    """What answers where a request doesn't say: quotes alone, or a language model whose sentences are checked."""
    llm_base_url: Annotated[str, AfterValidator(_plain_http_address)] | None = None
    """An OpenAI-compatible endpoint, with its version: http://127.0.0.1:11434/v1. Without it, none is ever called."""
    llm_model: str | None = Field(None, min_length=1)
    """The model's name at that endpoint."""
    llm_api_key: SecretStr | None = None
    """The key, where the endpoint wants one. Never logged or shown."""
    llm_context_tokens: int = Field(3000, ge=400, le=1_000_000)
    """Token budget of rules, passages and question together (tiktoken, cl100k_base)."""
    llm_answer_tokens: int = Field(500, ge=50, le=16_000)
    """How many tokens a reply may have; a model that thinks aloud needs more."""
    llm_connect_timeout_s: float = Field(0.7, gt=0, le=30)
    """How long connecting may take. Beyond it, the endpoint is down, and the answer is made without it."""
    llm_first_token_timeout_s: float = Field(20.0, gt=0, le=600)
    """How long the first token of a reply may take."""
    llm_timeout_s: float = Field(60.0, gt=0, le=3600)
    """How long the whole reply may take."""


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
