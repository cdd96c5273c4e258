"""The page itself, sessions, accounts, people and places."""

from uuid import uuid4

from tests.integration.access.calls.making import (
    NO_SUCH_VERSION,
    Call,
    about_account,
    about_agency,
    about_office,
    about_person,
    fresh,
    plain,
)
from tests.integration.access.world import (
    AGENCY,
    UNKNOWN,
)

OFFICE = {
    "name": "Kantor matriks",
    "boundary": {"circle": {"lat": -7.569192, "lon": 110.829658, "radius_m": 150}},
    "from": "2031-01-01",
}

ASSIGNMENT = {
    "agency": AGENCY,
    "position": "Anggota tim",
    "kind": "additional",
    "main": False,
    "from": "2031-01-01",
}

CSV = (
    b"key,name,employment,agency,position,from\n"
    b"matriks-1,Orang Matriks,non_asn,DINKES,Uji,2031-01-01\n"
)

CALLS: dict[str, Call] = {
    "GET /health/live": plain("/health/live"),
    "GET /health/ready": plain("/health/ready"),
    "GET /metrics": plain("/metrics"),
    "GET /docs": plain("/docs"),
    "GET /asyncapi": plain("/asyncapi"),
    "GET /asyncapi.json": plain("/asyncapi.json"),
    "POST /v1/session": fresh(
        "/v1/session",
        lambda world: {"username": "pegawai.dinkes", "password": world.password},
    ),
    "POST /v1/session/refresh": plain("/v1/session/refresh", json={"refresh_token": "x.y"}),
    "POST /v1/session/tickets": plain("/v1/session/tickets"),
    "GET /v1/me/stream": plain("/v1/me/stream", params={"ticket": "none-of-ours"}),
    "GET /v1/me": plain("/v1/me"),
    "GET /v1/me/home": plain("/v1/me/home"),
    "GET /v1/receipts/{id}": plain(f"/v1/receipts/{UNKNOWN}"),
    "GET /v1/accounts": plain("/v1/accounts"),
    "POST /v1/accounts": fresh(
        "/v1/accounts", lambda _: {"username": f"m.{uuid4().hex[:12]}", "grants": []}
    ),
    "POST /v1/accounts/initial-passwords": plain(
        "/v1/accounts/initial-passwords",
        json={"password": "kata sandi matriks", "usernames": ["tidak.ada"]},
    ),
    "POST /v1/accounts/me/password": plain(
        "/v1/accounts/me/password",
        json={"current_password": "bukan ini", "new_password": "kata sandi matriks"},
    ),
    "GET /v1/accounts/{username}": about_account("/v1/accounts/{username}"),
    "PATCH /v1/accounts/{username}": about_account(
        "/v1/accounts/{username}", json={"active": True}, headers=NO_SUCH_VERSION
    ),
    "GET /v1/agencies": plain("/v1/agencies"),
    "GET /v1/agencies/{code}": about_agency("/v1/agencies/{code}"),
    "PUT /v1/agencies/{code}": about_agency(
        "/v1/agencies/{code}",
        json={"name": "Matriks", "kind": "dinas", "stages": []},
        headers=NO_SUCH_VERSION,
    ),
    "GET /v1/offices": plain("/v1/offices"),
    "GET /v1/offices/{code}": about_office("/v1/offices/{code}"),
    "PUT /v1/offices/{code}": about_office(
        "/v1/offices/{code}", json=OFFICE, headers=NO_SUCH_VERSION
    ),
    "GET /v1/offices/{code}/kiosk": about_office("/v1/offices/{code}/kiosk"),
    "POST /v1/offices/{code}/kiosk/rotate": about_office(
        "/v1/offices/{code}/kiosk/rotate", json={"compromised": False}
    ),
    "GET /v1/employees": about_person("/v1/employees", params={"id": "PERSON"}),
    "POST /v1/employees": plain(
        "/v1/employees",
        json={
            "name": "Orang Matriks",
            "employment": "non_asn",
            "assignments": [{"agency": AGENCY, "position": "Uji", "from": "2031-01-01"}],
        },
    ),
    "GET /v1/employees/{id}": about_person("/v1/employees/{person}"),
    "PATCH /v1/employees/{id}": about_person(
        "/v1/employees/{person}", json={"employment": "pns"}, headers=NO_SUCH_VERSION
    ),
    "POST /v1/employees/{id}/assignments": about_person(
        "/v1/employees/{person}/assignments", json=ASSIGNMENT
    ),
    "POST /v1/imports/employees": plain(
        "/v1/imports/employees",
        params={"dry_run": "true"},
        content=CSV,
        headers={"Content-Type": "text/csv"},
    ),
    "GET /v1/delegations": plain("/v1/delegations"),
    "POST /v1/delegations": fresh(
        "/v1/delegations",
        lambda world: {
            "to": world.people["same_agency"],
            "rights": ["approve"],
            "from": "2031-01-01",
            "until": "2031-01-02",
        },
    ),
    "DELETE /v1/delegations/{id}": plain(f"/v1/delegations/{UNKNOWN}"),
}
