"""Settings: from a file, overridden by the environment (`TURNWISE_…`), overridden by the command line.

Only entry points read them.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, Secret, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rag.addresses import database_address, host, issuer, network, origin, plain_http_address
from rag.errors import SettingsError

LARGEST_FILE = 1_000_000
"""Bytes of a file of settings."""
PREFIX = "TURNWISE_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
CONFIG_NAME = "turnwise.toml"
"""In the data folder."""

EMBEDDED = "embedded"
"""The engine in the process itself."""

Source = Literal["command line", "environment", "file", "default"]


def _split(listed: object) -> object:
    return tuple(part.strip() for part in listed.split(",") if part.strip()) if isinstance(listed, str) else listed


class DatabaseAddress(Secret[Annotated[str, AfterValidator(database_address)]]):
    """The address of a database, shown without its password and options."""

    def _display(self) -> str:
        place = self.get_secret_value().partition("://")[2]
        who, at, where = place.rpartition("@")
        return f"postgresql://{who.partition(':')[0]}{at}{where.partition('?')[0]}"


def _named(folder: object) -> object:
    if folder == "":
        raise ValueError("it names no folder; name one, or leave it out")
    try:
        str(folder).encode()
    except UnicodeEncodeError:
        raise ValueError("its name is no UTF-8, which the index needs; name another folder") from None
    return folder


def _engine(address: str) -> str:
    if address == EMBEDDED or address.endswith(".db"):
        return address
    try:
        return plain_http_address(address)
    except ValueError:
        raise ValueError(
            f"{EMBEDDED}, a server as http://127.0.0.1:19530 (without a name and password: they go into "
            "TURNWISE_ENGINE_TOKEN), or a file that ends in .db is expected"
        ) from None


_OneListed = TypeVar("_OneListed")
_Listed = Annotated[tuple[_OneListed, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """What an owner may set. Each is also an environment variable: `home` is `TURNWISE_HOME`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Annotated[Path, BeforeValidator(_named)] = Path(".turnwise")
    """The data folder."""
    database: DatabaseAddress | None = None
    """PostgreSQL for several machines, as postgresql://user@host/database; without it, SQLite in the data folder."""
    engine: Annotated[str, AfterValidator(_engine)] = EMBEDDED
    """What searches the vectors: `embedded`, or a Milvus server, as http://127.0.0.1:19530 (docs/scaling.md)."""
    engine_token: SecretStr | None = None
    """`user:password` or a key, where that server asks for one. Never logged or shown."""
    engine_ca_file: Path | None = None
    """Certificates to trust where that server is reached by https://; without it, those of the system."""
    engine_collection: str = Field("turnwise", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")
    """What the names of collections on that server begin with."""
    engine_replicas: int = Field(1, ge=1, le=64)
    """How many of that server's query nodes hold each part; with 2, one may be lost without anybody noticing."""
    vector_index: Literal["auto", "flat", "sq8"] = "auto"
    """What the embedded engine scans: the vectors (`flat`), or a copy of a byte a component (`sq8`). Decision 013."""
    engine_timeout_s: float = Field(10.0, gt=0, le=600)
    """How long a search tries to get a whole answer from that server before it is refused."""
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
    reader: Literal["auto", "off"] = "auto"
    """Whether the best passages are read together with the question: surer answers, some 30 ms each. Decision 015."""
    generator: Literal["extractive", "llm"] = "extractive"
    """What answers where a request doesn't say: quotes alone, or a language model whose sentences are checked."""
    llm_base_url: Annotated[str, AfterValidator(plain_http_address)] | None = None
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
    authentication: Literal["auto", "on"] = "auto"
    """Whether callers have to say who they are; `auto`: once there is a key, an issuer or a proxy to know them by."""
    public_url: Annotated[str, AfterValidator(plain_http_address)] | None = None
    """The address that browsers use, as https://ask.example.org."""
    allowed_hosts: _Listed[Annotated[str, AfterValidator(host)]] = ()
    """Names beside loopback under which the server may be addressed; `*` for any. Separated by commas."""
    allowed_origins: _Listed[Annotated[str, AfterValidator(origin)]] = ()
    """Sites whose pages may call the API, as https://intranet.example.org. Separated by commas; none by default."""
    oidc_issuer: Annotated[str, AfterValidator(issuer)] | None = None
    """An OpenID Connect issuer whose tokens are taken, exactly as it stands in them."""
    oidc_audience: str | None = Field(None, min_length=1)
    """For whom the tokens have to be; without it, the client's id."""
    oidc_client_id: str | None = Field(None, min_length=1)
    """Under which people sign in to the pages; without it, they can't."""
    oidc_client_secret: SecretStr | None = None
    """The client's secret, where the issuer gave one. Never logged or shown."""
    oidc_scopes: str = Field("openid profile", pattern=r"^openid( \S+)*$")
    """What is asked of the issuer when somebody signs in."""
    oidc_groups_claim: str = Field("groups", min_length=1)
    """The claim that lists somebody's groups."""
    proxy_addresses: _Listed[Annotated[str, AfterValidator(network)]] = ()
    """Addresses or networks of a proxy that signs people in. Separated by commas."""
    proxy_user_header: str | None = Field(None, pattern=r"^[A-Za-z0-9-]+$")
    """The header in which that proxy says who it is, as X-Forwarded-User; without it, no proxy is believed."""
    proxy_groups_header: str = Field("X-Forwarded-Groups", pattern=r"^[A-Za-z0-9-]+$")
    """The header in which it lists their groups, separated by commas."""
    log_questions: bool = False
    """Whether the server stores the words of questions, for `turnwise insights`. Off: it never does."""
    log_questions_days: int = Field(90, ge=1, le=3650)
    """How many days stored questions and feedback are kept."""
    log_format: Literal["auto", "text", "json"] = "auto"
    """How the server writes its log; `auto` is text on a terminal and JSON anywhere else."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """From which level on the server logs."""
    questions_at_once: int = Field(8, ge=1, le=256)
    """How many questions each worker answers at the same time."""
    questions_waiting: int = Field(128, ge=0, le=10_000)
    """How many more may wait for their turn in each worker; beyond it, the server says 503."""
    queue_timeout_s: float = Field(15.0, gt=0, le=600)
    """How long a question waits for its turn before the server says 503."""
    body_timeout_s: float = Field(20.0, gt=0, le=600)
    """How long a question may take to arrive before the server says 408."""
    question_timeout_s: float = Field(90.0, gt=0, le=3600)
    """How long an answer may take before the server says 504; longer than a language model may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsRead:
    """The settings, and where each comes from."""

    settings: Settings
    file: Path | None
    """The file that was read; None where there is none."""
    sources: dict[str, Source]
    """By the name of the setting."""


def load_settings(*, config: Path | None = None, **overrides: Any) -> Settings:
    """Read the settings; an override of None is no override.

    Args:
        config: A file of settings; without it TURNWISE_CONFIG names one, or `turnwise.toml` in the data folder is it.
        overrides: What goes before the environment, which goes before the file.

    Raises:
        SettingsError: A value is out of bounds, or a setting is misspelt.
    """
    return read_settings(config=config, **overrides).settings


def read_settings(*, config: Path | None = None, **overrides: Any) -> SettingsRead:
    """Read the settings as `load_settings` does, and tell where each comes from.

    Raises:
        SettingsError: A value is out of bounds, or a setting is misspelt.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG_VARIABLE}
    environment = {name.upper(): value for name, value in os.environ.items() if name.upper().startswith(PREFIX)}
    if unknown := sorted(environment.keys() - known):
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    given = {name: value for name, value in overrides.items() if value is not None}
    file = _settings_file(config, environment, given.get("home"))
    stated = _stated_in(file) if file else {}
    sources: dict[str, Source] = {}
    for name in Settings.model_fields:
        if name in given:
            sources[name] = "command line"
        elif PREFIX + name.upper() in environment:
            sources[name] = "environment"
        else:
            sources[name] = "file" if name in stated else "default"
    chosen = {name: value for name, value in stated.items() if sources[name] == "file"}
    try:
        return SettingsRead(settings=Settings(**chosen, **given), file=file, sources=sources)
    except ValidationError as error:
        where = "; ".join(
            f"{_place(e['loc'], chosen, file)}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()
        )
        raise SettingsError(where) from error


def _settings_file(config: Path | None, environment: Mapping[str, str], home: Path | None) -> Path | None:
    """Return the file of settings, if there is one; one that is named must be there."""
    if config is None and environment.get(CONFIG_VARIABLE):
        config = Path(environment[CONFIG_VARIABLE])
    if config is not None:
        return config
    folder = home or environment.get(f"{PREFIX}HOME") or Settings.model_fields["home"].default
    beside = Path(folder) / CONFIG_NAME
    return beside if beside.is_file() else None


def _stated_in(file: Path) -> dict[str, Any]:
    """Return what a file states.

    Raises:
        SettingsError: It can't be read, is no TOML, or states something unknown.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise SettingsError(f"{file} has more than {LARGEST_FILE:,} bytes: it is no file of settings.")
        stated = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings in {file} can't be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The settings in {file} are not TOML: {error}.") from error
    allowed = set(Settings.model_fields)
    if unknown := sorted(stated.keys() - allowed):
        raise SettingsError(f"Unknown setting {', '.join(unknown)} in {file}. Known: {', '.join(sorted(allowed))}.")
    return stated


def _place(location: Sequence[int | str], chosen: Mapping[str, Any], file: Path | None) -> str:
    name = str(location[0]) if location else ""  # what follows is the place in a list
    return f"{name} in {file}" if name in chosen else PREFIX + name.upper()
