"""Absences from a file: every bad row is named, what stands stays, times never overlap."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.directory import Assignment
from kit.tables import read
from services.attendance.absence_imports.plan import Surroundings, absence_id, plan
from services.attendance.absence_imports.rows import COLUMNS, REQUIRED, parse
from services.attendance.absence_kinds.model import kinds_on
from services.attendance.bookings.model import Booking, Bookings
from services.attendance.own_copies.store import Person

HEADING = ",".join(COLUMNS)
NIP = "199001012020011001"
AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
GOOD = f"S-1,{NIP},,annual_leave,2026-12-21,2026-12-24,,approved"


def a_person(id_="ani", nip=NIP):
    post = Assignment(
        id=f"{id_}-1", agency="BKPSDM", position="Analis", from_=date(2026, 1, 1), recorded_at=AT
    )
    return Person(id_, id_.title(), nip, active=True, assignments=(post,))


ANI, BUDI = a_person(), a_person("budi", None)


def reading(*lines, language="id"):
    rows = read(
        "\n".join([HEADING, *lines]).encode(), "text/csv", columns=COLUMNS, required=REQUIRED
    )
    return parse(rows, language)


def around(**more):
    nothing = {"known": {}, "bookings": {}, "own": frozenset(), "language": "id"}
    return Surroundings(
        by_nip={NIP: ANI},
        by_id={"ani": ANI, "budi": BUDI},
        kinds_on=kinds_on,
        zone_of=lambda _agency: "Asia/Jakarta",
        at=AT,
        **(nothing | more),
    )


def planned(*lines, **more):
    return plan(reading(*lines), around(**more))


def bad(*lines, **more):
    return [(each.row, each.column) for each in planned(*lines, **more).rejected]


def test_a_good_row_is_an_approved_whole_absence():
    ((_, absence),) = planned(GOOD).new

    assert (absence.employee, absence.kind, absence.agency) == ("ani", "annual_leave", "BKPSDM")
    assert (absence.stretch.first, absence.stretch.last) == (date(2026, 12, 21), date(2026, 12, 24))


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f",{NIP},,annual_leave,2026-12-21,2026-12-24,,", "number"),
        (f"S 1,{NIP},,annual_leave,2026-12-21,2026-12-24,,", "number"),
        ("S-1,123,,annual_leave,2026-12-21,2026-12-24,,", "nip"),
        ("S-1,,,annual_leave,2026-12-21,2026-12-24,,", "nip"),
        (f"S-1,{NIP},ani,annual_leave,2026-12-21,2026-12-24,,", "nip"),
        ("S-1,199001012020011999,,annual_leave,2026-12-21,2026-12-24,,", "nip"),
        ("S-1,,nobody,annual_leave,2026-12-21,2026-12-24,,", "employee_id"),
        (f"S-1,{NIP},,holiday,2026-12-21,2026-12-24,,", "kind"),
        (f"S-1,{NIP},,annual_leave,21-12-2026,2026-12-24,,", "from"),
        (f"S-1,{NIP},,annual_leave,2026-12-21,2026-12-20,,", "to"),
        (f"S-1,{NIP},,annual_leave,2026-12-21,2028-12-20,,", "to"),
        (f"S-1,{NIP},,sick_day,2026-12-21,2026-12-22,,", "to"),
        (f"S-1,{NIP},,sick_leave,2026-12-21,2026-12-22,,", "reference"),
        (
            f"S-1,{NIP},,annual_leave,2026-12-21T07:30:00+07:00,2026-12-21T09:30:00+07:00,,",
            "from",
        ),
        (f"S-1,{NIP},,annual_leave,1999-12-21,1999-12-22,,", "nip"),
        (f"S-1,{NIP},,annual_leave,2026-12-21,2026-12-24,,maybe", "state"),
        (f"S-1,{NIP},,annual_leave,2026-12-21,2026-12-24,,withdrawn", "number"),
    ],
)
def test_what_cannot_be_taken_is_named_by_row_and_column(line, column):
    assert bad(line) == [(2, column)]


@pytest.mark.parametrize(("language", "word"), [("id", "tidak berlaku"), ("en", "is not allowed")])
def test_the_reason_is_in_the_language_of_who_imports(language, word):
    (row,) = reading(
        "S 1,x,,annual_leave,2026-12-21,2026-12-24,,".replace(",x,", f",{NIP},"), language=language
    ).rejected

    assert word in row.detail


def test_the_same_file_again_changes_nothing_and_other_contents_are_refused():
    ((_, absence),) = planned(GOOD).new
    known = {absence_id("S-1"): replace(absence, state="approved")}

    assert planned(GOOD, known=known).unchanged == 1
    assert bad(GOOD.replace("12-24", "12-23"), known=known) == [(2, "number")]
    assert [id_ for _, id_ in planned(GOOD.replace("approved", "withdrawn"), known=known).withdrawn]
    ended = {absence_id("S-1"): replace(absence, state="withdrawn")}
    assert planned(GOOD.replace("approved", "withdrawn"), known=ended).unchanged == 1
    assert bad(GOOD, known=ended) == [(2, "state")]


def test_time_that_is_spoken_for_is_refused_in_the_file_and_outside_it():
    other = GOOD.replace("S-1", "S-2").replace("12-21", "12-24").replace("12-24,,", "12-28,,")
    held = Booking(
        "x",
        "work_elsewhere",
        datetime(2026, 12, 22, tzinfo=UTC),
        datetime(2026, 12, 23, tzinfo=UTC),
    )

    assert bad(GOOD, other) == [(3, "from")]
    assert bad(GOOD, GOOD) == [(3, "number")]
    assert bad(GOOD, bookings={"ani": Bookings("ani", (held,))}) == [(2, "from")]


def test_nobody_brings_their_own_absence():
    assert bad(GOOD, own=frozenset({"ani"})) == [(2, "nip")]


STRETCHES = st.lists(
    st.tuples(st.integers(1, 28), st.integers(0, 5), st.sampled_from(["ani", "budi"])), max_size=8
)


@given(STRETCHES)
def test_whatever_is_in_the_file_what_is_taken_never_overlaps_and_every_row_has_its_verdict(found):
    lines = [
        f"N-{place},,{who},annual_leave,2026-12-{first:02},2026-12-{min(28, first + more):02},,"
        for place, (first, more, who) in enumerate(found)
    ]
    made = planned(*lines)
    spans = sorted(
        (absence.employee, absence.stretch.first, absence.stretch.last) for _, absence in made.new
    )

    assert made.accepted + len({each.row for each in made.rejected}) == len(lines)
    for (who, _, last), (next_who, first, _) in pairwise(spans):
        assert who != next_who or last < first
