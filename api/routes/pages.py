"""The pages for people: GET / (ask), GET /transcripts/{id} (read), their static files, and GET /widget.js."""

from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from api.state import State
from api.widget_script import MEDIA_TYPE, widget_script
from rag.errors import NotFoundError

router = APIRouter(include_in_schema=False)
STATIC = Path(__file__).resolve().parents[1] / "static"


@router.api_route("/", methods=["GET", "HEAD"])
def ask_page() -> FileResponse:
    """Serve the page on which one asks."""
    return FileResponse(STATIC / "ask.html")


@router.api_route("/transcripts/{transcript_id:path}", methods=["GET", "HEAD"])
def reader_page(transcript_id: str, state: State) -> FileResponse:
    """Serve the page on which one reads a transcript; of an unknown id too, where the page says so."""
    try:
        state.turnwise.library.transcript(transcript_id)
        status = HTTPStatus.OK
    except NotFoundError:
        status = HTTPStatus.NOT_FOUND
    return FileResponse(STATIC / "transcript.html", status_code=status)


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
def favicon() -> FileResponse:
    """Serve the mark that browsers ask for at this address."""
    return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")


@router.api_route("/widget.js", methods=["GET", "HEAD"])
def widget(request: Request) -> Response:
    """Serve the script of `<turnwise-chat>` to pages of other sites; 304 if the browser has this very one."""
    script, tag = widget_script()
    headers = {"ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(script, media_type=MEDIA_TYPE, headers=headers)


def mount_static(app: FastAPI) -> None:
    """Serve the pages' scripts and style sheets under /static."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
