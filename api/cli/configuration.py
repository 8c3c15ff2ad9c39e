"""`turnwise config show`: which settings hold, and where each comes from."""

import typer

from api.cli.options import AsJson, Home, Invocation
from api.cli.output import print_json, printable, table_console

app = typer.Typer(help="The settings that hold.", no_args_is_help=True)


@app.callback()
def config() -> None:
    """The settings that hold."""


@app.command("show")
def show(context: typer.Context, home: Home = None, as_json: AsJson = False) -> None:
    """Show every setting, its value and where that comes from. Secrets are hidden."""
    from rich.table import Table  # noqa: PLC0415 - quick help

    from api.schemas.configuration import ConfigOut  # noqa: PLC0415 - brings pydantic
    from rag.settings import read_settings  # noqa: PLC0415

    invocation: Invocation = context.obj
    document = ConfigOut.of(read_settings(config=invocation.config, home=home or invocation.home))
    if as_json:
        print_json(document)
        return
    table = Table("setting", "value", "from", box=None)
    for setting in document.settings:
        table.add_row(setting.name, printable("" if setting.value is None else str(setting.value)), setting.source)
    table_console().print(table)
    table_console().print(f"\nfile: {document.file or 'none'}")
