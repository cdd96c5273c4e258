"""The running system answers as its own document says, whatever is sent to it."""

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.openapi import FILE

pytestmark = pytest.mark.system

UNTOUCHED = "^/health|/stream$|^/v1/session|^/v1/accounts|/employees$"
"""Streams do not end; sessions and accounts are what the test itself lives on."""


@pytest.fixture(scope="session")
def head(system):
    """A head: reads much, writes some, and is refused the rest."""
    credentials = {"username": "kepala.dinkes", "password": system.password}
    answer = httpx.post(f"{system.gateway}/v1/session", json=credentials, timeout=30)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


schema = schemathesis.openapi.from_path(FILE)


@schema.exclude(path_regex=UNTOUCHED).parametrize()
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_system_answers_as_documented(case, system, head):
    answer = case.call(base_url=system.gateway, headers=head, timeout=30)

    checks = [status_code_conformance, content_type_conformance, response_schema_conformance]
    if answer.status_code != 503:  # documented: the service did not answer in time
        checks.append(not_a_server_error)
    case.validate_response(answer, checks=checks, headers=head)
