"""POST /v1/transcripts: add transcripts, from files (multipart) or as native JSON."""

from functools import partial
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.auth.principal import Caller
from api.jobs import Report
from api.problems import RequestRefusedError
from api.routes.responses import problems
from api.schemas.jobs import JobAccepted, JobResult
from api.schemas.requests import ReadOptionsIn
from api.security import same_origin_only
from api.spool import Document, SpoolFullError, WaitingUpload
from api.state import AppState, State
from rag.errors import AccessError, InputError
from rag.transcripts.readers import ReadOptions, read_transcripts

router = APIRouter(tags=["transcripts"])

MAX_FILES = 100
FILE_FIELDS = ("files", "file")
JSON_TYPES = {"application/json": "json", "application/x-ndjson": "jsonl", "application/jsonl": "jsonl"}
"""Media types of native documents, one or one a line, and how such a file would end."""

RETRY_AFTER_S = 30
"""With as many uploads waiting as may, a few are indexed within that time."""

NATIVE_EXAMPLE = {
    "title": "Morning huddle on ward 4",
    "date": "2024-05-01",
    "speakers": [{"name": "Maria Lopes", "role": "ward sister", "organisation": None, "aliases": []}],
    "turns": [{"speaker": "Maria Lopes", "text": "We moved the huddle to eight o'clock."}],
}
REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["files"],
                "properties": {
                    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    **{name: {"type": "string", "minLength": 1} for name in ReadOptionsIn.model_fields},
                },
            }
        },
        "application/json": {"schema": {"type": "object"}, "example": NATIVE_EXAMPLE},
        "application/x-ndjson": {"schema": {"type": "string", "description": "One native document a line."}},
    },
}


@router.post(
    "/v1/transcripts",
    summary="Add transcripts",
    status_code=HTTPStatus.ACCEPTED,
    response_model=JobAccepted,
    responses=problems(400, 403, 408, 413, 415, 422, 503),
    dependencies=[Depends(same_origin_only)],
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def upload(request: Request, state: State, caller: Caller) -> JobAccepted:
    """Queue transcripts for indexing and return the job to follow; what is unchanged costs nothing.

    Send files in the multipart field `files` (with `collection`, `format`, `title` and `date` to override what they
    say), or native JSON.
    """
    _require_room(state)  # before it is read
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        documents, options = await _from_form(request)
    elif kind in JSON_TYPES:
        documents, options = [(f"request body.{JSON_TYPES[kind]}", await request.body())], ReadOptions()
        for name, data in documents:
            await run_in_threadpool(read_transcripts, data, source=name, options=options)  # a bad one is refused here
    else:
        expected = ", ".join(("multipart/form-data", *JSON_TYPES))
        raise RequestRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send one of {expected}.")
    if options.collection is not None and not caller.restriction.permits(options.collection):
        raise AccessError(f"The collection {options.collection!r} is not one that you may write to.")
    keep = partial(state.spool.keep, documents, options, owner=caller.id, restriction=caller.restriction)
    try:
        kept = await run_in_threadpool(keep)
    except SpoolFullError as error:
        raise _full() from error
    return JobAccepted(job=queue_upload(state, kept))


def queue_upload(state: AppState, kept: WaitingUpload) -> str:
    """Queue an upload that the spool keeps, and return its job; the spool drops it once it is indexed."""

    def work(report: Report) -> list[JobResult]:
        upload = state.spool.begin(kept.job)
        ingestion = state.views.of(upload.restriction).ingestion
        try:
            results = ingestion.add_documents(
                upload.documents, upload.options, on_event=lambda event: report(event.done, event.total)
            )
        except (AccessError, InputError):
            state.spool.drop(kept.job)  # it is not allowed, or names no format: so it will be another time
            raise
        state.spool.drop(kept.job)
        return [JobResult.of(result) for result in results]

    return state.jobs.submit(work, sources=kept.names, owner=kept.owner, job_id=kept.job).job


def _require_room(state: AppState) -> None:
    try:
        state.spool.require_room()
    except SpoolFullError as error:
        raise _full() from error


def _full() -> RequestRefusedError:
    detail = "As many uploads wait to be indexed as may. Send it again later."
    return RequestRefusedError(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": str(RETRY_AFTER_S)})


async def _from_form(request: Request) -> tuple[list[Document], ReadOptions]:
    async with request.form(max_files=MAX_FILES, max_fields=MAX_FILES) as form:
        documents, fields = [], {}
        for field, value in form.multi_items():
            if isinstance(value, UploadFile):
                if field not in FILE_FIELDS:
                    raise _refuse(field, f"files go into the field {FILE_FIELDS[0]!r}")
                name = PurePosixPath((value.filename or "").replace("\\", "/")).name or "upload"
                documents.append((name, await value.read()))
            elif field in fields:
                raise _refuse(field, "it was sent twice")
            else:
                fields[field] = value
    if not documents:
        raise _refuse(FILE_FIELDS[0], "at least one file is needed")
    try:
        return documents, ReadOptionsIn.model_validate(fields).to_domain()
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from error


def _refuse(field: str, reason: str) -> RequestValidationError:
    return RequestValidationError([{"type": "value_error", "loc": ("body", field), "msg": reason}])
