"""A changed day makes its agency's counts out of date; they are counted again together."""

import asyncio

from contracts.attendance import DayChanged
from contracts.envelope import Event
from kit.messaging.handlers import Handlers
from services.attendance.context import Attendance

handlers: Handlers[Attendance] = Handlers()


@handlers.reads("attendance.agency_days.on-days")
async def mark_agency_day(event: Event[DayChanged], attendance: Attendance) -> None:
    """Remember that the counts of this agency and date must be counted again."""
    await attendance.agency_days.mark(event.data.agency, event.data.date)


@handlers.every(5.0, "attendance.count_agency_days")
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
