"""What a recomputation may change of a day, and whether it does."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.outcome import Decision
from contracts.recomputations import DayDifference, DayFigures
from rules.working_time import zone
from services.attendance.days.figures import Figures
from services.attendance.days.model import Day
from services.attendance.patterns.model import DayRules


def difference(day: Day, rules: DayRules) -> DayDifference | None:
    """How the day would come out under these rules; None where nothing of it changes.

    A day follows the agency whose rules these are: a decree may have moved the person since.
    """
    after = day.rejudge(rules, agency=rules.agency).state
    return None if after == day else compared(day, after)


def compared(before: Day, after: Day) -> DayDifference:
    """Two results of one day."""
    return DayDifference(
        employee_id=before.employee,
        date=before.date,
        before=figures(before),
        after=figures(after),
    )


def figures(day: Day) -> DayFigures:
    """What the rules made of a day, in the zone it is shown in."""
    return figures_of(day.figures)


def figures_of(made: Figures) -> DayFigures:
    """Figures as callers see them."""
    local = zone(made.time_zone)
    return DayFigures(
        agency=made.agency,
        status=made.status,
        policy_version=made.policy_version,
        expected_start=_local(made.expected_start, local),
        expected_end=_local(made.expected_end, local),
        worked_minutes=made.worked_minutes,
        late_minutes=made.late_minutes,
        late_band=made.late_band,
        early_minutes=made.early_minutes,
        early_band=made.early_band,
    )


def recomputing(
    rules: DayRules, note: Callable[[DayDifference], None]
) -> Callable[[Day | None], Decision[Day]]:
    """The decision that judges the newest state of a day anew, and notes what it made of it."""

    def recompute(day: Day | None) -> Decision[Day]:
        if day is None:
            raise LookupError("a day that was found is gone")
        decision = day.rejudge(rules, agency=rules.agency)
        note(compared(day, decision.state))
        return decision

    return recompute


def _local(moment: datetime | None, local: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(local)
