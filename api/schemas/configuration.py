"""The settings that hold: what `turnwise config show` prints."""

from typing import Self

from pydantic import Field

from api.schemas.wire import Outgoing
from rag.settings import PREFIX, SettingsRead


class SettingOut(Outgoing):
    """One setting."""

    name: str
    value: str | int | float | bool | None = Field(description="What holds; a secret is shown as stars.")
    source: str = Field(description="`command line`, `environment`, `file` or `default`.")
    variable: str = Field(description="The environment variable that sets it.")


class ConfigOut(Outgoing):
    """All settings."""

    file: str | None = Field(description="The file that was read; null if there is none.")
    settings: tuple[SettingOut, ...]

    @classmethod
    def of(cls, read: SettingsRead) -> Self:
        """Convert what was read."""
        return cls(
            file=str(read.file) if read.file else None,
            settings=tuple(
                SettingOut(
                    name=name,
                    value=_shown(getattr(read.settings, name)),
                    source=read.sources[name],
                    variable=f"{PREFIX}{name.upper()}",
                )
                for name in type(read.settings).model_fields
            ),
        )


def _shown(value: object) -> str | int | float | None:
    if isinstance(value, (tuple, list, frozenset)):
        return ", ".join(map(str, value))
    return value if value is None or isinstance(value, (str, int, float)) else str(value)  # of a secret: stars
