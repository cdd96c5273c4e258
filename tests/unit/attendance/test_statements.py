"""What a person is told about how a day came to be what it is."""

from datetime import timedelta

from contracts.envelope import AgencyCode, EmployeeId
from contracts.statements import DayChange
from services.attendance.corrections.model import Correction
from services.attendance.requests.model import Deed
from services.attendance.statements.model import changes_of, in_order, steps_of
from tests.unit.attendance.builders import TUESDAY, a_day, a_punch, at

ASKED, DECIDED = at("17:00"), at("17:00") + timedelta(days=1)


def a_correction():
    asked = Correction(
        id="c-1",
        employee=EmployeeId("siti"),
        agency=AgencyCode("BKPSDM"),
        agencies=(AgencyCode("BKPSDM"),),
        requested_at=ASKED,
        date=TUESDAY,
        first_in=at("07:20"),
        time_zone="Asia/Jakarta",
        reason="Lupa.",
    )
    begun = asked.begun(Deed(ASKED, "siti"))
    return begun.after("approve", Deed(DECIDED, "kepala.bkpsdm", note="Ada saksi."))


def test_a_request_is_told_step_by_step_with_who_took_it():
    found = [(one.at, one.by, one.after) for one in steps_of(TUESDAY, "correction", a_correction())]

    assert found == [(ASKED, "siti", "pending"), (DECIDED, "kepala.bkpsdm", "approved")]


def test_what_was_said_about_somebody_is_not_repeated():
    assert "saksi" not in str(list(steps_of(TUESDAY, "correction", a_correction())))


def test_punches_are_told_by_how_they_came():
    day = a_day(
        a_punch("in", "07:20", number="a"),
        a_punch("out", "16:30", number="b", method="device"),
        a_punch("in", "13:00", office="JEBRES", number="c", method="import"),
    )

    kinds = {change.source: change.kind for change in changes_of(day)}

    assert kinds == {"a": "recorded", "b": "from_device", "c": "imported"}


def test_changes_are_told_by_day_and_as_they_came():
    def change(source, on, moment):
        return DayChange(at=moment, date=on, kind="recorded", source=source)

    next_day = TUESDAY + timedelta(days=1)
    changes = [change("3", next_day, ASKED), change("2", TUESDAY, DECIDED)]
    changes += [change("1", TUESDAY, ASKED), change("last", TUESDAY, None)]

    assert [one.source for one in in_order(changes)] == ["1", "2", "last", "3"]
