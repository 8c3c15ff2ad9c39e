"""The program: its commands, and what an error of any of them looks like."""

import logging
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli import (
    adding,
    collection,
    configuration,
    evaluation,
    insights,
    keys,
    maintenance,
    names,
    questions,
    quotes,
    serving,
    single,
)
from api.cli.options import Home, Invocation
from api.cli.output import complain, print_json
from index.errors import IndexStorageError
from rag.errors import IndexUnavailableError, InputError, TurnwiseError

USAGE_ERROR = 2
SOME_FAILED = 1
OUR_MISTAKE = 70
"""EX_SOFTWARE of sysexits.h: none of the contract's codes says "this is a bug"."""


class TurnwiseGroup(TyperGroup):
    """Turns whatever goes wrong in a command into one line, an exit code and, with `--json`, a problem document."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and exit with the code of what became of it."""
        given = list(sys.argv[1:] if args is None else args)
        as_json = "--json" in given
        try:
            code = super().main(given, "turnwise", complete_var, False, windows_expand_args, **extra)
        except typer.TyperException as error:
            _fail(InputError(f"{error.format_message()} (`turnwise --help` shows how)"), as_json=as_json)
            code = error.exit_code
        except TurnwiseError as error:
            _fail(error, as_json=as_json)
            code = error.exit_code
        except typer.Abort:
            complain("stopped.")
            code = SOME_FAILED
        except OSError as error:
            if error.filename is None:
                # Nothing more can be written there; what is left in memory must not be tried again at the end.
                with suppress(OSError):
                    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _fail(InputError(f"{error.filename or 'the output'}: {error.strerror or error}"), as_json=as_json)
            code = USAGE_ERROR
        except Exception:  # noqa: BLE001 - the last line of defence; the trace is what a bug report needs
            traceback.print_exc()
            _fail(TurnwiseError("This is a bug in Turnwise; please report the lines above."), as_json=as_json)
            code = OUR_MISTAKE
        sys.exit(code if isinstance(code, int) else 0)


def _fail(error: TurnwiseError, *, as_json: bool) -> None:
    # Of a disk or server that refused, the message itself says how: doctor could only repeat it.
    is_told = isinstance(error.__cause__, IndexStorageError) or "`turnwise " in str(error)
    if isinstance(error, IndexUnavailableError) and not is_told:
        error = IndexUnavailableError(f"{error} (`turnwise doctor` says how to mend it)")
    complain(str(error))
    if as_json:
        from api.problems import turnwise_problem  # noqa: PLC0415 - brings FastAPI with it

        print_json(turnwise_problem(error), exclude_none=True)


app = typer.Typer(
    cls=TurnwiseGroup,
    help="Questions about recorded conversations, answered in verbatim, attributed, linked quotations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from api.version import version  # noqa: PLC0415 - importlib.metadata is slow to import

        typer.echo(f"turnwise {version()}")
        raise typer.Exit


@app.callback()
def turnwise(
    context: typer.Context,
    *,
    home: Home = None,
    config: Annotated[
        Path | None,
        typer.Option(help="A file of settings; else turnwise.toml in the data folder.", show_default=False),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Questions about recorded conversations, answered in verbatim, attributed, linked quotations."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    context.obj = Invocation(home=home, config=config)
    del version  # its callback printed it


app.command("add")(adding.add)
app.command("remove")(collection.remove)
app.command("list")(collection.list_transcripts)
app.command("show")(single.show)
app.command("export")(collection.export)
app.command("attribute")(single.attribute)
app.command("search")(questions.search)
app.command("ask")(questions.ask)
app.command("quote")(quotes.quote)
app.command("serve")(serving.serve)
app.add_typer(evaluation.app, name="eval")
app.add_typer(names.app, name="names")
app.add_typer(keys.app, name="keys")
app.add_typer(configuration.app, name="config")
app.add_typer(insights.app, name="feedback")
app.command("insights")(insights.insights)
app.command("backup")(maintenance.backup)
app.command("restore")(maintenance.restore)
app.command("doctor")(maintenance.doctor)
