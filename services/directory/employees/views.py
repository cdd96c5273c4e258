"""How a person is shown: the whole record to those who may see it, a line to everybody else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from contracts.directory import Assignment
from contracts.envelope import Actor, EmployeeId
from contracts.people import AssignmentView, EmployeeView, PersonView
from kit.storage.aggregates import Stored
from rules.agencies import AgencyTree
from rules.assignments import main_on
from services.directory import access
from services.directory.employees.model import Employee
from services.directory.lists import CITY_ZONE


@dataclass(frozen=True, slots=True)
class Beholder:
    """Who looks, on which day, and whom the records name as supervisors."""

    actor: Actor
    on: date
    tree: AgencyTree
    supervisors: Mapping[str, Employee]

    def view(self, stored: Stored[Employee]) -> EmployeeView | PersonView | None:
        """The person as this caller may see them; None if not at all."""
        employee = stored.state
        match access.sight(self.actor, employee.id, employee.assignments, self.tree, self.on):
            case "record":
                return self.record(stored)
            case "brief":
                return employee.seen_briefly(self.on)
            case "nothing":
                return None

    def record(self, stored: Stored[Employee]) -> EmployeeView:
        """The whole record."""
        employee = stored.state
        main = main_on(employee.assignments, self.on)
        brief = employee.seen_briefly(self.on)
        return EmployeeView(
            id=employee.id,
            name=employee.name,
            position=brief.position,
            agency=brief.agency,
            key=employee.key,
            nip=employee.nip,
            email=employee.email,
            employment=employee.employment,
            active=employee.active,
            assignments=self.posts(employee),
            supervisor=self._supervisor(main) if main else None,
            actions=access.person_actions(self.actor),
            version=stored.version,
        )

    def posts(self, employee: Employee) -> tuple[AssignmentView, ...]:
        """The person's posts with their supervisors."""
        return tuple(
            AssignmentView(
                id=post.id,
                agency=post.agency,
                position=post.position,
                supervisor=self._supervisor(post),
                kind=post.kind,
                main=post.main,
                from_=post.from_,
                until=post.until,
                decree=post.decree,
                recorded_at=post.recorded_at.astimezone(CITY_ZONE),
            )
            for post in employee.assignments
        )

    def _supervisor(self, post: Assignment) -> PersonView | None:
        supervisor = self.supervisors.get(post.supervisor or "")
        return supervisor.seen_briefly(self.on) if supervisor else None


def supervisors_of(employees: Iterable[Employee]) -> set[EmployeeId]:
    """Everybody whom these people's posts name as supervisor."""
    return {
        post.supervisor
        for employee in employees
        for post in employee.assignments
        if post.supervisor is not None
    }
