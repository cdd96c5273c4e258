"""The OpenAPI document is current and complete, and the gateway keeps to it whatever is sent."""

import json
from time import time

import pytest
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    status_code_conformance,
)

from contracts.envelope import Actor, Answer, Grant, Verdict
from contracts.outcome import Problem
from gateway.app import create_app
from gateway.openapi import FILE, render, write_document
from gateway.settings import Settings

OPEN = {"sign_in", "refresh_session", "live", "ready", "follow_hints"}
"""The operations that need no account; hints come for a ticket that an account drew."""
NOT_FOUND = Problem(code="not_found")


class EmptyCity:
    """A courier to services that know of nothing: every message is taken, nothing is found."""

    async def open(self):
        return

    async def close(self):
        return

    async def ping(self):
        return

    async def command(self, command, patience_s):
        assert command.model_dump_json(by_alias=True, exclude_unset=True)
        return Verdict(command=command.id, status=404, problem=NOT_FOUND)

    async def query(self, query, deadline_s):
        assert query.model_dump_json(by_alias=True, exclude_unset=True)
        return Answer(status=404, problem=NOT_FOUND)


def _gateway():
    values = {"rabbitmq_url": "amqp://nowhere", "signing_key": "k" * 40, "rate_burst": 1_000_000}
    return create_app(Settings.model_validate(values), courier=EmptyCity())


APP = _gateway()
DOCUMENT = write_document(APP)
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
NAMES = [f"{method.upper()} {path}" for method, path, _ in OPERATIONS]


def test_the_file_is_current():
    assert FILE.read_text() == render(APP), "run `python -m gateway.openapi`"


def test_every_documented_route_is_in_the_document():
    documented = {(method, path) for method, path, _ in OPERATIONS}
    served = {
        (method.lower(), route.path_format)
        for route in APP.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods
    }

    assert documented == served


def test_operation_ids_are_unique():
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_an_operation_is_explained_and_asks_for_an_account(method, path, operation):
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    if operation["operationId"] not in OPEN and path.startswith("/v1"):
        assert operation["security"] == [{"bearer": []}]
        assert "401" in operation["responses"]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_problems_are_problem_documents(method, path, operation):
    for status, answer in operation["responses"].items():
        if status >= "400" and path.startswith("/v1"):
            assert list(answer["content"]) == ["application/problem+json"], status


def test_every_reference_leads_somewhere():
    schemas = DOCUMENT["components"]["schemas"]
    text = json.dumps(DOCUMENT)

    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in schemas


def _token():
    actor = Actor(
        account="admin",
        employee="0b9d6a52-6f0e-5c1e-9a51-0d3c3f5f3c11",
        agency="BKPSDM",
        grants=(Grant(role="admin"), Grant(role="loader"), Grant(role="head", scope="BKPSDM")),
    )
    token = APP.state.desk.tokens.sign(actor, session="s", rights_as_of=int(time() * 1_000))
    return {"Authorization": f"Bearer {token}"}


schema = schemathesis.openapi.from_asgi("/openapi.json", APP)


@schema.exclude(path_regex="^/health|/stream$|^/iclock").parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_as_documented(case):
    case.call_and_validate(
        headers=_token(),
        checks=[not_a_server_error, status_code_conformance, content_type_conformance],
    )
