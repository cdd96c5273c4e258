"""Who may still ask for something about a closed month."""

from datetime import date

from contracts.outcome import Refusal
from rules.assignments import main_on
from services.attendance.context import Attendance
from services.attendance.periods.model import days_of, month_after, month_of, period_id
from services.attendance.requests.asking import Asker


async def must_be_open(attendance: Attendance, asker: Asker, first: date, last: date) -> None:
    """Refuse what a person asks for oneself about days of a closed month.

    Whoever decides about the person, and the personnel administrator, may still enter it: it is
    kept, and becomes a settlement of the next open month.
    """
    if asker.onlooker.actor.has("admin") or asker.decides_on(first):
        return
    periods = await attendance.periods.all()
    month = month_of(first)
    while month <= month_of(last):
        begin, end = days_of(month)
        main = main_on(asker.person.assignments, min(max(begin, first), end))
        known = periods.get(period_id(main.agency, month)) if main else None
        if known is not None and known.state in {"locking", "locked"}:
            raise Refusal("period_closed", agency=known.agency, period=month)
        month = month_after(month)
