"""Whose lines came from a machine whose clock had been reset: a hint for whoever reviews. Pure.

After a power cut machines begin again in 2000 (domain.md §4.4). Such lines are kept and count for
no day until the clock is corrected; until then their people look as if they had not come.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from contracts.reviews import Fact
from services.attendance.device_lines.model import Line
from services.attendance.reviews.detectors import Finding

CLOCK_RESET = "clock_reset"
SCORE = 40
_MOST_NAMED = 10


def clock_resets(lines: Sequence[Line], owners: Mapping[tuple[str, str], str]) -> list[Finding]:
    """One finding per person; ``owners`` says whose a PIN of a machine is."""
    by_person: defaultdict[str, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: one.id):
        owner = owners.get((line.serial, line.pin))
        if owner is not None and CLOCK_RESET in line.flags:
            by_person[owner].append(line)
    return [_finding(person, own) for person, own in sorted(by_person.items())]


def _finding(person: str, lines: Sequence[Line]) -> Finding:
    facts: dict[str, Fact] = {
        "lines": len(lines),
        "devices": ", ".join(sorted({line.serial for line in lines})),
        "first_wall": min(line.wall for line in lines),
    }
    named = tuple(line.punch for line in lines[:_MOST_NAMED])
    return Finding("device_clock_reset", person, SCORE, named, facts)
