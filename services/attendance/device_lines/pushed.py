"""A pushed line (domain.md §4.2); pure. Not for export files: their columns stand otherwise.

Fields are separated by tabs: PIN, time, state, verify, work code, reserved ones. The first two are
always there, the others depend on model and firmware, up to sixteen in all; what follows the fourth
means nothing to us.
"""

from services.attendance.device_lines.model import NotALine, Scan, scan

_AT_LEAST = 2


def read(raw: str) -> Scan:
    """What a pushed line says; raises :class:`NotALine`."""
    fields = [field.strip() for field in raw.split("\t")]
    if len(fields) < _AT_LEAST:
        raise NotALine("no tabs: PIN and time are wanted")
    state, verify = ([*fields[2:4], "", ""])[:2]
    return scan(fields[0], fields[1], state, verify)
