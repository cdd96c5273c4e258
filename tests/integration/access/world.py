"""Whom the matrix asks as, and what it asks about: two agencies of the demo city."""

import json
import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from tests.waiting import eventually


def last_working_day() -> date:
    """The latest Monday to Friday before today."""
    day = datetime.now(UTC).date() - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


ROLES = (
    "anonymous",
    "employee",
    "supervisor",
    "head",
    "head_other",
    "admin",
    "auditor",
    "operator",
    "loader",
    "subscriber",
    "deactivated",
)
AGENCY, OTHER_AGENCY, THIRD_AGENCY = "DINKES", "BKPSDM", "DISKOMINFOSP"
UNKNOWN = "0198f6a2-0000-7000-8000-00000000dead"
DAY = last_working_day().isoformat()
YEAR, MONTH = DAY[:4], DAY[:7]
PLAN = {
    "items": [
        {
            "id": "H1",
            "result": "Uji matriks akses",
            "measure": "Baris yang lulus",
            "target": "Semua",
        }
    ]
}
_VALUES = (
    "berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif",
    "kolaboratif",
)  # fmt: skip
REVIEW = {
    "results": [{"item": "H1", "realisation": "Semua", "rating": "as_expected"}],
    "behaviour": [{"value": value, "rating": "as_expected"} for value in _VALUES],
    "result_rating": "as_expected",
    "behaviour_rating": "as_expected",
}
_NAMED = {
    "employee": "pegawai.dinkes",
    "head": "kepala.dinkes",
    "head_other": "kepala.bkpsdm",
    "admin": "admin",
    "auditor": "auditor",
    "operator": "operator",
    "loader": "loader",
    "subscriber": "jabar",
}
CLOSED = "matriks.ditutup"
_PLANNED: dict[str, Any] = {"name": "Uji matriks akses", "task": {"title": "Uji matriks akses"}}
PLANS: dict[str, dict[str, Any]] = {
    "task-templates": _PLANNED,
    "task-recurrences": _PLANNED | {"rule": "FREQ=DAILY;COUNT=1", "starts_on": "2091-01-01"},
    "task-filters": {"name": "Uji matriks akses", "filter": {"state": ["open"]}},
}
"""Plans that nothing follows from."""


@dataclass
class World:
    """Tokens by role, people by how they stand to the agency, and things of both agencies."""

    client: httpx.AsyncClient
    password: str
    tokens: dict[str, str] = field(default_factory=dict)
    employees: dict[str, str | None] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    subscriptions: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    plans: dict[str, dict[str, str]] = field(default_factory=dict)
    receipt: str = UNKNOWN

    async def ask(self, role: str, method: str, path: str, **more: Any) -> httpx.Response:
        """Call as a role."""
        headers = dict(more.pop("headers", {}))
        if role != "anonymous":
            headers["Authorization"] = f"Bearer {self.tokens[role]}"
        return await self.client.request(method, path, headers=headers, **more)

    async def told(self, role: str, method: str, path: str, **more: Any) -> Any:
        """The answer's data; anything but success is the test's own fault."""
        answer = await self.ask(role, method, path, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return json.loads(answer.content or b"null")

    async def sign_in(self, username: str) -> str:
        """An access token."""
        answer = await self.client.post(
            "/v1/session", json={"username": username, "password": self.password}
        )
        assert answer.status_code == 201, f"{username}: {answer.text}"
        token: str = answer.json()["access_token"]
        return token


async def build(client: httpx.AsyncClient, password: str) -> World:
    """Sign everybody in and put in place what the demo city lacks."""
    world = World(client, password)
    for role, username in _NAMED.items():
        world.tokens[role] = await world.sign_in(username)
        me = await world.told(role, "GET", "/v1/me")
        world.employees[role] = me["employee"] and me["employee"]["id"]
    await _find_people(world)
    await _record_a_day(world)
    await _close_an_account(world)
    world.tokens["third"] = await world.sign_in(f"kepala.{THIRD_AGENCY.lower()}")
    world.requests["unknown"] = UNKNOWN
    for kind in _ASKERS:
        await ask_for_help(world, kind)
    await _subscribe(world)
    await _have_days_recomputed(world)
    await _ask_for_decisions(world)
    await _review_somebody(world)
    await _send_a_file(world)
    await _write_tasks_down(world)
    return world


async def _find_people(world: World) -> None:
    """A supervisor who is no head, somebody below, somebody beside, and somebody elsewhere."""
    listed = await world.told(
        "admin", "GET", "/v1/employees", params={"agency": AGENCY, "limit": 50, "exact": True}
    )
    taken = {world.employees["employee"], world.employees["head"]}
    supervisor, below, beside = [one["id"] for one in listed["items"] if one["id"] not in taken][:3]
    assignment = {
        "agency": AGENCY,
        "position": "Anggota tim",
        "supervisor": supervisor,
        "kind": "additional",
        "main": False,
        "from": "2026-01-01",
    }
    await world.told("admin", "POST", f"/v1/employees/{below}/assignments", json=assignment)
    found = await world.told("admin", "GET", "/v1/accounts", params={"employee": supervisor})
    world.tokens["supervisor"] = await world.sign_in(found["items"][0]["username"])
    world.employees["supervisor"] = supervisor
    elsewhere = await world.told(
        "admin", "GET", "/v1/employees", params={"agency": OTHER_AGENCY, "limit": 50, "exact": True}
    )
    known = {world.employees["head_other"]}
    world.people = {
        "subordinate": below,
        "same_agency": beside,
        "other_agency": next(one["id"] for one in elsewhere["items"] if one["id"] not in known),
        "unknown": UNKNOWN,
    }
    for kind, person in world.people.items():
        if kind != "unknown":
            accounts = await world.told("admin", "GET", "/v1/accounts", params={"employee": person})
            world.accounts[kind] = accounts["items"][0]["username"]
    world.accounts["unknown"] = "tidak.ada"


async def _record_a_day(world: World) -> None:
    """Everybody the matrix asks about was at work on that day."""
    people = {*world.people.values(), *world.employees.values()} - {UNKNOWN, None}
    items = [punch(str(person)) for person in sorted(map(str, people))]
    await world.told("loader", "POST", "/v1/imports/punches", json={"items": items})


def punch(person: str) -> dict[str, str]:
    """An arrival in time."""
    at = f"{DAY}T07:20:00+07:00"
    return {"employee_id": person, "direction": "in", "at": at, "office": "BALAIKOTA"}


async def _close_an_account(world: World) -> None:
    """An account that was open when its token was signed."""
    made = await world.ask(
        "admin",
        "POST",
        "/v1/accounts",
        json={"username": CLOSED, "grants": [{"role": "admin", "scope": "*"}]},
    )
    if made.status_code == 201:
        await world.told(
            "admin",
            "POST",
            "/v1/accounts/initial-passwords",
            json={"password": world.password, "usernames": [CLOSED]},
        )
    account = await world.ask("admin", "GET", f"/v1/accounts/{CLOSED}")
    if not account.json()["active"]:
        account = await _set_active(world, account.headers["etag"], active=True)
    world.tokens["deactivated"] = await world.sign_in(CLOSED)
    await _set_active(world, account.headers["etag"], active=False)

    async def refused() -> bool:
        # not /v1/me, where directory itself refuses: the gateway must have heard of it
        return (await world.ask("deactivated", "GET", "/v1/offices")).status_code == 401

    await eventually(refused, within_s=20, every_s=0.3)


async def _set_active(world: World, etag: str, *, active: bool) -> httpx.Response:
    return await world.ask(
        "admin",
        "PATCH",
        f"/v1/accounts/{CLOSED}",
        json={"active": active},
        headers={"If-Match": etag},
    )


_ASKERS = {
    "own": ("head", OTHER_AGENCY),
    "same_agency": ("head_other", AGENCY),
    "other_agency": ("third", "BPKAD"),
}


async def ask_for_help(world: World, kind: str) -> None:
    """A new request: one that the agency made, that it received, or that is no business of it."""
    if kind in _ASKERS:
        asker, to = _ASKERS[kind]
        made = await world.told(asker, "POST", "/v1/help-requests", json=help_request(to))
        world.requests[kind] = made["id"]


def help_request(to: str) -> dict[str, Any]:
    """A harmless request."""
    return {
        "to": [to],
        "title": "Satu orang untuk pemeriksaan akses",
        "description": "Dibuat oleh uji matriks akses.",
        "people": 1,
        "due": (datetime.now(UTC) + timedelta(days=60)).isoformat(timespec="seconds"),
        "priority": "low",
    }


async def _ask_for_decisions(world: World) -> None:
    """A pending request of each sort about somebody below and about somebody elsewhere.

    The day is anybody's guess, so that a world built again on the same system meets a free one.
    """
    on = (date(2031, 1, 1) + timedelta(days=random.randrange(7_000))).isoformat()
    bodies = {
        "absences": {"kind": "annual_leave", "from": on, "to": on},
        "corrections": {"date": DAY, "last_out": f"{DAY}T16:45:00+07:00", "reason": "Uji."},
    }
    later = (date.fromisoformat(on) + timedelta(days=1)).isoformat()
    bodies["work-elsewhere"] = {"date": later, "plan": "Uji."}
    for noun, body in bodies.items():
        world.asked[noun] = {"unknown": UNKNOWN}
        for kind in ("subordinate", "other_agency"):
            asked = body | {"employee_id": world.people[kind]}
            made = await world.told("admin", "POST", f"/v1/{noun}", json=asked)
            world.asked[noun][kind] = made["id"]
    await _object_to_days(world)
    world.asked["general-acts"] = {"unknown": UNKNOWN}
    act = {"effect": "duty", "from": on, "to": on, "reason": "Uji."}
    for kind in ("subordinate", "other_agency"):
        proposed = act | {"scope": {"employees": [world.people[kind]]}}
        made = await world.told("admin", "POST", "/v1/general-acts", json=proposed)
        world.asked["general-acts"][kind] = made["id"]


async def _object_to_days(world: World) -> None:
    """An objection to yesterday; one that stands from before will do."""
    yesterday = (datetime.now(UTC) + timedelta(hours=7)).date() - timedelta(days=1)
    arrival = {"direction": "in", "at": f"{yesterday}T07:40:00+07:00", "office": "BALAIKOTA"}
    world.asked["objections"] = {"unknown": UNKNOWN}
    for kind in ("subordinate", "other_agency"):
        person = world.people[kind]
        items = [arrival | {"employee_id": person}]
        await world.told("loader", "POST", "/v1/imports/punches", json={"items": items})
        body = {
            "about": {"day": {"employee_id": person, "date": str(yesterday)}},
            "reason": "Uji.",
            "remedy": {"excuse": "lateness"},
        }
        made = await world.ask("admin", "POST", "/v1/objections", json=body)
        told = made.json()
        world.asked["objections"][kind] = told["id"] if made.status_code == 201 else told["with_"]


async def _review_somebody(world: World) -> None:
    """Whoever is asked about has a plan; those below and elsewhere a review besides."""
    for role in ("employee", "supervisor", "head", "head_other"):
        await _propose_plan(world, role, "me")
    evaluators = {"subordinate": "head", "same_agency": "head", "other_agency": "head_other"}
    for kind, evaluator in evaluators.items():
        person = world.people[kind]
        if await _propose_plan(world, evaluator, person):
            world.tokens["reviewed"] = await world.sign_in(world.accounts[kind])
            own = f"/v1/employees/me/performance-plan/agree?year={YEAR}"
            await world.told("reviewed", "POST", own, json={})
            review = f"/v1/employees/{person}/performance-plan/review?period={YEAR}"
            await world.told(evaluator, "PUT", review, json=REVIEW)


async def _propose_plan(world: World, role: str, person: str) -> bool:
    """Propose it unless it is there, from an earlier world on the same system."""
    path = f"/v1/employees/{person}/performance-plan?year={YEAR}"
    answer = await world.ask(role, "PUT", path, json=PLAN)
    assert answer.status_code in {201, 428}, answer.text
    return answer.status_code == 201


async def _subscribe(world: World) -> None:
    for kind, role in (("own", "subscriber"), ("other_agency", "admin")):
        answer = await world.ask(
            role,
            "POST",
            "/v1/subscriptions",
            json={
                "name": f"matriks-{uuid.uuid4().hex[:8]}",
                "types": ["tasks.*"],
                "delivery": {"feed": {}},
            },
        )
        world.subscriptions[kind] = answer.json().get("id", UNKNOWN)
    world.subscriptions["unknown"] = UNKNOWN


async def _have_days_recomputed(world: World) -> None:
    """A job of the administrator's."""
    path = f"/v1/agencies/{AGENCY}/attendance/recompute"
    job = await world.told("admin", "POST", path, params={"from": DAY, "to": DAY})
    world.jobs = {"other_agency": job["id"], "unknown": UNKNOWN}


async def _send_a_file(world: World) -> None:
    """A file of the employee's that nothing refers to."""
    more = {"content": b"Uji matriks akses.", "headers": {"Content-Type": "text/plain"}}
    sent = await world.told(
        "employee", "POST", "/v1/uploads", params={"name": "matriks.txt"}, **more
    )
    world.uploads = {"own": sent["id"], "unknown": UNKNOWN}


async def _write_tasks_down(world: World) -> None:
    """A task of the employee's agency and one of another, and plans of both people."""
    world.tasks = {"unknown": UNKNOWN}
    for kind, role in (("own", "employee"), ("other_agency", "head_other")):
        body = {"title": "Uji matriks akses", "checklist": ["satu"]}
        made = await world.told(role, "POST", "/v1/tasks", json=body)
        world.tasks[kind] = made["id"]
        for noun, wanted in PLANS.items():
            plan = await world.told(role, "POST", f"/v1/{noun}", json=wanted)
            world.plans.setdefault(noun, {"unknown": UNKNOWN})[kind] = plan["id"]
