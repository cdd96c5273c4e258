"""What this service knows of others: agencies with their hours, people with every dated post."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from contracts.directory import AgencyChanged, EmployeeChanged
from contracts.envelope import AgencyCode, EmployeeId
from contracts.people import PersonView
from contracts.policies import PolicyChanged
from rules.agencies import AgencyTree
from rules.assignments import in_force, main_on
from rules.calendars import Calendar
from rules.working_time import WIB, Schedule, zone
from services.tasks.own_copies.hours import WorkingHours


@dataclass(frozen=True, slots=True)
class City:
    """The agencies as they are known now, and the hours they work by."""

    agencies: Mapping[str, AgencyChanged]
    tree: AgencyTree
    hours: WorkingHours = field(compare=False)

    @classmethod
    def of(
        cls,
        agencies: Mapping[str, AgencyChanged],
        policies: Iterable[PolicyChanged] = (),
        calendars: Mapping[str, Calendar] | None = None,
    ) -> "City":
        """The city of these agencies, with what has been entered of their hours."""
        tree = AgencyTree({code: each.parent for code, each in agencies.items()})
        return cls(agencies, tree, WorkingHours(tree, policies, calendars))

    def knows(self, code: str) -> bool:
        """Whether there is such an agency."""
        return code in self.agencies

    def name_of(self, code: str) -> str:
        """The agency's name, or its code where it is not known (yet)."""
        return self.agencies[code].name if code in self.agencies else code

    def zone_of(self, code: str | None) -> str:
        """The time zone an agency works in."""
        known = self.agencies.get(code or "")
        return known.time_zone if known else WIB

    def schedule_of(self, code: str | None) -> Schedule:
        """What an agency works by, in its zone."""
        return self.hours.schedule_of(code, self.zone_of(code))


@dataclass(frozen=True, slots=True)
class People:
    """Some people of the directory, by id."""

    known: Mapping[str, EmployeeChanged]

    def serves(self, person: str, agency: str, at: datetime, city: City) -> bool:
        """Whether the person is assigned to the agency, or to one below it, on that day."""
        employee = self.known.get(person)
        if employee is None or not employee.active:
            return False
        on = at.astimezone(zone(city.zone_of(agency))).date()
        return any(
            city.tree.covers(agency, each.agency) for each in in_force(employee.assignments, on)
        )

    def agency_of(self, person: str, on: date) -> str | None:
        """The agency of the person's main post on a day."""
        employee = self.known.get(person)
        post = main_on(employee.assignments, on) if employee else None
        return post.agency if post else None

    def view(self, person: str, on: date) -> PersonView:
        """The person as an answer shows them, with the post of that day."""
        employee = self.known.get(person)
        if employee is None:
            return PersonView(id=EmployeeId(person), name=person)
        post = main_on(employee.assignments, on)
        return PersonView(
            id=EmployeeId(person),
            name=employee.name,
            position=post.position if post else None,
            agency=AgencyCode(post.agency) if post else None,
        )
