"""What is not HTTP, answered as a problem document too: such a request never reaches the application."""

from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import MEDIA_TYPE, plain_problem

DETAIL = "This is no HTTP request that can be read here; its address or headers may be too long (64 KB in all)."


class ProblemProtocol(HttpToolsProtocol):
    """uvicorn's HTTP, but for its plain-text 400."""

    transport: Any

    def send_400_response(self, msg: str) -> None:
        """Answer what can't be parsed, and hang up."""
        del msg
        body = plain_problem(HTTPStatus.BAD_REQUEST, DETAIL).model_dump_json(exclude_none=True).encode()
        head = (
            f"HTTP/1.1 400 Bad Request\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
