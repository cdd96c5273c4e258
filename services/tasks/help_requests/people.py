"""Whether the people named for a request can be sent."""

from collections.abc import Sequence
from datetime import datetime

from contracts.envelope import EmployeeId
from contracts.outcome import Refusal
from rules.working_time import zone
from services.tasks.own_copies.model import City, People


def check_people(
    named: Sequence[EmployeeId],
    *,
    agency: str,
    at: datetime,
    people: People,
    city: City,
    caller: EmployeeId | None = None,
) -> None:
    """Each is a known employee of the helping agency (or one below it) on that day, named once.

    An unknown one may be known a moment later; only the caller's own id is worth waiting for.
    """
    if len(set(named)) != len(named):
        raise Refusal.invalid("/people", "names somebody twice")
    on = at.astimezone(zone(city.zone_of(agency))).date()
    for person in named:
        if not people.serves(person, agency, at, city):
            raise Refusal(
                "unknown_employee",
                retryable=person == caller,
                employee=person,
                agency=agency,
                on=on.isoformat(),
            )
