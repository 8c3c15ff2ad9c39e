"""Writes a report in the form that its file's name asks for."""

from collections.abc import Callable
from pathlib import Path

from eval.report.document import Report
from eval.report.html import as_html
from eval.report.markdown import as_markdown
from rag.errors import InputError


def as_json(report: Report) -> str:
    """Return the report's document."""
    return report.model_dump_json(indent=1) + "\n"


FORMS: dict[str, Callable[[Report], str]] = {
    ".html": as_html,
    ".htm": as_html,
    ".json": as_json,
    ".md": as_markdown,
}


def check_report_path(path: Path) -> None:
    """Check a report's name before the work is done that would be lost.

    Raises:
        InputError: The suffix names no form, or the folder is not there.
    """
    if path.suffix.lower() not in FORMS:
        raise InputError(f"--report {path}: the name ends in .html, .json or .md.")
    check_folder("--report", path)


def check_folder(option: str, path: Path) -> None:
    """Check that a file can be put where an option says.

    Raises:
        InputError: The folder is not there.
    """
    if not path.resolve().parent.is_dir():
        raise InputError(f"{option} {path}: there is no folder {path.parent}.")


def write_report(report: Report, path: Path) -> None:
    """Write a report as HTML, JSON or Markdown.

    Raises:
        InputError: The suffix names no form, or the folder is not there.
    """
    check_report_path(path)
    path.write_text(FORMS[path.suffix.lower()](report), encoding="utf-8")
