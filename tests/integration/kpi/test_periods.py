"""Scores are frozen when the ledger has what was locked, and not before; once, by one process."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts.periods import AttendanceLocked
from kit.ids import new_id
from kit.storage.aggregates import Cause
from kit.storage.store import Store
from rules.sealing import digest_of
from services.kpi.app import over
from services.kpi.ledger.model import fact_of_day
from services.kpi.periods import freezing
from services.kpi.periods.store import FrozenResults, Months
from tests.integration.kpi.conftest import settings
from tests.unit.kpi.builders import a_day_changed, an_event
from tests.waiting import eventually

PERIOD = "2027-01"
DATES = [date(2027, 1, day) for day in (5, 6, 7, 8)]


async def closing(months, agency):
    """Begin to close an agency's month."""
    await months.change(
        agency,
        PERIOD,
        lambda month: month.close(
            by="admin",
            at=datetime(2027, 2, 2, tzinfo=UTC),
            today=date(2027, 2, 2),
            waiting=(),
            override_reason=None,
        ),
        Cause.timer("test", new_id()),
    )


@dataclass
class Closings:
    """Months as they stand, and beginning to close one."""

    months: Months
    frozen: FrozenResults
    publish: Any

    async def begin(self, agency, days):
        """Close an agency's month, and have attendance say that these days are locked."""
        await closing(self.months, agency)
        digest = digest_of((day.subject, day.sequence) for day in days)
        locked = AttendanceLocked(
            agency=agency, period=PERIOD, revision=1, days=len(days), digest=digest
        )
        await self.publish(an_event(locked, f"{agency}:{PERIOD}", 1))

    async def month(self, agency):
        """The month as it is stored."""
        return (await self.months.get(agency, PERIOD)).state

    async def ended(self, agency):
        """The month once it is closed."""

        async def closed():
            month = await self.month(agency)
            return month if month.state == "closed" else None

        return await eventually(closed, within_s=30)


@pytest.fixture
def closings(store, publish):
    """Months of agencies."""
    return Closings(Months(store), FrozenResults(store), publish)


def locked_days(person, agency="BKPSDM", dates=DATES, status="present"):
    return [
        a_day_changed(status, employee=person, agency=agency, on=on, sequence=2, locked=1)
        for on in dates
    ]


async def test_it_waits_for_every_locked_day_and_freezes_what_was_locked(
    scatter, hire, ask, closings, heard
):
    person = await hire("BKPSDM")
    days = locked_days(person)
    running = [
        a_day_changed("late", employee=person, agency="BKPSDM", on=on, sequence=1) for on in DATES
    ]
    await scatter(*running, *days[:-1])
    await closings.begin("BKPSDM", days)

    async def noted():
        return (await closings.month("BKPSDM")).last.digest

    await eventually(noted)
    await asyncio.sleep(2.5)  # two turns in which nothing may happen
    month = await closings.month("BKPSDM")
    assert (month.state, month.last.matched_at) == ("closing", None)
    # what comes to a locked day is in the ledger before the last lock, and is not frozen
    late = a_day_changed(
        "late", employee=person, agency="BKPSDM", on=DATES[0], sequence=3, settled=1
    )
    await scatter(late, days[-1])

    month = await closings.ended("BKPSDM")
    found = await closings.frozen.of_closing(month, month.closed)
    assert {one.subject: one.score for one in found} == {
        "BKPSDM": "100.0000",
        person: "100.0000",
    }
    told = [event["type"] for event in heard(month.id)]
    assert told == ["kpi.period.closing.v1", "kpi.period.closed.v1"]
    card = (await ask(f"/employees/{person}/scorecard", person, period=PERIOD)).json()
    assert (card["status"], card["score"]) == ("closed", "100.0000")
    following = (await ask(f"/employees/{person}/scorecard", person, period="2027-02")).json()
    settled = [{"period": PERIOD, "revision": 1, "before": "100.0000", "after": "75.0000"}]
    assert following["settlements"] == settled


async def test_who_moved_in_mid_month_is_frozen_when_the_last_agency_closes(
    scatter, hire, ask, closings
):
    person = await hire("DINKES")
    before = locked_days(person, "DINKES", DATES[:2])
    after = locked_days(person, "PKM", DATES[2:], "late")
    await scatter(*before, *after)

    await closings.begin("DINKES", before)
    await closings.ended("DINKES")
    card = (await ask(f"/employees/{person}/scorecard", person, period=PERIOD)).json()
    assert card["status"] == "running"

    await closings.begin("PKM", after)
    await closings.ended("PKM")
    card = (await ask(f"/employees/{person}/scorecard", person, period=PERIOD)).json()
    assert (card["status"], card["score"]) == ("closed", "50.0000")
    agency = (await ask("/agencies/DINKES/scorecard", person, period=PERIOD)).json()
    assert (agency["status"], agency["score"]) == ("closed", "100.0000")


@pytest.fixture
async def nobody_at_work(servers):
    """A database of its own, with no service on it."""
    own = settings(servers).model_copy(update={"mongodb_database": servers.database("freezing")})
    opened = Store("kpi", own)
    kpi = over(opened)
    await opened.migrate()
    yield kpi
    await opened.close()


async def test_a_freeze_that_dies_before_its_end_is_done_again(nobody_at_work, monkeypatch):
    """What the first run left is replaced, not added to; the month is closed once."""
    kpi = nobody_at_work
    days = [day for person in ("ani", "budi") for day in locked_days(person, "DINAS")]
    await kpi.facts.keep([fact_of_day(day) for day in days])
    await kpi.facts.scored((await kpi.facts.to_score(50))[1])
    monkeypatch.setattr(freezing, "_SETTLED_AFTER", timedelta())
    await closing(kpi.months, "DINAS")
    digest = digest_of((day.subject, day.sequence) for day in days)
    await kpi.months.change(
        "DINAS",
        PERIOD,
        lambda month: month.locked(1, days=len(days), digest=digest),
        Cause.timer("test", "locked"),
    )

    async def turn():
        month = (await kpi.months.get("DINAS", PERIOD)).state
        await freezing.freeze(month, month.last, kpi)
        return (await kpi.months.get("DINAS", PERIOD)).state

    assert (await turn()).last.matched_at is not None
    sealed = freezing._sealed

    async def dies(*_):
        raise ConnectionError("the process ends here")

    monkeypatch.setattr(freezing, "_sealed", dies)
    with pytest.raises(ConnectionError):
        await turn()
    assert (await kpi.months.get("DINAS", PERIOD)).state.state == "closing"
    monkeypatch.setattr(freezing, "_sealed", sealed)

    month = await turn()

    assert month.state == "closed"
    found = await kpi.frozen.of_closing(month, month.closed)
    assert sorted(one.subject for one in found) == ["DINAS", "ani", "budi"]
    assert len(await kpi.frozen.facts_of(month, month.closed)) == len(days)
    assert await turn() == month
