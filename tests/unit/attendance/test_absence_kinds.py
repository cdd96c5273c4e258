"""Kinds of absence: the version of that day, entered beside those of the release."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from contracts.absence_kinds import KindRequest
from services.attendance.absence_kinds.model import EnteredKind, kinds_on, shipped

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)


def a_request(**changes):
    terms = {
        "code": "hajj_leave",
        "name": "Cuti haji",
        "name_en": "Pilgrimage",
        "counts_as": "excused",
        "day_status": "leave",
        "effective_from": "2027-01-01",
        "decree": "Perwali 12/2026",
    }
    return KindRequest.model_validate(terms | changes)


def with_kinds(*requests):
    entered = EnteredKind(requests[0].code, (), AT)
    for request in requests:
        entered = entered.enter(request, recorded_at=AT, written_at=AT).state
    return (*shipped(), *entered.versions)


def test_a_new_kind_rules_from_its_day_on():
    kinds = with_kinds(a_request())

    assert "hajj_leave" not in kinds_on(date(2026, 12, 31), kinds)
    assert kinds_on(date(2027, 1, 1), kinds)["hajj_leave"].decree == "Perwali 12/2026"
    assert kinds_on(date(2026, 12, 31), kinds) == kinds_on(date(2026, 12, 31))


def test_a_kind_of_the_release_has_another_version_and_ends():
    changed = a_request(code="permission", needs_reference=True, by_hours=True)
    ended = a_request(code="permission", offered=False, effective_from="2028-01-01")
    kinds = with_kinds(changed, ended)

    assert not kinds_on(date(2026, 12, 31), kinds)["permission"].needs_reference
    assert kinds_on(date(2027, 6, 1), kinds)["permission"].needs_reference
    assert "permission" not in kinds_on(date(2028, 1, 1), kinds)


def test_what_was_recorded_later_rules_also_where_the_clock_went_back():
    entered = EnteredKind("hajj_leave", (), AT)
    first = entered.enter(a_request(most_days=40), recorded_at=AT, written_at=AT).state
    earlier = AT.replace(hour=1)
    second = first.enter(a_request(most_days=50), recorded_at=earlier, written_at=AT)

    kinds = kinds_on(date(2027, 1, 1), second.state.versions)
    assert kinds["hajj_leave"].most_days == 50
    assert [event.terms.most_days for event in second.events] == [50]


@pytest.mark.parametrize(
    ("counts_as", "day_status", "fits"),
    [
        ("work", "duty", True),
        ("work", "leave", False),
        ("excused", "sick", True),
        ("excused", "absent", False),
        ("unexcused", "absent", True),
        ("unexcused", "leave", False),
        ("excused", "present", False),
    ],
)
def test_a_day_is_called_as_the_absence_counts(counts_as, day_status, fits):
    if fits:
        assert a_request(counts_as=counts_as, day_status=day_status)
        return
    with pytest.raises(ValidationError):
        a_request(counts_as=counts_as, day_status=day_status)
