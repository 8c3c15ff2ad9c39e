"""Which scope an address needs. Whatever is not listed needs to be read with: an address forgotten here is closed."""

from api.auth.principal import Scope

OPEN = frozenset(
    {
        "/",
        "/favicon.ico",
        "/widget.js",
        "/docs",
        "/openapi.json",
        "/healthz",
        "/readyz",
        "/signin",
        "/signin/callback",
        "/signout",
        "/v1/me",
    }
)
"""Pages and files that hold nothing of any transcript, and what is there before one is let in."""
OPEN_FOLDERS = ("/static/", "/docs/")
ADMIN = ("/metrics", "/insights", "/v1/insights")
"""What tells of other people's questions or of the server."""
CHANGING = frozenset({"PUT", "PATCH", "DELETE"})
TRANSCRIPTS = "/v1/transcripts"
JOBS = "/v1/jobs/"
MCP = "/mcp"


def is_open(path: str) -> bool:
    """Say whether anybody may ask for a path (decoded, as routes see it)."""
    return path in OPEN or path.startswith(OPEN_FOLDERS)


def scopes_for(method: str, path: str) -> frozenset[Scope]:
    """Return the scopes of which one is needed."""
    if any(path == place or path.startswith(f"{place}/") for place in ADMIN):
        return frozenset({Scope.ADMIN})
    if path == MCP or path.startswith(f"{MCP}/"):
        return frozenset({Scope.READ})  # its tools read; a DELETE ends a session there
    if method in CHANGING or (method == "POST" and path.startswith(TRANSCRIPTS)):
        return frozenset({Scope.WRITE})
    if path.startswith(JOBS):
        return frozenset({Scope.READ, Scope.WRITE})
    return frozenset({Scope.READ})
