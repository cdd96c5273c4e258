"""Indicators, scorecards and facts."""

from tests.integration.access.calls.making import (
    Call,
    about_agency,
    about_person,
    plain,
)

CALLS: dict[str, Call] = {
    "GET /v1/indicators": plain("/v1/indicators"),
    "GET /v1/employees/{id}/scorecard": about_person("/v1/employees/{person}/scorecard"),
    "GET /v1/employees/{id}/scorecard/lines/{indicator}": about_person(
        "/v1/employees/{person}/scorecard/lines/punctuality"
    ),
    "GET /v1/agencies/{code}/scorecard": about_agency("/v1/agencies/{code}/scorecard"),
    "GET /v1/agencies/{code}/scorecard/lines/{indicator}": about_agency(
        "/v1/agencies/{code}/scorecard/lines/punctuality"
    ),
    "GET /v1/facts": about_person("/v1/facts", params={"employee": "PERSON"}),
}
