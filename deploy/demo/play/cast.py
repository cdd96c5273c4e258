"""Who and what there is to play with: people, their accounts, offices, as the directory says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from deploy.demo.caller import Caller, NotDone

CITY_HALL = "BALAIKOTA"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a main post on the played day."""

    id: str
    name: str
    nip: str | None
    agency: str
    username: str | None


@dataclass(frozen=True, slots=True)
class Office:
    """A place where people may work; a circle."""

    code: str
    lat: float
    lon: float
    used_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and every place, in an order that never changes."""

    people: tuple[Person, ...]
    offices: tuple[Office, ...]

    def of_agency(self, agency: str) -> list[Person]:
        """The people whose main post is there."""
        return [person for person in self.people if person.agency == agency]

    def by_account(self, username: str) -> Person:
        """The person behind an account."""
        found = next((each for each in self.people if each.username == username), None)
        if found is None:
            raise NotDone(f"nobody who works on the played day has the account {username}")
        return found

    def staff(self, agency: str, many: int) -> list[Person]:
        """People of an agency who are not its head, the first ones."""
        head = f"kepala.{agency.lower()}"
        found = [each for each in self.of_agency(agency) if each.username != head][:many]
        if len(found) < many:
            raise NotDone(f"{agency} has fewer than {many} people besides its head")
        return found

    def office_of(self, agency: str) -> Office:
        """Where an agency works: its own place, else the city hall."""
        users = (office for office in self.offices if agency in office.used_by)
        return next(users, None) or self.office(CITY_HALL)

    def office(self, code: str) -> Office:
        """The office of a code."""
        return next(office for office in self.offices if office.code == code)


async def gather(admin: Caller, on: date) -> Cast:
    """Ask the directory for everybody and every place on a day."""
    accounts = await admin.items("/v1/accounts", active=True)
    usernames = _usernames(accounts)
    people = [
        Person(one["id"], one["name"], one["nip"], one["agency"], usernames.get(one["id"]))
        for one in await admin.items("/v1/employees", active=True, on=on.isoformat())
        if one["agency"] is not None
    ]
    offices = [_office(one) for one in await admin.items("/v1/offices", on=on.isoformat())]
    if not people or not offices:
        raise NotDone("the demo city is not there; `make seed` brings it in")
    return Cast(
        tuple(sorted(people, key=lambda person: person.id)),
        tuple(sorted(offices, key=lambda office: office.code)),
    )


def _usernames(accounts: Iterable[dict[str, Any]]) -> dict[str, str]:
    """One account per person; of several the first by name."""
    named = sorted(
        (each["employee"], each["username"])
        for each in accounts
        if each["employee"] and each["has_password"]
    )
    return dict(reversed(named))


def _office(one: dict[str, Any]) -> Office:
    circle = one["boundary"]["circle"]
    return Office(one["code"], circle["lat"], circle["lon"], frozenset(one["used_by"]))
