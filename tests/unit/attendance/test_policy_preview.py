"""A preview: the version as it would rule the month, and old beside new for each person."""

from datetime import UTC, date, datetime

import pytest

from contracts.directory import Assignment
from contracts.policies import PolicyRequest
from rules.assignments import main_on
from services.attendance.own_copies.store import Person
from services.attendance.policies.model import AgencyPolicy
from services.attendance.policies.preview import Compared, Month, as_if, compared, percent_of
from tests.unit.attendance.builders import TUESDAY, a_day, a_punch, the_rules

RECORDED = datetime(2026, 11, 1, tzinfo=UTC)
NOVEMBER = Month.of("2026-11")
POST = Assignment(
    id="post", agency="BKPSDM", position="Analis", from_=date(2026, 1, 1), recorded_at=RECORDED
)
SITI = Person("siti", "Siti", None, True, (POST,))


def a_request(effective_from, **changes):
    return PolicyRequest.model_validate(
        {
            "pattern": "uji",
            "effective_from": effective_from,
            "week": {"monday": {"start": "07:00", "end": "14:00"}},
            "bands": {"preset": "national-a"},
        }
        | changes
    )


def a_policy(*requests):
    policy = AgencyPolicy.blank("BKPSDM", RECORDED)
    for request in requests:
        policy = policy.with_version(request, recorded_at=RECORDED, written_at=RECORDED)
    return policy


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_month_has_its_days(period, first, last):
    assert Month.of(period) == Month(first, last)


def test_a_version_of_that_month_rules_from_its_own_day():
    policy = a_policy(a_request("2026-11-15"))

    tried = as_if(policy, policy.versions[0], NOVEMBER)

    assert [version.effective_from for version in tried.versions] == [date(2026, 11, 15)]


def test_a_later_version_is_tried_on_the_whole_month_in_the_place_of_its_own_line():
    other = {"group": {"name": "piket", "positions": ["Sopir"]}}
    policy = a_policy(
        a_request("2026-03-01"),
        a_request("2026-11-10"),
        a_request("2026-11-10", **other),
        a_request("2027-01-01"),
    )

    tried = as_if(policy, policy.versions[-1], NOVEMBER)

    assert [(version.id, str(version.effective_from)) for version in tried.versions] == [
        ("BKPSDM-v1", "2026-03-01"),
        ("BKPSDM-v3", "2026-11-10"),
        ("BKPSDM-v4", "2026-11-01"),
    ]


def test_only_what_a_person_would_notice_is_a_change():
    before, after = the_rules(), the_rules(id="uji-v1")
    day = a_day(a_punch("in", "07:40"), a_punch("out", "16:30"), rules=before)

    assert compared(SITI, [Compared(day, before, day.judged_by(after), after)], TUESDAY) is None


def test_old_and_new_stand_beside_each_other():
    before, after = the_rules(), the_rules(flexible_minutes=30)
    day = a_day(a_punch("in", "07:40"), a_punch("out", "16:30"), rules=before)

    preview = compared(SITI, [Compared(day, before, day.judged_by(after), after)], TUESDAY)

    assert (preview.late_minutes, preview.early_minutes) == ((10, 0), (0, 10))
    assert preview.percent == ("0.5000", "0.5000")
    (changed,) = preview.changed
    assert (changed.before.late_band, changed.after.late_band) == ("TL1", None)
    assert (changed.before.status, changed.after.status) == ("late", "left_early")
    assert preview.employee.position == main_on(SITI.assignments, TUESDAY).position


def test_an_absence_takes_its_own_percentage():
    # Permentan 68/2012: 4 percent for a day
    rules = the_rules()
    absent = a_day(rules=rules).close(rules).state

    assert percent_of(absent, rules.bands) == 4
