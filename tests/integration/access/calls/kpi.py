"""Indicators, scorecards and facts."""

from tests.integration.access.calls.making import (
    NO_SUCH_VERSION,
    PERSON,
    Call,
    Sent,
    about_agency,
    about_person,
    plain,
    the_person,
)
from tests.integration.access.world import MONTH, PLAN, REVIEW, YEAR, World

WEIGHS_TOO_MUCH = {
    "effective_from": "2099-01-01",
    "bands": {"TL1": "1"},
    "absent": "4",
    "attendance_weight": "60",
    "performance_weight": "60",
}
_PLAN = "/v1/employees/{id}/performance-plan"


def _of(action: str, **parameters: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"/v1/employees/{{person}}/performance-plan{action}?{query}"


_UNREADABLE = {
    "name": {"id": "Matriks", "en": "Matrix"},
    "meaning": {"id": "Tidak ada", "en": "Nothing"},
    "scope": ["employee"],
    "formula": "mean(",
    "unit": "minutes",
    "direction": "lower",
    "target": "1",
    "weight": "1",
    "effective_from": "2031-01-01",
}
"""A formula that cannot be read: 422 tells that the caller may propose."""

_MONTH = "/v1/agencies/{code}/periods/2091-01"
"""A month that is far from over: 409 tells that the caller would be let in."""


def _measuring(world: World, role: str, kind: str) -> Sent | None:
    """For an indicator that is not measured: 422 tells that the caller may measure this person."""
    person = the_person(world, role, kind)
    body = {"indicator": "punctuality", "period": "2026-12", "value": "1", "evidence": "matrix"}
    return (
        None if person is None else Sent("/v1/measurements", {"json": {**body, "subject": person}})
    )


CALLS: dict[str, Call] = {
    "GET /v1/agencies/{code}/periods/{period}/readiness": about_agency(f"{_MONTH}/readiness"),
    "POST /v1/agencies/{code}/periods/{period}/close": about_agency(f"{_MONTH}/close", json={}),
    "POST /v1/agencies/{code}/periods/{period}/reopen": about_agency(
        f"{_MONTH}/reopen", json={"reason": "Uji matriks akses."}
    ),
    "GET /v1/agencies/{code}/periods/{period}/verification": about_agency(f"{_MONTH}/verification"),
    "GET /v1/indicators": plain("/v1/indicators"),
    "POST /v1/indicators": plain("/v1/indicators", json={"code": "matriks", **_UNREADABLE}),
    "POST /v1/indicators/{code}/versions": plain(
        "/v1/indicators/punctuality/versions", json=_UNREADABLE
    ),
    "POST /v1/indicators/{code}/versions/{version}/preview": plain(
        "/v1/indicators/punctuality/versions/9999/preview?period=2026-01"
    ),
    "POST /v1/indicators/decide": plain(
        "/v1/indicators/decide",
        json={"versions": [{"code": "punctuality", "number": 9_999}], "decision": "approve"},
    ),
    "GET /v1/employees/{id}/scorecard": about_person("/v1/employees/{person}/scorecard"),
    "GET /v1/employees/{id}/scorecard/lines/{indicator}": about_person(
        "/v1/employees/{person}/scorecard/lines/punctuality"
    ),
    "POST /v1/employees/{id}/scorecard/what-if": about_person(
        "/v1/employees/{person}/scorecard/what-if", json={"fact": "matrix", "removed": True}
    ),
    "GET /v1/employees/{id}/scorecard/differences": about_person(
        "/v1/employees/{person}/scorecard/differences", params={"from": "2026-01-01T00:00:00Z"}
    ),
    "GET /v1/agencies/{code}/scorecard": about_agency("/v1/agencies/{code}/scorecard"),
    "GET /v1/agencies/{code}/scorecard/lines/{indicator}": about_agency(
        "/v1/agencies/{code}/scorecard/lines/punctuality"
    ),
    "GET /v1/city/scorecard": plain("/v1/city/scorecard"),
    "GET /v1/city/scorecard/lines/{indicator}": plain("/v1/city/scorecard/lines/punctuality"),
    "POST /v1/measurements": Call(PERSON, _measuring),
    "GET /v1/measurements": about_person("/v1/measurements", params={"subject": "PERSON"}),
    "POST /v1/imports/measurements": plain(
        "/v1/imports/measurements?dry_run=true",
        content=b"indicator,subject,period,value,evidence\n",
        headers={"Content-Type": "text/csv"},
    ),
    "GET /v1/measurement-keys": plain("/v1/measurement-keys"),
    "POST /v1/measurement-keys": plain(
        "/v1/measurement-keys", json={"name": "matrix", "indicators": ["no_such_indicator"]}
    ),
    "DELETE /v1/measurement-keys/{id}": plain("/v1/measurement-keys/matrix"),
    "POST /v1/ledger/checks": plain("/v1/ledger/checks", json={"period": "2026-01", "agency": "X"}),
    "GET /v1/ledger/seals": plain("/v1/ledger/seals"),
    "GET /v1/insights/trend": about_person(
        "/v1/insights/trend", params={"employee": "PERSON", "from": "2026-01", "to": "2026-02"}
    ),
    "GET /v1/insights/peers": about_person("/v1/insights/peers", params={"employee": "PERSON"}),
    "GET /v1/insights/roll-out": plain("/v1/insights/roll-out?from=2026-01&to=2026-01"),
    "GET /v1/facts": about_person("/v1/facts", params={"employee": "PERSON"}),
    f"GET {_PLAN}": about_person(_of("", year=YEAR)),
    f"PUT {_PLAN}": about_person(_of("", year=YEAR), json=PLAN, headers=NO_SUCH_VERSION),
    f"POST {_PLAN}/agree": about_person(_of("/agree", year=YEAR), json={}, headers=NO_SUCH_VERSION),
    f"POST {_PLAN}/notes": about_person(
        _of("/notes", year=YEAR), json={"text": "Uji.", "item": "TIDAK-ADA"}
    ),
    f"GET {_PLAN}/feedback": about_person(_of("/feedback", year=YEAR)),
    f"POST {_PLAN}/feedback": about_person(
        _of("/feedback", year=YEAR), json={"kind": "praise", "text": "Uji matriks."}
    ),
    f"GET {_PLAN}/review": about_person(_of("/review", period=YEAR)),
    f"PUT {_PLAN}/review": about_person(
        _of("/review", period=YEAR), json=REVIEW, headers=NO_SUCH_VERSION
    ),
    f"POST {_PLAN}/review/confirm": about_person(
        _of("/review/confirm", period=YEAR), json={}, headers=NO_SUCH_VERSION
    ),
    f"POST {_PLAN}/review/return": about_person(
        _of("/review/return", period=YEAR), json={"note": "Uji."}, headers=NO_SUCH_VERSION
    ),
    f"POST {_PLAN}/review/object": about_person(
        _of("/review/object", period=YEAR), json={"note": "Uji."}, headers=NO_SUCH_VERSION
    ),
    "GET /v1/agencies/{code}/predicates": about_agency(
        f"/v1/agencies/{{code}}/predicates?period={YEAR}"
    ),
    "GET /v1/agencies/{code}/allowances": about_agency(
        f"/v1/agencies/{{code}}/allowances?period={MONTH}"
    ),
    "POST /v1/agencies/{code}/allowances/confirm": about_agency(
        "/v1/agencies/{code}/allowances/confirm?period=2099-12", json={}
    ),
    "GET /v1/employees/{id}/allowance": about_person(
        f"/v1/employees/{{person}}/allowance?period={MONTH}"
    ),
    "GET /v1/allowance-rules": plain("/v1/allowance-rules"),
    "POST /v1/allowance-rules": plain("/v1/allowance-rules", json=WEIGHS_TOO_MUCH),
    "PUT /v1/agencies/{code}/predicate": about_agency(
        f"/v1/agencies/{{code}}/predicate?period={YEAR}",
        json={"predicate": "baik", "basis": "Uji matriks."},
    ),
}
