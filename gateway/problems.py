"""Refusals in words: RFC 9457 documents in both languages, and how routes document theirs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from contracts.outcome import ERRORS, ErrorCode, FieldError, Problem
from gateway.arrival import Arrival, Language

MEDIA_TYPE = "application/problem+json"
COMMON = (
    "malformed",
    "token_expired",
    "token_invalid",
    "forbidden",
    "not_found",
    "body_too_large",
    "unsupported_media_type",
    "validation_failed",
    "idempotency_key_reused",
    "rate_limited",
    "service_unavailable",
)
"""What any call may meet; :mod:`gateway.openapi` drops what a method cannot meet."""

_RESERVED = frozenset({"type", "title", "status", "detail", "code", "instance", "errors"})


class ProblemDocument(BaseModel):
    """An error (RFC 9457): ``code`` is stable; the facts of the case stand beside it."""

    model_config = {"extra": "allow"}

    type: str
    title: str
    status: int
    detail: str | None = None
    code: str
    instance: str
    errors: list[FieldError] | None = None


def document(
    problem: Problem, language: Language, request_id: str, *, status: int | None = None
) -> dict[str, Any]:
    """The RFC 9457 document of a refusal, as plain data."""
    entry = ERRORS[problem.code]
    told: dict[str, Any] = {
        "type": f"urn:sambatan:problem:{problem.code}",
        "title": getattr(entry.title, language),
        "status": status or entry.status,
    }
    if detail := _detail(entry, problem.facts, language):
        told["detail"] = detail
    told["code"] = problem.code
    told["instance"] = f"urn:sambatan:request:{request_id}"
    for name, fact in problem.facts.items():
        if name not in _RESERVED:
            told[name.rstrip("_")] = fact
    if problem.errors:
        told["errors"] = [error.model_dump() for error in problem.errors]
    return told


def _detail(entry: ErrorCode, facts: Mapping[str, Any], language: Language) -> str | None:
    if entry.detail is None:
        return None
    template: str = getattr(entry.detail, language)
    try:
        return template.format_map({name: _spoken(fact) for name, fact in facts.items()})
    except (KeyError, ValueError, IndexError):
        return None  # a sentence with a hole says less than none


def _spoken(fact: Any) -> Any:
    if isinstance(fact, (list, tuple)):
        return ", ".join(str(item) for item in fact)
    return fact


def respond(
    arrival: Arrival, problem: Problem, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer that tells the caller of a problem."""
    arrival.code = problem.code
    told = document(problem, arrival.language, arrival.request_id)
    more = dict(headers or {})
    if told["status"] == 401:
        more["WWW-Authenticate"] = "Bearer"
    if told["status"] == 503:
        more.setdefault("Retry-After", "1")
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Response(content, told["status"], headers=more, media_type=MEDIA_TYPE)


def refuse(arrival: Arrival, code: str, **facts: Any) -> Response:
    """A problem of the gateway's own."""
    return respond(arrival, Problem(code=code, facts=facts))


def unavailable(arrival: Arrival, retry_after_s: int) -> Response:
    """Not known to be stored, or no answer in time."""
    problem = Problem(code="service_unavailable")
    return respond(arrival, problem, headers={"Retry-After": str(retry_after_s)})


def answers(
    model: type[BaseModel] | None, *codes: str, status: int = 200
) -> dict[int | str, dict[str, Any]]:
    """What a route answers, for ``responses=``: its model, and the problems it may state."""
    told: dict[int | str, dict[str, Any]] = {}
    if model is None:
        told[status] = {"description": "Done."}
    else:
        told[status] = {"model": model, "description": _first_line(model)}
    for problem_status, names in _by_status((*COMMON, *codes)).items():
        told[problem_status] = _documented(names)
    return told


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or model.__name__).strip().partition("\n")[0]


def _by_status(codes: Sequence[str]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        grouped.setdefault(ERRORS[code].status, []).append(code)
    return dict(sorted(grouped.items()))


def _documented(codes: Sequence[str]) -> dict[str, Any]:
    examples = {code: {"summary": ERRORS[code].title.en, "value": _example(code)} for code in codes}
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {
        "description": "; ".join(f"`{code}`: {ERRORS[code].title.en}" for code in codes),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }


def _example(code: str) -> dict[str, Any]:
    return document(Problem(code=code), "en", "018f4e2a-7b7c-7aa0-8a53-0242ac120002")
