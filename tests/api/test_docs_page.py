"""The API's own description: complete, and shown without reaching the network."""

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CALLS = {
    ("post", "/v1/search"),
    ("post", "/v1/ask"),
    ("get", "/v1/transcripts"),
    ("post", "/v1/transcripts"),
    ("get", "/v1/transcripts/{transcript_id}"),
    ("delete", "/v1/transcripts/{transcript_id}"),
    ("get", "/v1/jobs/{job_id}"),
    ("get", "/v1/speakers"),
    ("get", "/healthz"),
    ("get", "/readyz"),
}


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict[str, Any]:
    content: dict[str, Any] = client.get("/openapi.json").json()
    return content


def test_every_call_is_described_for_people(document: dict[str, Any]) -> None:
    described = {(method, path) for path, calls in document["paths"].items() for method in calls}
    assert described >= CALLS
    for calls in document["paths"].values():
        for call in calls.values():
            assert call["summary"]
            assert call["description"]


def test_errors_are_declared_as_problem_documents(document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in json.dumps(document)
    for path in ("/v1/search", "/v1/ask"):
        refused = document["paths"][path]["post"]["responses"]["422"]["content"]
        assert refused["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert set(document["components"]["schemas"]["Problem"]["properties"]) >= {"type", "title", "status", "detail"}


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [r for value in node.values() for r in references(value)]
        return [r for value in node for r in references(value)] if isinstance(node, list) else []

    found = references(document)
    assert found
    for reference in found:
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def test_examples_of_requests_are_answered(client: httpx.Client, document: dict[str, Any]) -> None:
    for path in ("/v1/search", "/v1/ask"):
        content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        for example in content["examples"].values():
            nowhere = example["value"].get("filters", {}) | {"speakers": [], "collections": ["none"]}  # soon answered
            response = client.post(path, json=example["value"] | {"filters": nowhere})
            assert response.status_code == 200, response.text


def test_a_response_has_every_member_the_document_requires(client: httpx.Client, document: dict[str, Any]) -> None:
    required = document["components"]["schemas"]["AskResponse"]["required"]
    answer = client.post("/v1/ask", json={"question": "x", "filters": {"collections": ["none"]}}).json()
    assert set(required) == set(answer)


def test_the_page_shows_the_calls_without_the_network_and_without_breaking_its_policy(
    browser: "Browser", server_url: str
) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    foreign: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith((server_url, "data:")) else None)
    page.goto(f"{server_url}/docs")
    page.get_by_text("Ask a question", exact=True).wait_for()
    page.get_by_text("Find passages", exact=True).click()
    page.get_by_text("Request body", exact=True).first.wait_for()
    page.close()
    assert complaints == []
    assert foreign == []
