"""What of a month is still open: one of everything, and what belongs to others or other months."""

from datetime import UTC, date, datetime
from itertools import count

import pytest

from contracts.check_ins import CheckInHeld
from contracts.directory import Stage
from contracts.envelope import AgencyCode, EmployeeId
from contracts.outcome import Decision
from contracts.periods import GetAttendanceReadiness
from kit.clock import now
from kit.storage.aggregates import Cause
from kit.storage.store import Store
from services.attendance.app import over
from services.attendance.days.model import day_id
from services.attendance.days.settling import rules_of
from services.attendance.device_lines.marks import day_key
from services.attendance.devices.model import Device
from services.attendance.general_acts.model import GeneralAct, Said
from services.attendance.periods.readiness import TEXTS, open_items
from services.attendance.rejudging.model import Scope
from services.attendance.rejudging.store import Rejudging
from services.attendance.settings import Settings
from tests.integration.attendance.conftest import HALL, START, an_agency, an_office
from tests.integration.attendance.people import a_post
from tests.unit.attendance.builders import a_blank_day, a_punch
from tests.unit.kpi.builders import an_event

AGENCY, MONTH = "DINAS", "2026-09"
ON = date(2026, 9, 7)
_NUMBERS = count(1)


@pytest.fixture
async def attendance(servers):
    """A database of its own, with an agency, somebody in it, and a machine in its office."""
    settings = Settings(
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database(f"readiness_{next(_NUMBERS)}"),
        mongodb_durability=servers.mongodb_durability,
    )
    store = Store("attendance", settings)
    here = over(settings, store)
    await store.migrate()
    stages = (Stage(stage="active", from_=START),)
    agency = an_agency(AGENCY, None).model_copy(update={"stages": stages})
    await here.copies.take_agency(an_event(agency, AGENCY, 1))
    office = an_office("KANTOR", HALL)
    version = office.versions[0].model_copy(update={"used_by": (AGENCY,)})
    office = office.model_copy(update={"versions": (version,)})
    await here.copies.take_office(an_event(office, "KANTOR", 1))
    await here.copies.people.take(an_event(a_post("ani", AGENCY), "ani", 1))
    yield here, store
    await store.close()


async def items(here, month=MONTH, agency=AGENCY):
    asked = GetAttendanceReadiness(agency=agency, period=month)
    return {item.code: item.count for item in await open_items(here, asked, "en")}


async def an_open_day(here):
    person = await here.copies.people.get("ani")
    rules = await rules_of(here, person, ON)
    blank = a_blank_day(rules)
    made = type(blank).blank(EmployeeId("ani"), AgencyCode(AGENCY), rules)
    day = made.check_in(a_punch("in", f"{ON}T07:20:00"), rules)
    cause = Cause.timer("test", "open")
    await here.days.change(day_id("ani", ON), lambda _: day, cause)


async def a_silent_machine(here):
    device = Device("M1", "KANTOR", "Asia/Jakarta")
    cause = Cause.timer("test", "device")
    await here.devices.change("M1", lambda _: Decision(device), cause, answer=lambda _: version())
    await here.contacts.seen("M1", datetime(2026, 9, 29, tzinfo=UTC))


def version():
    return GetAttendanceReadiness(agency=AGENCY, period=MONTH)


async def an_act(here, agency, id_):
    moment = datetime(2026, 9, 7, tzinfo=UTC)
    act = GeneralAct(
        id=id_,
        agency=AgencyCode(agency),
        agencies=(AgencyCode(agency),),
        requested_at=moment,
        effect="excuse_lateness",
        said=Said(agencies=(agency,)),
        start=moment,
        end=moment.replace(hour=9),
        time_zone="Asia/Jakarta",
        reason="Banjir",
    )
    cause = Cause.timer("test", id_)
    await here.general_acts.change(id_, lambda _: Decision(act), cause)


async def test_a_month_in_which_nothing_is_open_has_no_item(attendance):
    here, _ = attendance

    assert await items(here) == {}


async def test_everything_that_is_open_is_counted_and_nothing_else(attendance):
    here, store = attendance
    await an_open_day(here)
    await here.watches.begin(AGENCY, date(2026, 9, 21))
    await here.lines.marks.add(day_key(f"ani:{ON}"), day_key("ani:2026-10-01"))
    for id_, first, agency in (
        ("r1", ON, AGENCY),
        ("r2", ON, "LAIN"),
        ("r3", date(2026, 10, 1), None),
    ):
        await here.rejudgings.add(
            Rejudging(id_, Scope(first, None, agency), "c", "admin"), heard_at=now()
        )
    held = CheckInHeld(check_in="c1", employee="ani", agency=AGENCY, date=ON)
    await here.held_check_ins.take(an_event(held, day_id("ani", ON), 1), "pending", (AGENCY,))
    for name, when in (
        ("corrections", {"date": "2026-09-07"}),
        ("work_elsewhere", {"date": "2026-09-30"}),
        ("absences", {"stretch": {"first": "2026-08-30", "last": "2026-09-01"}}),
    ):
        asked = {"state": "pending", "agency": AGENCY, **when}
        elsewhere, decided = {"agency": "LAIN"}, {"state": "approved"}
        october = {"date": "2026-10-01", "stretch": {"first": "2026-10-01", "last": "2026-10-02"}}
        for number, other in enumerate(({}, elsewhere, decided, october)):
            await store.collection(name).insert_one({"_id": f"{name}-{number}", **asked, **other})
    await an_act(here, AGENCY, "act-1")
    await an_act(here, "LAIN", "act-2")
    for id_, period in (("v1", MONTH), ("v2", "2026-08")):
        await store.collection("reviews").insert_one(
            {"_id": id_, "agency": AGENCY, "state": "open", "period": period}
        )
    await a_silent_machine(here)
    for number, wall in enumerate(("2026-09-07 07:20:00", "2026-10-01 07:20:00")):
        await store.collection("device_lines").insert_one(
            {"_id": f"l{number}", "pin": str(number), "waits_on": "owner:M1", "wall": wall}
        )

    found = await items(here)

    assert found == {
        "open_days": 1,
        "days_to_make": 10,
        "lines_to_count": 1,
        "rules_to_follow": 1,
        "held_check_ins": 1,
        "pending_corrections": 1,
        "pending_absences": 1,
        "pending_work_elsewhere": 1,
        "pending_general_acts": 1,
        "pending_reviews": 1,
        "silent_devices": 1,
        "unmapped_pins": 1,
    }
    assert found.keys() <= TEXTS.keys()


async def test_a_month_that_is_not_over_says_so_and_cannot_be_overridden(attendance):
    here, _ = attendance
    month = f"{now():%Y-%m}"
    asked = GetAttendanceReadiness(agency=AGENCY, period=month)

    [item] = await open_items(here, asked, "id")

    assert (item.code, item.overridable) == ("not_over", False)
    assert item.text == "Bulan belum berakhir."


async def test_a_machine_that_was_heard_of_after_the_month_is_not_silent(attendance):
    here, _ = attendance
    await a_silent_machine(here)
    assert await items(here) == {"silent_devices": 1}

    await here.contacts.seen("M1", datetime(2026, 10, 1, 1, tzinfo=UTC))

    assert await items(here) == {}
