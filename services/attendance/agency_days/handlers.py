"""Counts that changed days have made out of date are counted again, together."""

import asyncio

from kit.messaging.handlers import Handlers
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()


@handlers.every(5.0, "attendance.count_agency_days", share=0.05)
async def count_agency_days(attendance: Attendance) -> None:
    """Count what is marked, from the days themselves."""
    by_date, marks = await attendance.agency_days.marked()
    for on, agencies in by_date.items():
        counts = await attendance.days.counts(agencies, on)
        await asyncio.gather(
            *(
                attendance.agency_days.counted(agency, on, counts[agency], marks[-1])
                for agency in agencies
            )
        )
    await attendance.agency_days.done(marks)
