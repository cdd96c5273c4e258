"""Sheets follow the days: marked by the service's own events, made beside the other work."""

import asyncio
from collections.abc import Sequence
from datetime import date

from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.messaging.relay import Outgoing
from rules.working_time import zone
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()

_CITY_ZONE = "Asia/Jakarta"


async def mark_past_days(attendance: Attendance, changes: Sequence[Outgoing]) -> None:
    """Past days that changed have their sheets made anew; today's have none, so cost nothing."""
    today = now().astimezone(zone(_CITY_ZONE)).date()
    days = {(_date(change), change.agency or "") for change in changes}
    await attendance.recap_days.sheets.mark((on, agency) for on, agency in days if on < today)


@handlers.every(5.0, "attendance.make_recap_sheets", share=0.25)
async def make_recap_sheets(attendance: Attendance) -> None:
    """Make what is marked from the days as they are."""
    keys, marks = await attendance.recap_days.sheets.marked(limit=50)
    for key in sorted(keys):
        agency, _, on = key.rpartition(":")
        await attendance.recap_days.make_sheet(agency, date.fromisoformat(on))
        await asyncio.sleep(0)
    await attendance.recap_days.sheets.done(marks)


def _date(change: Outgoing) -> date:
    return date.fromisoformat(change.subject.rpartition(":")[2])
