"""The pages for people: GET / (ask), GET /transcripts/{id} (read), their static files, and GET /widget.js."""

from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, FastAPI, HTTPException, Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api import page_files
from api.state import State
from api.widget_script import MEDIA_TYPE, widget_script
from rag.errors import NotFoundError

router = APIRouter(include_in_schema=False)
STATIC = Path(__file__).resolve().parents[1] / "static"
FOR_A_YEAR = "public, max-age=31536000, immutable"
"""Of an address that holds a digest of its content (RFC 8246)."""


@router.api_route("/", methods=["GET", "HEAD"])
def ask_page() -> HTMLResponse:
    """Serve the page on which one asks."""
    return HTMLResponse(page_files.page("ask"))


@router.api_route("/transcripts/{transcript_id:path}", methods=["GET", "HEAD"])
def reader_page(transcript_id: str, state: State) -> HTMLResponse:
    """Serve the page on which one reads a transcript; of an unknown id too, where the page says so."""
    try:
        state.turnwise.library.transcript(transcript_id)
        status = HTTPStatus.OK
    except NotFoundError:
        status = HTTPStatus.NOT_FOUND
    return HTMLResponse(page_files.page("transcript"), status_code=status)


@router.api_route(page_files.FOLDER + "/{name}-{digest}.{kind}", methods=["GET", "HEAD"])
def page_part(name: str, digest: str, kind: str) -> Response:
    """Serve the scripts or the styles of a page; those of now, if a page of before a change asks for its own."""
    try:
        content, digest_now = page_files.part(name, kind)
    except KeyError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND) from error
    headers = {"Cache-Control": FOR_A_YEAR} if digest == digest_now else {}
    return Response(content, media_type=page_files.MEDIA_TYPES[kind], headers=headers)


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
