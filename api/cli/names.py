"""`turnwise names`: names that speech recognition misheard."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, Collections, Home, opened
from api.cli.output import complain, print_json, printable, say, table_console

if TYPE_CHECKING:
    from rag.mishearing.suggesting import Suggestion

app = typer.Typer(help="Names that speech recognition misheard: suggestions, and the glossary.", no_args_is_help=True)


@app.command("suggest")
def suggest(
    context: typer.Context, *, collections: Collections = None, home: Home = None, as_json: AsJson = False
) -> None:
    """List what may be a misheard name, with the words around it and how sure that is; nothing is changed.

    Compared with the glossaries (names.toml), the speakers, their organisations and the names that are written often.
    """
    from index.types import Filter  # noqa: PLC0415 - brings numpy
    from rag.storage import COLLECTION  # noqa: PLC0415

    where = Filter(any_of={COLLECTION: frozenset(collections)}) if collections else Filter()
    with opened(context, home, read_only=True) as turnwise:
        found = turnwise.suggesting.suggestions(where)
    if as_json:
        from api.schemas.names import SuggestionList  # noqa: PLC0415

        print_json(SuggestionList.of(found))
        return
    _print_suggestions(found)


@app.command("list")
def list_names(context: typer.Context, *, home: Home = None, as_json: AsJson = False) -> None:
    """List the names of the glossaries, and what each was heard as in these transcripts.

    Ends with 1 if a glossary can't be used.
    """
    with opened(context, home, read_only=True) as turnwise:
        names = turnwise.glossaries.written()
        heard = {entry.name: turnwise.names.forms_of(entry) for entry in names}
        faults = turnwise.glossaries.faults()
    if as_json:
        from api.schemas.names import GlossaryOut  # noqa: PLC0415

        print_json(GlossaryOut.of(names, heard, faults))
    else:
        from rich.table import Table  # noqa: PLC0415

        table = Table(box=None, pad_edge=False)
        for heading in ("name", "said", "heard as"):
            table.add_column(heading, overflow="fold")
        for entry in names:
            table.add_row(
                printable(entry.name), printable(", ".join(entry.said)), printable(", ".join(heard[entry.name]))
            )
        if names:
            table_console().print(table)
        say(f"{len(names)} name{'' if len(names) == 1 else 's'}")
    for fault in faults:
        complain(fault.reason)
    if faults:
        raise typer.Exit(1)


@app.command("accept")
def accept(
    context: typer.Context,
    heard: Annotated[str, typer.Argument(metavar="HEARD", help="What was written, as `names suggest` shows it.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The right form.")],
    *,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write a mishearing into the glossary of the data folder; searches use it at once, and no text is changed."""
    from rag.mishearing.glossary import GLOSSARY_FILE, as_toml, checked_name  # noqa: PLC0415

    entry = checked_name(name, heard)
    with opened(context, home, read_only=True) as turnwise:
        turnwise.glossaries.accept(entry)
        file = turnwise.glossaries.file
    if as_json:
        from api.schemas.names import NameOut  # noqa: PLC0415

        print_json(NameOut.of(entry, entry.heard))
    else:
        say(f"{printable(heard)} is {printable(name)}: written to {file}")
        say(
            f"To keep it with the transcripts, put these lines into the {GLOSSARY_FILE} beside them and add them again:"
        )
        say(as_toml([entry]))


def _print_suggestions(found: "list[Suggestion]") -> None:
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for heading in ("written", "may be", "sure", "used", "known from", "where", "words"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "sure" else "left")
    for item in found:
        beside = f"{item.known_from}, beside {item.companion}" if item.companion else item.known_from
        table.add_row(
            printable(item.heard),
            printable(item.name),
            f"{item.confidence:.0%}",
            "yes" if item.used else "",
            printable(beside),
            printable(f"{item.transcript_id}, turn {item.turn}"),
            printable(item.quote),
        )
    if found:
        table_console().print(table)
        say('Accept one: turnwise names accept "WRITTEN" "NAME"')
    say(f"{len(found)} suggestion{'' if len(found) == 1 else 's'}")
