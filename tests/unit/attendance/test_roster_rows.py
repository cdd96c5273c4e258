"""A roster from a file: every bad row is named, the good ones are merged into what stands."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.tables import read
from services.attendance.rosters.model import Roster
from services.attendance.rosters.rows import COLUMNS, REQUIRED, merge, parse

HEADING = ",".join(COLUMNS)
NIP = "199001012020011001"
MEMBERS = {"ani": "ani", "budi": "budi", NIP: "ani"}
AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
NIGHT = f"{NIP},,2026-12-01,malam,21:00,07:00"


def merged(*lines, standing=None, language="id"):
    rows = read(
        "\n".join([HEADING, *lines]).encode(), "text/csv", columns=COLUMNS, required=REQUIRED
    )
    return merge(
        parse(rows, language), standing, MEMBERS, agency="RSUD", period="2026-12", language=language
    )


def entered(*lines, standing=None):
    request = merged(*lines, standing=standing).request
    return Roster.entered(standing, "RSUD", "2026-12", request, recorded_at=AT, written_at=AT)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("123,,2026-12-01,malam,21:00,07:00", "nip"),
        (",,2026-12-01,malam,21:00,07:00", "nip"),
        (f"{NIP},ani,2026-12-01,malam,21:00,07:00", "nip"),
        (",citra,2026-12-01,malam,21:00,07:00", "employee_id"),
        (",ani,1-12-2026,malam,21:00,07:00", "date"),
        (",ani,2026-11-30,malam,21:00,07:00", "date"),
        (",ani,2026-12-01,jaga malam,21:00,07:00", "shift"),
        (",ani,2026-12-01,sore,,", "shift"),
        (",ani,2026-12-01,sore,25:00,07:00", "start"),
        (",ani,2026-12-01,sore,21:00,", "end"),
    ],
)
def test_what_cannot_be_taken_is_named_by_row_and_column(line, column):
    assert [(bad.row, bad.column) for bad in merged(line).rejected] == [(2, column)]


def test_a_shift_has_one_pair_of_hours_and_a_person_one_entry_a_day():
    made = merged(NIGHT, ",budi,2026-12-01,malam,20:00,07:00", ",ani,2026-12-01,,,")

    assert [(bad.row, bad.column) for bad in made.rejected] == [(3, "start"), (4, "date")]
    english = merged(NIGHT, NIGHT, language="en").rejected[0].detail
    assert english == "stands in row 2 already"


def test_what_the_file_does_not_name_stays_and_the_same_again_is_nothing_new():
    first = entered(NIGHT, ",budi,2026-12-02,malam,,").state
    again = merged(NIGHT, standing=first)
    more = entered(",budi,2026-12-02,,,", standing=first)

    assert (again.accepted, again.unchanged) == (1, 1)
    assert entered(NIGHT, standing=first).events == ()
    assert more.state.people == {
        "ani": {"2026-12-01": "malam"},
        "budi": {"2026-12-02": None},
    }
    assert more.events[0].employees == ("budi",)
    assert (more.events[0].first, more.events[0].last) == (date(2026, 12, 2), date(2026, 12, 2))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ani", "budi"]),
            st.integers(1, 31),
            st.sampled_from(["malam", "pagi", ""]),
        ),
        max_size=10,
        unique_by=lambda entry: entry[:2],
    ),
    st.integers(0, 10),
)
def test_however_a_file_is_split_the_roster_is_the_same(entries, cut):
    hours = {"malam": "21:00,07:00", "pagi": "07:00,14:00", "": ","}
    lines = [f",{who},2026-12-{day:02},{shift},{hours[shift]}" for who, day, shift in entries]
    whole = entered(*lines).state
    parts = entered(*lines[cut:], standing=entered(*lines[:cut]).state).state

    assert parts.people == whole.people
    assert parts.shifts == whole.shifts
