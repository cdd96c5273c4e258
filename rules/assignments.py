"""Who works where on a day: dated assignments, two at once, transfers, decrees signed late."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from contracts.directory import Assignment
from contracts.envelope import AgencyCode, EmployeeId

_RANK = {"definitive": 0, "secondment": 1, "plt": 2, "plh": 3, "additional": 4}


def in_force(
    assignments: Iterable[Assignment], on: date, *, known_at: datetime | None = None
) -> tuple[Assignment, ...]:
    """Every assignment that holds on a day, the main one first.

    An assignment recorded again under its id replaces the earlier record. Of two main ones the one
    recorded last goes first, however far back its decree reaches; then the later beginning, the
    kind (definitive before acting), the id: the order is the same in every process.
    """
    newest: dict[str, Assignment] = {}
    for assignment in assignments:
        if known_at is not None and assignment.recorded_at > known_at:
            continue
        known = newest.get(assignment.id)
        if known is None or known.recorded_at <= assignment.recorded_at:
            newest[assignment.id] = assignment
    holding = (
        each
        for each in newest.values()
        if each.from_ <= on and (each.until is None or on <= each.until)
    )
    return tuple(sorted(holding, key=_precedence))


def main_on(
    assignments: Iterable[Assignment], on: date, *, known_at: datetime | None = None
) -> Assignment | None:
    """The assignment whose agency, post and supervisor count on a day.

    Where none is marked as the main one, the first of :func:`in_force` stands in: a person who
    works somewhere belongs somewhere.
    """
    return next(iter(in_force(assignments, on, known_at=known_at)), None)


def supervisors_on(assignments: Iterable[Assignment], on: date) -> frozenset[EmployeeId]:
    """Everybody who supervises the person in some assignment on a day."""
    holding = in_force(assignments, on)
    return frozenset(each.supervisor for each in holding if each.supervisor is not None)


def agencies_on(assignments: Iterable[Assignment], on: date) -> tuple[AgencyCode, ...]:
    """The agencies the person works for on a day, that of the main assignment first."""
    holding = in_force(assignments, on)
    return tuple(dict.fromkeys(AgencyCode(each.agency) for each in holding))


def works_for_one_of(
    assignments: Iterable[Assignment], agencies: frozenset[str], first: date, last: date
) -> bool:
    """Whether the main assignment is in one of these agencies on some day between two dates."""
    known = tuple(assignments)
    begins = (each.from_ for each in known)
    ends = (each.until + timedelta(days=1) for each in known if each.until and each.until < last)
    turns = {first, *begins, *ends}
    mains = (main_on(known, on) for on in turns if first <= on <= last)
    return any(main is not None and main.agency in agencies for main in mains)


def _precedence(assignment: Assignment) -> tuple[bool, float, int, int, str]:
    return (
        not assignment.main,
        -assignment.recorded_at.timestamp(),
        -assignment.from_.toordinal(),
        _RANK[assignment.kind],
        assignment.id,
    )
