"""POST /mcp: the Model Context Protocol, streamable HTTP.

There are no sessions and no stream of the server's own, so GET and DELETE are not possible (specification 2025-06-18,
"Streamable HTTP"). It speaks JSON-RPC, so OpenAPI does not describe it.
"""

from typing import cast

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.mcp.server import McpEndpoint
from api.security import same_origin_only
from api.state import State

router = APIRouter(include_in_schema=False)


@router.post("/mcp", dependencies=[Depends(same_origin_only)])
@router.post("/mcp/", dependencies=[Depends(same_origin_only)])
async def mcp(request: Request, state: State) -> Response:
    """Answer one message."""
    return cast(McpEndpoint, request.app.state.mcp).response(state)
