"""`turnwise show` and `attribute`: one transcript."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, Home, opened
from api.cli.output import print_json, printable, prose_console, say

if TYPE_CHECKING:
    from rag.transcripts.types import Transcript, Turn

Id = Annotated[str, typer.Argument(metavar="TRANSCRIPT_ID", help="An id, as `turnwise list` shows it.")]


def show(context: typer.Context, transcript_id: Id, home: Home = None, as_json: AsJson = False) -> None:
    """Show one transcript, turn by turn."""
    with opened(context, home, read_only=True) as turnwise:
        transcript = turnwise.library.transcript(transcript_id)
    _print(transcript, as_json=as_json)


def attribute(
    context: typer.Context,
    transcript_id: Id,
    turn: Annotated[int, typer.Argument(metavar="TURN", help="The turn's number, from 0.", min=0)],
    *,
    speaker: Annotated[str, typer.Option(help="Who speaks there.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Confirm or correct who speaks in a turn; it survives the next `add` of the same file."""
    with opened(context, home, read_only=False, is_there=True) as turnwise:
        transcript = turnwise.ingestion.attribute(transcript_id, turn, speaker)
    if as_json:
        _print(transcript, as_json=True)
    else:
        say(f"turn {turn} of {transcript_id} is by {transcript.turns[turn].speaker}")


def _print(transcript: "Transcript", *, as_json: bool) -> None:
    if as_json:
        from api.schemas.transcripts import TranscriptOut  # noqa: PLC0415

        print_json(TranscriptOut.of(transcript))
        return
    console = prose_console()
    console.print(printable(transcript.title))
    about = [transcript.id, str(transcript.date or "no date"), transcript.collection, transcript.url or ""]
    console.print(printable(" · ".join(part for part in about if part)))
    for number, turn in enumerate(transcript.turns):
        console.print(f"\n[{number}] {printable(_heading(turn))}")
        console.print(printable(turn.text))


def _heading(turn: "Turn") -> str:
    name = turn.speaker or "Unknown speaker"
    reason = f": {turn.attribution_reason}" if turn.attribution_reason else ""
    return name if turn.attribution == "labelled" and not reason else f"{name} ({turn.attribution.value}{reason})"
