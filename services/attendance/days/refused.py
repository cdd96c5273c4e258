"""Refused check-ins: evidence, listed beside the recorded ones."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contracts.attendance import RecordCheckIn
from contracts.attendance_views import CheckInRow
from contracts.envelope import Verdict
from contracts.paging import Page, Paging
from kit.storage import pages
from kit.storage.connection import Document
from kit.storage.refusals import Refusals


class RefusedCheckIns:
    """Refusals of check-in commands, by the person who asked."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals

    async def page(
        self, employee: str, first: date, last: date, paging: Paging, local: ZoneInfo
    ) -> Page[CheckInRow]:
        """The check-ins refused between two dates of this zone, newest first."""
        query = {
            "employee": employee,
            "name": RecordCheckIn.name,
            "received_at": {
                "$gte": datetime.combine(first, time(), local),
                "$lt": datetime.combine(last + timedelta(days=1), time(), local),
            },
        }
        found, cursor = await pages.page(
            self._refusals.collection,
            query,
            sort="-received_at",
            limit=paging.limit,
            cursor=paging.cursor,
        )
        return Page(items=tuple(_row(one, employee, local) for one in found), next_cursor=cursor)


def _row(refused: Document, employee: str, local: ZoneInfo) -> CheckInRow:
    problem = Verdict.model_validate_json(refused["verdict"]).problem
    facts: dict[str, Any] = problem.facts if problem else {}
    arrived = refused["received_at"].astimezone(local)
    return CheckInRow(
        id=refused["_id"],
        employee_id=employee,
        at=arrived,
        received_at=arrived,
        refused=True,
        code=refused["code"],
        facts=facts,
    )
