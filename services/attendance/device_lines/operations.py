"""What was done at a machine: ``OPLOG`` lines of its operation log (domain.md §4.3); pure.

Other lines of that log name users or hold templates of fingers and faces; they never come here.
"""

import re
from dataclasses import dataclass

CLOCK_SET = 21
"""Somebody set the clock: a sign of tampering."""

_OPLOG = re.compile(
    r"OPLOG\s+([0-9]{1,5})\t([A-Za-z0-9]{0,24})\t"
    r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Operation:
    """The code of what was done, by whom (a PIN), when on the machine's clock."""

    code: int
    by_pin: str | None
    wall: str


def read(raw: str) -> Operation | None:
    """An operation, or None where the line is something else."""
    found = _OPLOG.match(raw)
    if found is None:
        return None
    code, by, wall = found.groups()
    return Operation(int(code), by or None, wall)
