"""Every address that needs a key, with a request that would succeed for whoever may."""

from typing import Any

MCP_HEADERS = {"Accept": "application/json, text/event-stream"}


def mcp_call(tool: str, **arguments: Any) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": "/mcp",
        "headers": MCP_HEADERS,
        "json": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}},
    }


READING: dict[str, dict[str, Any]] = {
    "search": {"method": "POST", "url": "/v1/search", "json": {"query": "morning huddle"}},
    "ask": {"method": "POST", "url": "/v1/ask", "json": {"question": "What did the morning huddle change?"}},
    "ask-stream": {"method": "POST", "url": "/v1/ask", "json": {"question": "Why weigh leftovers?", "stream": True}},
    "quote": {"method": "POST", "url": "/v1/quote", "json": {"quote": "the morning huddle moved"}},
    "list": {"method": "GET", "url": "/v1/transcripts"},
    "transcript": {"method": "GET", "url": "/v1/transcripts/default-1"},
    "head": {"method": "HEAD", "url": "/transcripts/default-1"},
    "speakers": {"method": "GET", "url": "/v1/speakers"},
    "chat": {
        "method": "POST",
        "url": "/v1/chat/completions",
        "json": {"model": "turnwise", "messages": [{"role": "user", "content": "What did the morning huddle change?"}]},
    },
    "models": {"method": "GET", "url": "/v1/models"},
    "mcp": mcp_call("search", query="morning huddle"),
    "reader": {"method": "GET", "url": "/transcripts/default-1"},
}
OTHER: dict[str, dict[str, Any]] = {
    "feedback": {"method": "POST", "url": "/v1/feedback", "json": {"request_id": "none", "rating": "up"}},
    "job": {"method": "GET", "url": "/v1/jobs/0123456789abcdef0123456789abcdef"},
    "token": {"method": "POST", "url": "/v1/token", "json": {}},
}
WRITING: dict[str, dict[str, Any]] = {
    "upload": {"method": "POST", "url": "/v1/transcripts", "json": {"title": "X", "turns": [{"text": "Hello."}]}},
    "delete": {"method": "DELETE", "url": "/v1/transcripts/default-1"},
}
ADMINISTERING: dict[str, dict[str, Any]] = {
    "metrics": {"method": "GET", "url": "/metrics"},
    "insights": {"method": "GET", "url": "/v1/insights"},
    "insights-page": {"method": "GET", "url": "/insights"},
}
ALL = READING | OTHER | WRITING | ADMINISTERING
