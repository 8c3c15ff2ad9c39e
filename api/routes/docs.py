"""GET /docs: the interactive form of the OpenAPI document, served from this machine.

FastAPI's own page loads Swagger UI from the network and starts it with an inline script. Here both come from this
server (files of the package fastapi-swagger), so that the page works offline and under a strict content policy.
"""

from importlib import resources

from fastapi import APIRouter, HTTPException
from starlette.responses import HTMLResponse, Response

from api.security import DOCS_POLICY

router = APIRouter(include_in_schema=False)

ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Turnwise: the API</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="swagger-ui"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis], validatorUrl: null
});
"""


@router.get("/docs")
def docs() -> Response:
    """Serve the page."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": DOCS_POLICY})


@router.get("/docs/start.js")
def start() -> Response:
    """Serve the script that starts Swagger UI."""
    return Response(START, media_type="text/javascript")


@router.get("/docs/{name}")
def asset(name: str) -> Response:
    """Serve a file of Swagger UI."""
    if name not in ASSETS:
        raise HTTPException(404)
    content = resources.files("fastapi_swagger").joinpath("resources", name).read_bytes()
    return Response(content, media_type=ASSETS[name], headers={"Cache-Control": "max-age=86400"})
