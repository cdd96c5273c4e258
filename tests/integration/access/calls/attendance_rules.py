"""Policies, calendars and rosters."""

from tests.integration.access.calls.making import (
    NO_SUCH_VERSION,
    PLACE,
    Call,
    Sent,
    about_agency,
    code_of,
)

POLICY = {
    "pattern": "matriks",
    "effective_from": "2091-01-01",
    "week": {"monday": {"start": "07:30", "end": "15:30"}},
    "bands": {"preset": "national-a"},
}

CALLS: dict[str, Call] = {
    "GET /v1/agencies/{code}/attendance-policies": about_agency(
        "/v1/agencies/{code}/attendance-policies"
    ),
    "POST /v1/agencies/{code}/attendance-policies": about_agency(
        "/v1/agencies/{code}/attendance-policies", json=POLICY
    ),
    "POST /v1/agencies/{code}/attendance-policies/{version}/preview": about_agency(
        "/v1/agencies/{code}/attendance-policies/draft/preview",
        params={"period": "2026-10"},
        json=POLICY,
    ),
    "GET /v1/calendars/{code}": about_agency("/v1/calendars/{code}"),
    "PUT /v1/calendars/{code}": about_agency(
        "/v1/calendars/{code}", json={"days": []}, headers=NO_SUCH_VERSION
    ),
    "PUT /v1/calendars/{code}/spans/{name}": about_agency(
        "/v1/calendars/{code}/spans/matriks", json={"first": "2091-01-01", "last": "2091-01-02"}
    ),
    "GET /v1/agencies/{code}/rosters/{period}": about_agency("/v1/agencies/{code}/rosters/2091-01"),
    "PUT /v1/agencies/{code}/rosters/{period}": about_agency(
        "/v1/agencies/{code}/rosters/2091-02",
        json={"shifts": {}, "people": []},
        headers=NO_SUCH_VERSION,
    ),
    "POST /v1/imports/rosters": Call(
        PLACE,
        lambda _world, _role, kind: Sent(
            "/v1/imports/rosters",
            {
                "params": {"agency": code_of(kind), "period": "2091-03", "dry_run": "true"},
                "content": b"nip,date,shift\n199001012020011001,2091-03-01,\n",
                "headers": {"Content-Type": "text/csv"},
            },
        ),
    ),
}
