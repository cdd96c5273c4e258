"""Lines of a clock that was reset: one hint per person, whose PIN is known, in any order."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.attendance.device_lines.model import Line
from services.attendance.reviews.clocks import SCORE, clock_resets

OWNERS = {("A1", "1"): "ani", ("B2", "1"): "budi", ("B2", "2"): "ani"}


def a_line(serial="A1", pin="1", second=7, flags=("clock_reset",)):
    wall = f"2000-01-01 00:00:{second:02}"
    return Line(
        id=f"{serial}:{wall}:{pin}:0",
        punch=f"punch-{serial}-{pin}-{second}",
        serial=serial,
        office="BALAIKOTA",
        zone="Asia/Jakarta",
        raw="",
        source="push",
        received_at=datetime(2026, 11, 24, tzinfo=UTC),
        upload="u",
        status="implausible",
        pin=pin,
        wall=wall,
        flags=flags,
    )


def test_one_finding_per_person_names_machines_lines_and_the_clock():
    found = clock_resets([a_line(), a_line("B2", "2", 9), a_line("B2", "1")], OWNERS)

    assert [(one.employee, one.kind, one.score) for one in found] == [
        ("ani", "device_clock_reset", SCORE),
        ("budi", "device_clock_reset", SCORE),
    ]
    assert found[0].facts == {
        "lines": 2,
        "devices": "A1, B2",
        "first_wall": "2000-01-01 00:00:07",
    }
    assert found[0].check_ins == ("punch-A1-1-7", "punch-B2-2-9")


def test_a_clock_ahead_and_a_pin_of_nobody_say_nothing_of_anybody():
    assert clock_resets([a_line(flags=("clock_ahead",)), a_line(pin="99")], OWNERS) == []


LINES = st.lists(
    st.builds(
        a_line, st.sampled_from(["A1", "B2"]), st.sampled_from(["1", "2"]), st.integers(0, 59)
    ),
    max_size=20,
)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter_and_few_are_named(lines, rng):
    shuffled = list(lines)
    rng.shuffle(shuffled)

    assert clock_resets(lines, OWNERS) == clock_resets(shuffled, OWNERS)
    assert all(len(one.check_ins) <= 10 for one in clock_resets(lines, OWNERS))
