"""Who has not recorded an arrival or a departure is asked for it, once, before the day closes.

The day itself says from when on (``remind_at``), so that nothing is forgotten by a restart: the
timer asks for whatever is due and was not asked for yet. A day that was over before anybody could
be asked (an outage, an import of the past) closes and tells that it is incomplete.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from contracts.outcome import Decision
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from rules.working_time import zone
from services.attendance.context import Attendance
from services.attendance.days.model import Day

handlers: Handlers[Attendance] = Handlers()

_CITY_ZONE = "Asia/Jakarta"
_AT_ONCE = 200
_DAYS = (timedelta(), timedelta(days=1), timedelta(days=-1))
"""Today, the day before for shifts over midnight, the day after where it begins earlier."""


@handlers.every(30.0, "attendance.remind_open_days", share=0.2)
async def remind_open_days(attendance: Attendance) -> None:
    """Ask for what is missing of the days whose time for it has come."""
    moment = now()
    today = moment.astimezone(zone(_CITY_ZONE)).date()
    for back in _DAYS:
        found = await attendance.days.to_remind(today - back, moment, _AT_ONCE)
        await asyncio.gather(*(_remind(attendance, stored, moment) for stored in found))


async def _remind(attendance: Attendance, stored: Stored[Day], moment: datetime) -> None:
    cause = Cause.timer("attendance", "remind", stored.id)
    await attendance.days.change(stored.id, _reminding(moment), cause)


def _reminding(moment: datetime) -> Callable[[Day | None], Decision[Day]]:
    def remind(day: Day | None) -> Decision[Day]:
        if day is None:
            raise LookupError("a day that was found is gone")
        return day.remind(moment)

    return remind
