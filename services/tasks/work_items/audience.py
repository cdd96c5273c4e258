"""By whom a task may be seen, as marks that stand in its document: so that a list is one look-up.

Access (:mod:`services.tasks.task_access`) says which marks a caller has; a test compares the two.
"""

from collections.abc import Iterable

from contracts.envelope import CITY, AgencyCode, EmployeeId


def of_task(
    agency: AgencyCode, participants: Iterable[EmployeeId], *, private: bool
) -> tuple[str, ...]:
    """The marks of a task: its people, and unless it is private its agency; those who check it."""
    people = (person(each) for each in participants)
    open_marks = () if private else (open_to(agency), open_to(CITY))
    return (*people, *open_marks, checked_in(agency))


def person(employee: str) -> str:
    """Who has or ever had to do with it."""
    return f"p:{employee}"


def open_to(agency: str) -> str:
    """Whoever works in the agency, or reads or heads it."""
    return f"a:{agency}"


def checked_in(agency: str) -> str:
    """Auditors of the agency: they see private ones too."""
    return f"x:{agency}"
