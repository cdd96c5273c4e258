"""The OpenAPI document: what FastAPI derives from the routes, made exact and complete.

``python -m gateway.openapi`` writes ``docs/openapi.json``; a test keeps the file current.
"""

import json
import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from gateway.problems import MEDIA_TYPE, ProblemDocument
from gateway.receipts import PendingReceipt

FILE = Path(__file__).parent.parent / "docs" / "openapi.json"
SCHEMAS = "#/components/schemas/"
SECURITY = "bearer"

_DESCRIPTION = """\
Attendance, help between agencies and explained scores for a city's civil service.

Every changing call takes an `Idempotency-Key`; the same key and body give the same answer again. \
A command answers with its result, with a problem (RFC 9457), or with 202 and a receipt when its \
verdict takes longer than two seconds. `Accept-Language` chooses the language of problems: `id` \
(default) or `en`.
"""
_WRITES = ("post", "put", "patch", "delete")
_BODY_ONLY = ("413", "415")


def write_document(app: FastAPI) -> dict[str, Any]:
    """The document of this application, made once."""
    if app.openapi_schema is None:
        told = get_openapi(
            title=app.title,
            version=app.version,
            description=_DESCRIPTION,
            routes=app.routes,
        )
        _add_components(told)
        for route in app.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                for method in route.methods or ():
                    operation = told["paths"][route.path_format][method.lower()]
                    operation["operationId"] = route.name  # its function, a verb and a noun
                    _complete(operation, method.lower(), takes_token=_takes_token(route))
        app.openapi_schema = told
    return app.openapi_schema


def _add_components(told: dict[str, Any]) -> None:
    components = told.setdefault("components", {})
    models = [(model, "serialization") for model in (ProblemDocument, PendingReceipt)]
    _, made = models_json_schema(models, ref_template=SCHEMAS + "{model}")  # type: ignore[arg-type]  # literal modes
    schemas = components.setdefault("schemas", {})
    for name, schema in made["$defs"].items():
        schemas.setdefault(name, schema)
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    components["securitySchemes"] = {
        SECURITY: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access_token` of `POST /v1/session`; it lives five minutes.",
        }
    }


def _takes_token(route: APIRoute) -> bool:
    from gateway.call import authenticate
    from gateway.identity.measurement_keys import authenticate_or_key

    known = (authenticate, authenticate_or_key)
    return any(dependency.call in known for dependency in route.dependant.dependencies)


def _complete(operation: dict[str, Any], method: str, *, takes_token: bool) -> None:
    answers: dict[str, Any] = operation["responses"]
    _drop_default(answers)
    if takes_token:
        operation["security"] = [{SECURITY: []}]
        _add_parameters(operation, method)
    if takes_token and method in _WRITES:
        answers["202"] = _pending(answers.get("202"))
    if "requestBody" not in operation:
        for status in _BODY_ONLY:
            answers.pop(status, None)
    operation["responses"] = dict(sorted(answers.items()))


def _drop_default(answers: dict[str, Any]) -> None:
    """FastAPI's own 200 goes where the route states another success; its own 422 always."""
    plain = answers.get("200", {})
    unstated = plain.get("description") == "Successful Response"
    others = [status for status in answers if status in {"201", "202", "204"}]
    if unstated and others:
        del answers["200"]
    invalid = answers.get("422", {}).get("content", {})
    if "HTTPValidationError" in json.dumps(invalid.get("application/json", {})):
        del answers["422"]["content"]["application/json"]
        if not answers["422"]["content"]:
            del answers["422"]


def _pending(job: dict[str, Any] | None) -> dict[str, Any]:
    """Stored and not decided yet; where long work is asked for, perhaps a job already."""
    schema: dict[str, Any] = {"$ref": f"{SCHEMAS}PendingReceipt"}
    description, where = "Stored durably; the receipt tells what becomes of it.", "the receipt is"
    if job is not None:
        schema = {"anyOf": [job["content"]["application/json"]["schema"], schema]}
        description = "The job; or a receipt, while it is not known to be made."
        where = "the job or the receipt is"
    return {
        "description": description,
        "headers": {
            "Location": {"description": f"Where {where} found.", "schema": {"type": "string"}}
        },
        "content": {"application/json": {"schema": schema}},
    }


def _add_parameters(operation: dict[str, Any], method: str) -> None:
    parameters = operation.setdefault("parameters", [])
    if method in _WRITES:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key and body give the same answer again.",
                "schema": {"type": "string", "pattern": "^[ -~]{1,200}$"},
            }
        )
    parameters.append(
        {
            "name": "X-On-Behalf-Of",
            "in": "header",
            "required": False,
            "description": "The employee for whom the caller acts, by a delegation in force.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,40}$"},
        }
    )
    parameters.append(
        {
            "name": "Accept-Language",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "enum": ["id", "en"], "default": "id"},
        }
    )


def render(app: FastAPI) -> str:
    """The document as the file holds it."""
    return json.dumps(write_document(app), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def blank_app() -> FastAPI:
    """An application for its document only; it connects to nothing."""
    from gateway.app import create_app
    from gateway.settings import Settings

    values = {"rabbitmq_url": "amqp://localhost", "signing_key": "for the document only" * 2}
    return create_app(Settings.model_validate(values))


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(render(blank_app()))
    sys.stdout.write(f"{FILE.name} is written\n")

__all__ = ["FILE", "MEDIA_TYPE", "blank_app", "render", "write_document"]
