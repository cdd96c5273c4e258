"""Makers of calls: about a person, an agency, a request; what fills the path and the body."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.integration.access.world import (
    AGENCY,
    DAY,
    OTHER_AGENCY,
    UNKNOWN,
    World,
)

NO_SUCH_VERSION = {"If-Match": '"999999999"'}
PERSON = ("own", "subordinate", "same_agency", "other_agency", "unknown")
PLACE = ("own", "other_agency", "unknown")
REQUEST = ("own", "same_agency", "other_agency", "unknown")
ASKED = ("subordinate", "other_agency", "unknown")
THING = ("own", "other_agency", "unknown")
STRANGERS = ("anonymous", "deactivated")


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


def plain(path: str, **more: Any) -> Call:
    return Call(("-",), lambda _world, _role, _kind: Sent(path, more))


def the_person(world: World, role: str, kind: str) -> str | None:
    if kind != "own":
        return world.people[kind]
    return UNKNOWN if role in STRANGERS else world.employees.get(role)


def about_person(path: str, **more: Any) -> Call:
    """``{person}`` in the path and ``PERSON`` in the query are the person's id."""

    def about(world: World, role: str, kind: str) -> Sent | None:
        person = the_person(world, role, kind)
        if person is None:
            return None
        params = {
            name: person if value == "PERSON" else value
            for name, value in more.get("params", {}).items()
        }
        filled = more | ({"params": params} if params else {})
        return Sent(path.replace("{person}", person), filled)

    return Call(PERSON, about)


def about_account(path: str, **more: Any) -> Call:
    def about(world: World, _role: str, kind: str) -> Sent | None:
        return Sent(path.replace("{username}", world.accounts[kind]), more)

    return Call(PERSON[1:], about)


def code_of(kind: str) -> str:
    return {"own": AGENCY, "other_agency": OTHER_AGENCY, "unknown": "TIDAKADA"}[kind]


def about_agency(path: str, **more: Any) -> Call:
    return Call(
        PLACE, lambda _world, _role, kind: Sent(path.replace("{code}", code_of(kind)), more)
    )


def about_office(path: str, **more: Any) -> Call:
    codes = {"own": "BALAIKOTA", "unknown": "TIDAKADA"}
    return Call(
        tuple(codes), lambda _world, _role, kind: Sent(path.replace("{code}", codes[kind]), more)
    )


def about_request(action: str, **more: Any) -> Call:
    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/help-requests/{world.requests[kind]}{action}", more)

    return Call(REQUEST, about, acts_on_request=bool(more) or action == "/start")


def about_asked(noun: str, action: str = "", **more: Any) -> Call:
    """A request for a decision: of somebody below, of another agency's, of nobody."""

    def about(world: World, _role: str, kind: str) -> Sent:
        headers = {"headers": NO_SUCH_VERSION} if action else {}
        return Sent(f"/v1/{noun}/{world.asked[noun][kind]}{action}", {**more, **headers})

    return Call(ASKED, about)


def asking(path: str, **body: Any) -> Call:
    """A request for a person with a field that is wrong: 422 tells that one may ask for them."""
    return about_person_in_body(path, lambda person: {"employee_id": person, **body})


def about_person_in_body(path: str, make: Callable[[str], dict[str, Any]]) -> Call:
    """A body that names the person."""

    def about(world: World, role: str, kind: str) -> Sent | None:
        person = the_person(world, role, kind)
        return None if person is None else Sent(path, {"json": make(person)})

    return Call(PERSON, about)


def with_people(action: str) -> Call:
    def about(world: World, _role: str, kind: str) -> Sent:
        people = {"people": [world.people["same_agency"]]}
        return Sent(f"/v1/help-requests/{world.requests[kind]}{action}", {"json": people})

    return Call(REQUEST, about, acts_on_request=True)


def about_subscription(action: str, **more: Any) -> Call:
    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/subscriptions/{world.subscriptions[kind]}{action}", more)

    return Call(THING, about)


def about_job(action: str) -> Call:
    """Jobs that the administrator asked for."""

    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/jobs/{world.jobs[kind]}{action}")

    return Call(("other_agency", "unknown"), about)


def fresh(path: str, make: Callable[[World], dict[str, Any]]) -> Call:
    return Call(("-",), lambda world, _role, _kind: Sent(path, {"json": make(world)}))


REASON = {"json": {"reason": "Uji matriks akses."}}
NOTE = {"json": {"note": "Uji matriks akses."}}
RANGE = {"from": DAY, "to": DAY}
