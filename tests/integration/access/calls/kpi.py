"""Indicators, scorecards and facts."""

from tests.integration.access.calls.making import (
    Call,
    about_agency,
    about_person,
    plain,
)

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

CALLS: dict[str, Call] = {
    "GET /v1/indicators": plain("/v1/indicators"),
    "POST /v1/indicators": plain("/v1/indicators", json={"code": "matriks", **_UNREADABLE}),
    "POST /v1/indicators/{code}/versions": plain(
        "/v1/indicators/punctuality/versions", json=_UNREADABLE
    ),
    "POST /v1/indicators/decide": plain(
        "/v1/indicators/decide",
        json={"versions": [{"code": "punctuality", "number": 9_999}], "decision": "approve"},
    ),
    "GET /v1/employees/{id}/scorecard": about_person("/v1/employees/{person}/scorecard"),
    "GET /v1/employees/{id}/scorecard/lines/{indicator}": about_person(
        "/v1/employees/{person}/scorecard/lines/punctuality"
    ),
    "GET /v1/agencies/{code}/scorecard": about_agency("/v1/agencies/{code}/scorecard"),
    "GET /v1/agencies/{code}/scorecard/lines/{indicator}": about_agency(
        "/v1/agencies/{code}/scorecard/lines/punctuality"
    ),
    "GET /v1/city/scorecard": plain("/v1/city/scorecard"),
    "GET /v1/city/scorecard/lines/{indicator}": plain("/v1/city/scorecard/lines/punctuality"),
    "GET /v1/facts": about_person("/v1/facts", params={"employee": "PERSON"}),
}
