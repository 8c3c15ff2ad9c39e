"""Which version of Turnwise this is."""

from importlib import metadata


def version() -> str:
    """Return the installed distribution's version; run from a checkout alone there is none."""
    try:
        return metadata.version("turnwise")
    except metadata.PackageNotFoundError:
        return "0+source"
