"""The code of a kiosk: made of its secret, the office and the step of time; typed by people."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import OfficeCode
from services.attendance.kiosks.model import (
    FORMER_KEPT,
    STEP_S,
    Kiosk,
    code_of,
    codes_at,
    opened,
    rotated,
    span_of,
    spoken,
    step_of,
    steps_around,
    typed,
)
from services.attendance.kiosks.qr import qr_svg

KEY, OTHER_KEY = "11" * 32, "22" * 32
NOW = datetime(2026, 11, 24, 0, 21, 40, tzinfo=UTC)
STEP = timedelta(seconds=STEP_S)
HALL = OfficeCode("BALAIKOTA")


def a_kiosk(at: datetime = NOW - timedelta(days=30)) -> Kiosk:
    return opened(None, HALL, KEY, at).state


def test_the_code_is_the_truncated_hmac_of_office_and_step():
    # computed apart from the code: printf 'BALAIKOTA\0' and step 1 as eight bytes, openssl dgst
    assert code_of(KEY, "BALAIKOTA", 1) == "JYY9QPB3"


@given(st.integers(0, 2**40), st.sampled_from(["BALAIKOTA", "JEBRES", "A"]))
def test_a_code_is_eight_letters_that_survive_being_typed(step, office):
    code = code_of(KEY, office, step)

    assert typed(spoken(code)) == code
    assert typed(spoken(code).lower().replace("0", "o").replace("1", "l")) == code


@pytest.mark.parametrize("text", ["", "123", "K7QM-3XW", "K7QM-3XWDD", "K7QM-3XWU", "K7QM_3XWD"])
def test_what_is_no_code_is_none(text):
    assert typed(text) is None


def test_office_step_and_secret_each_change_the_code():
    codes = {
        code_of(key, office, step)
        for key in (KEY, OTHER_KEY)
        for office in ("BALAIKOTA", "JEBRES")
        for step in (1, 2)
    }

    assert len(codes) == 8


def test_a_moment_lies_in_its_step_and_one_step_of_drift_counts():
    start, end = span_of(step_of(NOW))

    assert start <= NOW < end
    assert end - start == STEP
    assert set(steps_around(NOW)) == {step_of(NOW - STEP), step_of(NOW), step_of(NOW + STEP)}


def test_a_kiosk_has_no_code_before_it_was_opened_and_opening_twice_keeps_the_secret():
    kiosk = a_kiosk(NOW)

    assert kiosk.code_at(step_of(NOW)) == code_of(KEY, HALL, step_of(NOW))
    assert kiosk.code_at(step_of(NOW) - 1) is None
    again = opened(kiosk, HALL, OTHER_KEY, NOW + STEP)
    assert (again.state, again.events) == (kiosk, ())


def test_after_a_rotation_earlier_codes_count_for_earlier_captures_only():
    kiosk = rotated(a_kiosk(), HALL, OTHER_KEY, NOW, compromised=False).state
    step = step_of(NOW)

    assert kiosk.code_at(step) == code_of(KEY, HALL, step)
    assert kiosk.code_at(step + 1) == code_of(OTHER_KEY, HALL, step + 1)


def test_no_code_of_a_compromised_secret_counts_any_more():
    kiosk = rotated(a_kiosk(), HALL, OTHER_KEY, NOW, compromised=True).state
    step = step_of(NOW)

    assert kiosk.code_at(step) == code_of(OTHER_KEY, HALL, step)
    assert kiosk.code_at(step - 1) is None


@given(st.lists(st.tuples(st.integers(0, 10), st.booleans()), max_size=8))
def test_however_often_it_is_rotated_every_step_has_at_most_one_secret(rotations):
    kiosk, at = a_kiosk(NOW), NOW
    for number, (hours, compromised) in enumerate(rotations):
        at += timedelta(hours=hours)
        key = f"{number:064x}"
        kiosk = rotated(kiosk, HALL, key, at, compromised=compromised).state

    for step in range(step_of(NOW) - 2, step_of(at) + 3):
        assert sum(secret.rules(step) for secret in kiosk.secrets) <= 1
    assert kiosk.code_at(step_of(at) + 1) is not None


def test_former_secrets_are_forgotten_when_no_capture_can_need_them():
    kiosk = rotated(a_kiosk(), HALL, OTHER_KEY, NOW, compromised=False).state

    later = rotated(kiosk, HALL, "33" * 32, NOW + FORMER_KEPT + STEP, compromised=False).state

    assert [secret.key for secret in later.secrets] == ["33" * 32, OTHER_KEY]


def test_the_office_is_found_from_the_code():
    other = opened(None, OfficeCode("JEBRES"), OTHER_KEY, NOW).state
    step = step_of(NOW)

    shown = codes_at([a_kiosk(), other], step)

    assert shown[code_of(OTHER_KEY, "JEBRES", step)] == "JEBRES"
    assert len(shown) == 2


def test_events_of_a_kiosk_tell_no_secret():
    events = rotated(a_kiosk(), HALL, OTHER_KEY, NOW, compromised=True).events

    assert [event.type for event in events] == ["attendance.kiosk.rotated.v1"]
    assert KEY not in events[0].model_dump_json()
    assert OTHER_KEY not in events[0].model_dump_json()


def test_the_picture_has_the_three_corners_of_a_qr_code_and_a_margin():
    picture = qr_svg("K7QM3XWD")

    assert picture.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"')
    dark = {tuple(map(int, cell.split("h")[0].split(","))) for cell in picture.split("M")[2:]}
    for left, top in ((4, 4), (18, 4), (4, 18)):
        frame = {(left + n, top) for n in range(7)} | {(left, top + n) for n in range(7)}
        assert frame <= dark
    assert all(4 <= x < 25 and 4 <= y < 25 for x, y in dark)
