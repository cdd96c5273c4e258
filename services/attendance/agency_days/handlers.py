"""Counts that changed days have made out of date are counted again, together."""

import asyncio
from collections.abc import Sequence
from datetime import date

from kit.messaging.handlers import Handlers
from kit.messaging.relay import Outgoing
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()


async def mark_changed_days(attendance: Attendance, changes: Sequence[Outgoing]) -> None:
    """Remember that these days' agencies must be counted again; a day's key ends with its date."""
    days = {(change.subject.rpartition(":")[2], change.agency or "") for change in changes}
    await attendance.agency_days.mark((date.fromisoformat(on), agency) for on, agency in days)


@handlers.every(0.5, "attendance.count_agency_days", share=0.5)
async def count_agency_days(attendance: Attendance) -> None:
    """Count what is marked, from the days themselves."""
    by_date, marks = await attendance.agency_days.marked()
    for on, agencies in by_date.items():
        counts = {agency: await attendance.days.counts(agency, on) for agency in agencies}
        await asyncio.gather(
            *(
                attendance.agency_days.counted(agency, on, found, marks[-1])
                for agency, found in counts.items()
            )
        )
    await attendance.agency_days.done(marks)
