"""The command line: `turnwise COMMAND`.

Exit codes: 0 all done; 1 some inputs failed; 2 wrong usage; 3 the index is missing, locked or damaged.
With `--json`, standard output holds exactly one JSON document: the command's own, or a problem document (RFC 9457) if
it failed. Progress, logs and the line that says what went wrong go to standard error.
Heavy packages are imported by the commands that need them, so that `--help` is quick.
"""


def main() -> None:
    """Run the command that the arguments name, and exit."""
    from api.cli.program import app  # noqa: PLC0415 - keeps `import api.cli` free of cost

    app()
