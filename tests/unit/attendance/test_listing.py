"""Check-ins as a list: every one on exactly one page, in order, as the filters say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.attendance import ListCheckIns
from contracts.outcome import Refusal
from contracts.paging import Paging
from kit.storage.aggregates import Stored
from services.attendance.days.listing import page_of
from tests.unit.attendance.builders import TUESDAY, a_day, a_punch

DAY = a_day(
    a_punch("in", "07:10:00", number="a"),
    a_punch("in", "09:00:00", "JEBRES", number="b", method="kiosk"),
    a_punch("in", "12:00:00", number="c"),
    a_punch("out", "12:00:00", "JEBRES", number="d", method="device"),
    a_punch("out", "16:40:00", number="e"),
)
STORED = [Stored(DAY.id, DAY, 1, 1)]


def asked(**more):
    paging = Paging(**{key: more.pop(key) for key in ("limit", "cursor", "sort") if key in more})
    return ListCheckIns(employee="siti", from_=TUESDAY, to=TUESDAY, paging=paging, **more)


@given(st.integers(1, 6), st.sampled_from(["at", "-at"]))
def test_every_check_in_is_on_exactly_one_page(limit, sort):
    ids, cursor = [], None
    while True:
        page = page_of(STORED, asked(limit=limit, sort=sort, cursor=cursor))
        assert len(page.items) <= limit
        ids += [row.id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert ids == (list("abcde") if sort == "at" else list("edcba"))


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"direction": ("out",)}, "de"),
        ({"office": ("JEBRES",)}, "bd"),
        ({"method": ("kiosk", "device")}, "bd"),
        ({"office": ("JEBRES",), "direction": ("in",)}, "b"),
        ({"standing": ("pending",)}, ""),
        ({"flags": ("mocked_location",)}, ""),
    ],
)
def test_filters_are_all_of_the_fields_and_any_of_their_values(filters, ids):
    assert [row.id for row in page_of(STORED, asked(**filters)).items] == list(ids)


@pytest.mark.parametrize(
    ("paging", "pointer"), [({"sort": "office"}, "/sort"), ({"cursor": "e30"}, "/cursor")]
)
def test_another_order_or_a_made_up_cursor_is_refused(paging, pointer):
    with pytest.raises(Refusal) as refused:
        page_of(STORED, asked(**paging))

    assert refused.value.problem.errors[0].pointer == pointer
