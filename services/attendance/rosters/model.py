"""The roster of an agency and month: shifts, and who has which of them on which day."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision, FieldError, Refusal
from contracts.policies import HoursTerms
from contracts.rosters import RosterChanged, RosterRequest, days_of
from rules.patterns import Hours
from rules.policy_terms import hours_of


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift by its code; without hours the day is free."""

    code: str
    hours: Hours | None


FREE = Duty("free", None)
Duties = tuple[Duty | None, ...]
"""The entries of a month, the first day first; None where there is none."""


def roster_id(agency: str, period: str) -> str:
    """The key of a roster; there can be only one."""
    return f"{agency}:{period}"


@dataclass(frozen=True, slots=True)
class Roster:
    """Every entry by employee and day (``YYYY-MM-DD``): the code of a shift, or None for free."""

    agency: AgencyCode
    period: str
    shifts: dict[str, HoursTerms]
    people: dict[str, dict[str, str | None]]
    recorded_at: dt.datetime
    written_at: dt.datetime

    @classmethod
    def entered(
        cls,
        standing: "Roster | None",
        agency: str,
        period: str,
        request: RosterRequest,
        *,
        recorded_at: dt.datetime,
        written_at: dt.datetime,
    ) -> "Decision[Roster]":
        """The roster that a request states instead of the standing one."""
        if errors := tuple(_problems(period, request)):
            raise Refusal("validation_failed", errors=errors)
        people = {
            person.employee_id: {on.isoformat(): code for on, code in sorted(person.days.items())}
            for person in request.people
        }
        roster = cls(
            agency=AgencyCode(agency),
            period=period,
            shifts=dict(request.shifts),
            people=people,
            recorded_at=recorded_at,
            written_at=written_at,
        )
        changed = set(_meanings(roster)) ^ set(_meanings(standing))
        if not changed:
            return Decision(standing or roster)
        days = [dt.date.fromisoformat(on) for _, on, _ in changed]
        event = RosterChanged(
            agency=roster.agency,
            period=period,
            employees=tuple(EmployeeId(one) for one in sorted({one for one, _, _ in changed})),
            first=min(days),
            last=max(days),
            recorded_at=recorded_at,
        )
        return Decision(roster, (event,))

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return sum(len(days) for days in self.people.values())

    def duties(self) -> dict[str, Duties]:
        """The entries of the month by employee, small enough to be kept in memory for years."""
        known = {code: Duty(code, hours_of(terms)) for code, terms in self.shifts.items()}
        first, last = days_of(self.period)
        dates = [str(first.replace(day=day)) for day in range(1, last.day + 1)]
        return {
            employee: tuple(known.get(days[on] or "", FREE) if on in days else None for on in dates)
            for employee, days in self.people.items()
        }


def _meanings(roster: Roster | None) -> Iterator[tuple[str, str, HoursTerms | None]]:
    """What each entry comes to, whatever its shift is called."""
    if roster is None:
        return
    for employee, days in roster.people.items():
        for on, code in days.items():
            yield employee, on, roster.shifts[code] if code else None


def _problems(period: str, request: RosterRequest) -> Iterator[FieldError]:
    for name, terms in request.shifts.items():
        try:
            hours_of(terms)
        except ValueError as error:
            yield FieldError(pointer=f"/shifts/{name}/breaks", detail=str(error))
    first, last = days_of(period)
    seen: set[str] = set()
    for place, person in enumerate(request.people):
        pointer = f"/people/{place}"
        if person.employee_id in seen:
            yield FieldError(pointer=f"{pointer}/employee_id", detail="is listed already")
        seen.add(person.employee_id)
        for on, code in person.days.items():
            if not first <= on <= last:
                yield FieldError(pointer=f"{pointer}/days/{on}", detail=f"a day of {period}")
            elif code is not None and code not in request.shifts:
                detail = f"one of {', '.join(sorted(request.shifts)) or 'the shifts'}, or null"
                yield FieldError(pointer=f"{pointer}/days/{on}", detail=detail)
