"""How every route is called about an object: what its path, query and body are then.

Bodies are valid and harmless: a version that never was (412 tells that the caller would be let in),
a state in which nothing happens (409), a dry run, a day far away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.integration.access.world import (
    AGENCY,
    DAY,
    OTHER_AGENCY,
    UNKNOWN,
    World,
    help_request,
    punch,
)

NO_SUCH_VERSION = {"If-Match": '"999999999"'}
PERSON = ("own", "subordinate", "same_agency", "other_agency", "unknown")
PLACE = ("own", "other_agency", "unknown")
REQUEST = ("own", "same_agency", "other_agency", "unknown")
ASKED = ("subordinate", "other_agency", "unknown")
THING = ("own", "other_agency", "unknown")
STRANGERS = ("anonymous", "deactivated")
CSV = (
    b"key,name,employment,agency,position,from\n"
    b"matriks-1,Orang Matriks,non_asn,DINKES,Uji,2031-01-01\n"
)


@dataclass(frozen=True)
class Sent:
    """One call, ready to be sent."""

    path: str
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """The objects a route is asked about, and the call about one of them as a role.

    What acts on a help request finds a new one for every row of the table, so that no row depends
    on another.
    """

    objects: tuple[str, ...]
    about: Callable[[World, str, str], Sent | None]
    acts_on_request: bool = False


def _plain(path: str, **more: Any) -> Call:
    return Call(("-",), lambda _world, _role, _kind: Sent(path, more))


def _person(world: World, role: str, kind: str) -> str | None:
    if kind != "own":
        return world.people[kind]
    return UNKNOWN if role in STRANGERS else world.employees.get(role)


def _about_person(path: str, **more: Any) -> Call:
    """``{person}`` in the path and ``PERSON`` in the query are the person's id."""

    def about(world: World, role: str, kind: str) -> Sent | None:
        person = _person(world, role, kind)
        if person is None:
            return None
        params = {
            name: person if value == "PERSON" else value
            for name, value in more.get("params", {}).items()
        }
        filled = more | ({"params": params} if params else {})
        return Sent(path.replace("{person}", person), filled)

    return Call(PERSON, about)


def _about_account(path: str, **more: Any) -> Call:
    def about(world: World, _role: str, kind: str) -> Sent | None:
        return Sent(path.replace("{username}", world.accounts[kind]), more)

    return Call(PERSON[1:], about)


def _code(kind: str) -> str:
    return {"own": AGENCY, "other_agency": OTHER_AGENCY, "unknown": "TIDAKADA"}[kind]


def _about_agency(path: str, **more: Any) -> Call:
    return Call(PLACE, lambda _world, _role, kind: Sent(path.replace("{code}", _code(kind)), more))


def _about_office(path: str, **more: Any) -> Call:
    codes = {"own": "BALAIKOTA", "unknown": "TIDAKADA"}
    return Call(
        tuple(codes), lambda _world, _role, kind: Sent(path.replace("{code}", codes[kind]), more)
    )


def _about_request(action: str, **more: Any) -> Call:
    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/help-requests/{world.requests[kind]}{action}", more)

    return Call(REQUEST, about, acts_on_request=bool(more) or action == "/start")


def _about_asked(noun: str, action: str = "", **more: Any) -> Call:
    """A request for a decision: of somebody below, of another agency's, of nobody."""

    def about(world: World, _role: str, kind: str) -> Sent:
        headers = {"headers": NO_SUCH_VERSION} if action else {}
        return Sent(f"/v1/{noun}/{world.asked[noun][kind]}{action}", {**more, **headers})

    return Call(ASKED, about)


def _asking(path: str, **body: Any) -> Call:
    """A request for a person with a field that is wrong: 422 tells that one may ask for them."""

    def about(world: World, role: str, kind: str) -> Sent | None:
        person = _person(world, role, kind)
        return None if person is None else Sent(path, {"json": {"employee_id": person, **body}})

    return Call(PERSON, about)


def _with_people(action: str) -> Call:
    def about(world: World, _role: str, kind: str) -> Sent:
        people = {"people": [world.people["same_agency"]]}
        return Sent(f"/v1/help-requests/{world.requests[kind]}{action}", {"json": people})

    return Call(REQUEST, about, acts_on_request=True)


def _about_subscription(action: str, **more: Any) -> Call:
    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/subscriptions/{world.subscriptions[kind]}{action}", more)

    return Call(THING, about)


def _about_job(action: str) -> Call:
    """Jobs that the administrator asked for."""

    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/jobs/{world.jobs[kind]}{action}")

    return Call(("other_agency", "unknown"), about)


def _fresh(path: str, make: Callable[[World], dict[str, Any]]) -> Call:
    return Call(("-",), lambda world, _role, _kind: Sent(path, {"json": make(world)}))


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
POLICY = {
    "pattern": "matriks",
    "effective_from": "2091-01-01",
    "week": {"monday": {"start": "07:30", "end": "15:30"}},
    "bands": {"preset": "national-a"},
}
REASON = {"json": {"reason": "Uji matriks akses."}}
NOTE = {"json": {"note": "Uji matriks akses."}}
RANGE = {"from": DAY, "to": DAY}

CALLS: dict[str, Call] = {
    "GET /health/live": _plain("/health/live"),
    "GET /health/ready": _plain("/health/ready"),
    "GET /metrics": _plain("/metrics"),
    "GET /docs": _plain("/docs"),
    "GET /asyncapi": _plain("/asyncapi"),
    "GET /asyncapi.json": _plain("/asyncapi.json"),
    "POST /v1/session": _fresh(
        "/v1/session",
        lambda world: {"username": "pegawai.dinkes", "password": world.password},
    ),
    "POST /v1/session/refresh": _plain("/v1/session/refresh", json={"refresh_token": "x.y"}),
    "GET /v1/me": _plain("/v1/me"),
    "GET /v1/me/home": _plain("/v1/me/home"),
    "GET /v1/receipts/{id}": _plain(f"/v1/receipts/{UNKNOWN}"),
    # directory
    "GET /v1/accounts": _plain("/v1/accounts"),
    "POST /v1/accounts": _fresh(
        "/v1/accounts", lambda _: {"username": f"m.{uuid4().hex[:12]}", "grants": []}
    ),
    "POST /v1/accounts/initial-passwords": _plain(
        "/v1/accounts/initial-passwords",
        json={"password": "kata sandi matriks", "usernames": ["tidak.ada"]},
    ),
    "POST /v1/accounts/me/password": _plain(
        "/v1/accounts/me/password",
        json={"current_password": "bukan ini", "new_password": "kata sandi matriks"},
    ),
    "GET /v1/accounts/{username}": _about_account("/v1/accounts/{username}"),
    "PATCH /v1/accounts/{username}": _about_account(
        "/v1/accounts/{username}", json={"active": True}, headers=NO_SUCH_VERSION
    ),
    "GET /v1/agencies": _plain("/v1/agencies"),
    "GET /v1/agencies/{code}": _about_agency("/v1/agencies/{code}"),
    "PUT /v1/agencies/{code}": _about_agency(
        "/v1/agencies/{code}",
        json={"name": "Matriks", "kind": "dinas", "stages": []},
        headers=NO_SUCH_VERSION,
    ),
    "GET /v1/offices": _plain("/v1/offices"),
    "GET /v1/offices/{code}": _about_office("/v1/offices/{code}"),
    "PUT /v1/offices/{code}": _about_office(
        "/v1/offices/{code}", json=OFFICE, headers=NO_SUCH_VERSION
    ),
    "GET /v1/offices/{code}/kiosk": _about_office("/v1/offices/{code}/kiosk"),
    "POST /v1/offices/{code}/kiosk/rotate": _about_office(
        "/v1/offices/{code}/kiosk/rotate", json={"compromised": False}
    ),
    "GET /v1/employees": _about_person("/v1/employees", params={"id": "PERSON"}),
    "POST /v1/employees": _plain(
        "/v1/employees",
        json={
            "name": "Orang Matriks",
            "employment": "non_asn",
            "assignments": [{"agency": AGENCY, "position": "Uji", "from": "2031-01-01"}],
        },
    ),
    "GET /v1/employees/{id}": _about_person("/v1/employees/{person}"),
    "PATCH /v1/employees/{id}": _about_person(
        "/v1/employees/{person}", json={"employment": "pns"}, headers=NO_SUCH_VERSION
    ),
    "POST /v1/employees/{id}/assignments": _about_person(
        "/v1/employees/{person}/assignments", json=ASSIGNMENT
    ),
    "POST /v1/imports/employees": _plain(
        "/v1/imports/employees",
        params={"dry_run": "true"},
        content=CSV,
        headers={"Content-Type": "text/csv"},
    ),
    "GET /v1/delegations": _plain("/v1/delegations"),
    "POST /v1/delegations": _fresh(
        "/v1/delegations",
        lambda world: {
            "to": world.people["same_agency"],
            "rights": ["approve"],
            "from": "2031-01-01",
            "until": "2031-01-02",
        },
    ),
    "DELETE /v1/delegations/{id}": _plain(f"/v1/delegations/{UNKNOWN}"),
    # attendance
    "POST /v1/check-ins": _plain(
        "/v1/check-ins",
        json={
            "direction": "in",
            "position": {"lat": -7.569192, "lon": 110.829658, "accuracy_m": 10},
        },
    ),
    "POST /v1/check-ins/batch": _plain(
        "/v1/check-ins/batch", json={"items": [{"direction": "out"}]}
    ),
    "POST /v1/check-ins/nonces": _plain("/v1/check-ins/nonces", json={"count": 1}),
    "GET /v1/check-ins/held": _about_person("/v1/check-ins/held", params={"employee_id": "PERSON"}),
    "POST /v1/check-ins/{id}/confirm": _plain(f"/v1/check-ins/{UNKNOWN}/confirm", json={}),
    "POST /v1/check-ins/{id}/decline": _plain(f"/v1/check-ins/{UNKNOWN}/decline", json={}),
    "GET /v1/check-ins": _about_person("/v1/check-ins", params=RANGE | {"employee_id": "PERSON"}),
    "GET /v1/reviews": _about_person("/v1/reviews", params={"employee_id": "PERSON"}),
    "GET /v1/reviews/{id}": _plain(f"/v1/reviews/{UNKNOWN}"),
    "POST /v1/reviews/{id}/confirm": _plain(f"/v1/reviews/{UNKNOWN}/confirm", json={}),
    "POST /v1/reviews/{id}/dismiss": _plain(f"/v1/reviews/{UNKNOWN}/dismiss", json={}),
    "GET /v1/employees/{employee}/days": _about_person("/v1/employees/{person}/days", params=RANGE),
    "GET /v1/employees/{employee}/days/{day}": _about_person(
        f"/v1/employees/{{person}}/days/{DAY}"
    ),
    "GET /v1/days": Call(
        PLACE,
        lambda _world, _role, kind: Sent(
            "/v1/days", {"params": {"date": DAY, "agency": _code(kind)}}
        ),
    ),
    "GET /v1/agencies/{code}/attendance-policies": _about_agency(
        "/v1/agencies/{code}/attendance-policies"
    ),
    "POST /v1/agencies/{code}/attendance-policies": _about_agency(
        "/v1/agencies/{code}/attendance-policies", json=POLICY
    ),
    "POST /v1/agencies/{code}/attendance-policies/{version}/preview": _about_agency(
        "/v1/agencies/{code}/attendance-policies/draft/preview",
        params={"period": "2026-10"},
        json=POLICY,
    ),
    "GET /v1/calendars/{code}": _about_agency("/v1/calendars/{code}"),
    "PUT /v1/calendars/{code}": _about_agency(
        "/v1/calendars/{code}", json={"days": []}, headers=NO_SUCH_VERSION
    ),
    "PUT /v1/calendars/{code}/spans/{name}": _about_agency(
        "/v1/calendars/{code}/spans/matriks", json={"first": "2091-01-01", "last": "2091-01-02"}
    ),
    "GET /v1/agencies/{code}/rosters/{period}": _about_agency(
        "/v1/agencies/{code}/rosters/2091-01"
    ),
    "PUT /v1/agencies/{code}/rosters/{period}": _about_agency(
        "/v1/agencies/{code}/rosters/2091-02",
        json={"shifts": {}, "people": []},
        headers=NO_SUCH_VERSION,
    ),
    "GET /v1/absence-kinds": _plain("/v1/absence-kinds"),
    "GET /v1/absences": _plain("/v1/absences"),
    "POST /v1/absences": _asking(
        "/v1/absences", kind="tidak_ada", **{"from": "2031-01-06", "to": "2031-01-06"}
    ),
    "GET /v1/absences/{id}": _about_asked("absences"),
    "POST /v1/absences/{id}/approve": _about_asked("absences", "/approve", **NOTE),
    "POST /v1/absences/{id}/reject": _about_asked("absences", "/reject", **NOTE),
    "POST /v1/absences/{id}/withdraw": _about_asked("absences", "/withdraw", **NOTE),
    "GET /v1/corrections": _plain("/v1/corrections"),
    "POST /v1/corrections": _asking("/v1/corrections", date=DAY, reason="Uji."),
    "GET /v1/corrections/{id}": _about_asked("corrections"),
    "POST /v1/corrections/{id}/approve": _about_asked("corrections", "/approve", **NOTE),
    "POST /v1/corrections/{id}/reject": _about_asked("corrections", "/reject", **NOTE),
    "POST /v1/corrections/{id}/withdraw": _about_asked("corrections", "/withdraw", **NOTE),
    "GET /v1/approvals": _plain("/v1/approvals"),
    "POST /v1/approvals/decide": Call(
        ASKED,
        lambda world, _role, kind: Sent(
            "/v1/approvals/decide",
            {
                "json": {
                    "items": [
                        {
                            "id": world.asked["absences"][kind],
                            "version": 999_999,
                            "decision": "approve",
                        }
                    ]
                }
            },
        ),
    ),
    "GET /v1/work-elsewhere": _plain("/v1/work-elsewhere"),
    "POST /v1/work-elsewhere": _asking("/v1/work-elsewhere", date="2020-01-06", plan="Uji."),
    "GET /v1/work-elsewhere/{id}": _about_asked("work-elsewhere"),
    "POST /v1/work-elsewhere/{id}/approve": _about_asked("work-elsewhere", "/approve", **NOTE),
    "POST /v1/work-elsewhere/{id}/reject": _about_asked("work-elsewhere", "/reject", **NOTE),
    "POST /v1/work-elsewhere/{id}/withdraw": _about_asked("work-elsewhere", "/withdraw", **NOTE),
    "POST /v1/work-elsewhere/{id}/report": _about_asked(
        "work-elsewhere", "/report", json={"output": "Uji."}
    ),
    "GET /v1/general-acts": _plain("/v1/general-acts"),
    "POST /v1/general-acts": _plain(
        "/v1/general-acts",
        json={
            "effect": "excuse_lateness",
            "scope": {"agencies": [AGENCY]},
            "from": "2031-01-06",
            "to": "2031-01-06",
            "reason": "Uji matriks akses.",
        },
    ),
    "GET /v1/general-acts/{id}": _about_asked("general-acts"),
    "POST /v1/general-acts/{id}/approve": _about_asked("general-acts", "/approve", **NOTE),
    "POST /v1/general-acts/{id}/reject": _about_asked("general-acts", "/reject", **NOTE),
    "POST /v1/general-acts/{id}/revoke": _about_asked("general-acts", "/revoke", **NOTE),
    "GET /v1/presence": _about_person("/v1/presence", params={"employee_id": "PERSON"}),
    "GET /v1/devices": _plain("/v1/devices"),
    "POST /v1/devices": _fresh(
        "/v1/devices",
        lambda _: {"serial": f"M{uuid4().hex[:10].upper()}", "office": "BALAIKOTA"},
    ),
    "GET /v1/devices/{serial}": _plain("/v1/devices/TIDAKADA"),
    "PATCH /v1/devices/{serial}": _plain(
        "/v1/devices/TIDAKADA", json={"enabled": False}, headers=NO_SUCH_VERSION
    ),
    "GET /v1/devices/{serial}/pins": _plain("/v1/devices/TIDAKADA/pins"),
    "PUT /v1/devices/{serial}/pins/{pin}": _fresh(
        "/v1/devices/TIDAKADA/pins/1", lambda world: {"employee_id": world.people["same_agency"]}
    ),
    "DELETE /v1/devices/{serial}/pins/{pin}": _plain("/v1/devices/TIDAKADA/pins/1"),
    "GET /v1/devices/{serial}/lines": _plain("/v1/devices/TIDAKADA/lines"),
    "GET /v1/devices/{serial}/operations": _plain("/v1/devices/TIDAKADA/operations"),
    "POST /v1/devices/{serial}/clock-acts": _plain(
        "/v1/devices/TIDAKADA/clock-acts",
        json={"from": f"{DAY}T00:00:00+07:00", "to": f"{DAY}T01:00:00+07:00", "shift_s": 60},
    ),
    "POST /v1/devices/{serial}/clock-acts/{act}/undo": _plain(
        f"/v1/devices/TIDAKADA/clock-acts/{UNKNOWN}/undo"
    ),
    "GET /v1/devices/{serial}/commands": _plain("/v1/devices/TIDAKADA/commands"),
    "POST /v1/devices/{serial}/commands": _plain(
        "/v1/devices/TIDAKADA/commands", json={"kind": "info"}
    ),
    "POST /v1/imports/punches": Call(
        PERSON[1:],
        lambda world, _role, kind: Sent(
            "/v1/imports/punches",
            {"json": {"items": [punch(world.people[kind])]}},
        ),
    ),
    "POST /v1/imports/attlog": _plain(
        "/v1/imports/attlog",
        params={"serial": "TIDAKADA", "dry_run": "true"},
        content=b"1\t2026-11-02 07:20:00\t1\t0\t0\t0\n",
        headers={"Content-Type": "text/plain"},
    ),
    "POST /v1/agencies/{code}/attendance/recompute": _about_agency(
        "/v1/agencies/{code}/attendance/recompute", params=RANGE
    ),
    "GET /v1/agencies/{code}/attendance/monthly": _about_agency(
        "/v1/agencies/{code}/attendance/monthly", params={"period": DAY[:7]}
    ),
    "GET /v1/agencies/{code}/attendance/reference-differences": _about_agency(
        "/v1/agencies/{code}/attendance/reference-differences", params={"period": DAY[:7]}
    ),
    "POST /v1/imports/reference-days": Call(
        PERSON[1:],
        lambda world, _role, kind: Sent(
            "/v1/imports/reference-days",
            {"json": {"items": [{"employee_id": world.people[kind], "date": DAY}]}},
        ),
    ),
    "GET /v1/employees/{employee}/statement": _about_person(
        "/v1/employees/{person}/statement", params={"period": DAY[:7]}
    ),
    "GET /v1/employees/{employee}/access-log": _about_person("/v1/employees/{person}/access-log"),
    "GET /v1/agencies/{code}/attendance/absence-signals": _about_agency(
        "/v1/agencies/{code}/attendance/absence-signals", params={"year": DAY[:4]}
    ),
    "GET /v1/employees/{employee}/data-export": _about_person("/v1/employees/{person}/data-export"),
    "DELETE /v1/employees/{employee}/positions": _about_person(
        "/v1/employees/{person}/positions", params={"reason": "Uji matriks akses."}
    ),
    "GET /v1/jobs/{id}": _about_job(""),
    "GET /v1/jobs/{id}/report": _about_job("/report"),
    "POST /v1/jobs/{id}/cancel": _about_job("/cancel"),
    # tasks
    "GET /v1/help-requests": _plain("/v1/help-requests"),
    "POST /v1/help-requests": _plain("/v1/help-requests", json=help_request(OTHER_AGENCY)),
    "GET /v1/help-requests/{id}": _about_request(""),
    "GET /v1/help-requests/{id}/timeline": _about_request("/timeline"),
    "GET /v1/help-requests/{id}/assignment.pdf": _about_request("/assignment.pdf"),
    "POST /v1/help-requests/{id}/start": _about_request("/start"),
    "POST /v1/help-requests/{id}/assign": _with_people("/assign"),
    "POST /v1/help-requests/{id}/log": _about_request("/log", json={"minutes": 5, "note": "Uji."}),
    "POST /v1/help-requests/{id}/deliver": _about_request(
        "/deliver", json={"summary": "Uji.", "links": []}
    ),
    "POST /v1/help-requests/{id}/confirm": _about_request(
        "/confirm", json={"rating": 5, "thanks": "Terima kasih."}
    ),
    "POST /v1/help-requests/{id}/return": _about_request("/return", **REASON),
    "POST /v1/help-requests/{id}/answer": _about_request("/answer", json={"text": "Ya."}),
    "POST /v1/help-requests/{id}/ask": _about_request("/ask", json={"question": "Kapan?"}),
    "POST /v1/help-requests/{id}/accept": _with_people("/accept"),
    "POST /v1/help-requests/{id}/hand-on": _about_request(
        "/hand-on", json={"to": "BPKAD", "reason": "Uji."}
    ),
    "POST /v1/help-requests/{id}/decline": _about_request("/decline", **REASON),
    "POST /v1/help-requests/{id}/withdraw": _about_request("/withdraw", **REASON),
    "POST /v1/imports/help-requests": _plain(
        "/v1/imports/help-requests",
        json={
            "items": [
                help_request(OTHER_AGENCY)
                | {"asking_agency": AGENCY, "requested_at": f"{DAY}T08:00:00+07:00"}
            ]
        },
    ),
    # kpi
    "GET /v1/indicators": _plain("/v1/indicators"),
    "GET /v1/employees/{id}/scorecard": _about_person("/v1/employees/{person}/scorecard"),
    "GET /v1/employees/{id}/scorecard/lines/{indicator}": _about_person(
        "/v1/employees/{person}/scorecard/lines/punctuality"
    ),
    "GET /v1/agencies/{code}/scorecard": _about_agency("/v1/agencies/{code}/scorecard"),
    "GET /v1/agencies/{code}/scorecard/lines/{indicator}": _about_agency(
        "/v1/agencies/{code}/scorecard/lines/punctuality"
    ),
    "GET /v1/facts": _about_person("/v1/facts", params={"employee": "PERSON"}),
    # subscriptions
    "GET /v1/events": _plain("/v1/events", params={"limit": "1"}),
    "GET /v1/subscriptions": _plain("/v1/subscriptions"),
    "POST /v1/subscriptions": _fresh(
        "/v1/subscriptions",
        lambda _: {
            "name": f"matriks-{uuid4().hex[:8]}",
            "types": ["tasks.*"],
            "delivery": {"feed": {}},
        },
    ),
    "GET /v1/subscriptions/{id}": _about_subscription(""),
    "POST /v1/subscriptions/{id}/pause": _about_subscription("/pause"),
    "POST /v1/subscriptions/{id}/resume": _about_subscription("/resume"),
    "POST /v1/subscriptions/{id}/replay": _about_subscription(
        "/replay", json={"after": "earliest"}
    ),
    "POST /v1/subscriptions/{id}/rotate-secret": _about_subscription("/rotate-secret"),
    "DELETE /v1/subscriptions/{id}": _about_subscription(""),
}

for _call in ("GET cdata", "GET getrequest", "GET ping"):
    CALLS[_call.replace(" ", " /iclock/")] = _plain(f"/iclock/{_call.split()[1]}?SN=TIDAKADA")
for _call in ("cdata", "devicecmd", "registry", "push", "querydata"):
    CALLS[f"POST /iclock/{_call}"] = _plain(f"/iclock/{_call}?SN=TIDAKADA", content=b"1\n")

STATEFUL = ("/v1/help-requests/{id}/", "/v1/subscriptions/{id}", "/v1/check-ins", "/v1/jobs/{id}/")
"""Where who came first decides between done and 409; both say that the caller was let in."""
BATCHES = frozenset(
    {
        "POST /v1/approvals/decide",
        "POST /v1/check-ins/batch",
        "POST /v1/imports/punches",
        "POST /v1/imports/reference-days",
        "POST /v1/imports/help-requests",
    }
)
"""Answers that are 200 and hold a verdict per item: the one item's verdict counts."""
STREAMS = frozenset({"GET /v1/events/stream", "GET /v1/presence/stream"})
"""Answers that never end: asked for their status only."""
CALLS["GET /v1/events/stream"] = _plain("/v1/events/stream")
CALLS["GET /v1/presence/stream"] = Call(
    ("own", "unknown"),
    lambda _world, _role, kind: Sent(
        "/v1/presence/stream?office=" + {"own": "BALAIKOTA", "unknown": "TIDAKADA"}[kind]
    ),
)
CALLS["DELETE /v1/session"] = _plain("/v1/session")
"""Last: it ends the sessions of those who call it (their access tokens live on for minutes)."""
