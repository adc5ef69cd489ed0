"""Checks answers against the contract."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import yaml
from jsonschema import Draft202012Validator, FormatChecker

OPENAPI = Path(__file__).parents[3] / "schema" / "openapi.yaml"


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
    return loaded


def operations() -> list[tuple[str, str]]:
    """All pairs of method and path."""
    verbs = {"get", "put", "post", "delete", "patch"}
    return [
        (verb.upper(), path)
        for path, item in document()["paths"].items()
        for verb in item
        if verb in verbs
    ]


def check(response: httpx.Response, base: str) -> None:
    """Fail unless the contract allows this answer, here and in its headers."""
    path = unquote(response.request.url.path).removeprefix(
        unquote(httpx.URL(base).path.rstrip("/"))
    )
    described = _described(response.request.method, path, response.status_code)
    # slices of files at rest may be kept, if they are asked for again
    kept = ("no-store", "private, no-cache") if path == "/savu/slices/slice" else ("no-store",)
    assert response.headers["Cache-Control"] in kept
    if response.status_code in (204, 304):
        assert not response.content
        return
    content_type = response.headers["Content-Type"].split(";")[0]
    content = described["content"]
    assert content_type in content, f"{path} answered {content_type}"
    if content_type == "application/json":
        told = response.json()
        validate(told, content[content_type].get("schema", {}))
    assert "Traceback" not in response.text[:10_000]


def validate(value: Any, schema: dict[str, Any]) -> None:
    """Fail unless `value` is what `schema`, a part of the document, says."""
    # references stay within the schema that is validated
    whole = {**schema, "components": document()["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)


def _described(method: str, path: str, status: int) -> dict[str, Any]:
    item = _item(path)
    operation = {} if item is None else item.get(method.lower(), {})
    responses = operation.get("responses", {})
    found = responses.get(str(status))
    if found is None:
        assert status >= 400, f"{method} {path} answered {status}, which is not in the contract"
        found = document()["components"]["responses"]["Error"]
    result: dict[str, Any] = found
    return result


def _item(path: str) -> dict[str, Any] | None:
    for template, item in document()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern.rstrip("/") + "/?", path):
            found: dict[str, Any] = item
            return found
    return None
