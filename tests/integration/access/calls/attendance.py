"""Check-ins, days, sums and trails."""

from tests.integration.access.calls.making import (
    PERSON,
    PLACE,
    RANGE,
    Call,
    Sent,
    about_agency,
    about_job,
    about_person,
    code_of,
    plain,
)
from tests.integration.access.world import (
    DAY,
    UNKNOWN,
    punch,
)

CALLS: dict[str, Call] = {
    "POST /v1/check-ins": plain(
        "/v1/check-ins",
        json={
            "direction": "in",
            "position": {"lat": -7.569192, "lon": 110.829658, "accuracy_m": 10},
        },
    ),
    "POST /v1/check-ins/batch": plain(
        "/v1/check-ins/batch", json={"items": [{"direction": "out"}]}
    ),
    "POST /v1/check-ins/nonces": plain("/v1/check-ins/nonces", json={"count": 1}),
    "GET /v1/check-ins/held": about_person("/v1/check-ins/held", params={"employee_id": "PERSON"}),
    "POST /v1/check-ins/{id}/confirm": plain(f"/v1/check-ins/{UNKNOWN}/confirm", json={}),
    "POST /v1/check-ins/{id}/decline": plain(f"/v1/check-ins/{UNKNOWN}/decline", json={}),
    "GET /v1/check-ins": about_person("/v1/check-ins", params=RANGE | {"employee_id": "PERSON"}),
    "GET /v1/reviews": about_person("/v1/reviews", params={"employee_id": "PERSON"}),
    "GET /v1/reviews/{id}": plain(f"/v1/reviews/{UNKNOWN}"),
    "POST /v1/reviews/{id}/confirm": plain(f"/v1/reviews/{UNKNOWN}/confirm", json={}),
    "POST /v1/reviews/{id}/dismiss": plain(f"/v1/reviews/{UNKNOWN}/dismiss", json={}),
    "GET /v1/employees/{employee}/days": about_person("/v1/employees/{person}/days", params=RANGE),
    "GET /v1/employees/{employee}/days/{day}": about_person(f"/v1/employees/{{person}}/days/{DAY}"),
    "GET /v1/days": Call(
        PLACE,
        lambda _world, _role, kind: Sent(
            "/v1/days", {"params": {"date": DAY, "agency": code_of(kind)}}
        ),
    ),
    "GET /v1/presence": about_person("/v1/presence", params={"employee_id": "PERSON"}),
    "POST /v1/imports/punches": Call(
        PERSON[1:],
        lambda world, _role, kind: Sent(
            "/v1/imports/punches",
            {"json": {"items": [punch(world.people[kind])]}},
        ),
    ),
    "POST /v1/agencies/{code}/attendance/recompute": about_agency(
        "/v1/agencies/{code}/attendance/recompute", params=RANGE
    ),
    "GET /v1/agencies/{code}/settlements": about_agency("/v1/agencies/{code}/settlements"),
    "GET /v1/agencies/{code}/attendance/monthly": about_agency(
        "/v1/agencies/{code}/attendance/monthly", params={"period": DAY[:7]}
    ),
    "GET /v1/agencies/{code}/attendance/reference-differences": about_agency(
        "/v1/agencies/{code}/attendance/reference-differences", params={"period": DAY[:7]}
    ),
    "POST /v1/imports/reference-days": Call(
        PERSON[1:],
        lambda world, _role, kind: Sent(
            "/v1/imports/reference-days",
            {"json": {"items": [{"employee_id": world.people[kind], "date": DAY}]}},
        ),
    ),
    "GET /v1/employees/{employee}/statement": about_person(
        "/v1/employees/{person}/statement", params={"period": DAY[:7]}
    ),
    "GET /v1/employees/{employee}/access-log": about_person("/v1/employees/{person}/access-log"),
    "GET /v1/agencies/{code}/attendance/absence-signals": about_agency(
        "/v1/agencies/{code}/attendance/absence-signals", params={"year": DAY[:4]}
    ),
    "GET /v1/employees/{employee}/data-export": about_person("/v1/employees/{person}/data-export"),
    "DELETE /v1/employees/{employee}/positions": about_person(
        "/v1/employees/{person}/positions", params={"reason": "Uji matriks akses."}
    ),
    "GET /v1/jobs/{id}": about_job(""),
    "GET /v1/jobs/{id}/report": about_job("/report"),
    "POST /v1/jobs/{id}/cancel": about_job("/cancel"),
    "GET /v1/presence/stream": Call(
        ("own", "unknown"),
        lambda _world, _role, kind: Sent(
            "/v1/presence/stream?office=" + {"own": "BALAIKOTA", "unknown": "TIDAKADA"}[kind]
        ),
    ),
}
