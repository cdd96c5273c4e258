"""A line of an export file, ``attlog.dat`` (domain.md §4.5); pure. Not for pushed lines.

Fields are separated by tabs: PIN (right-aligned), wall-clock time, *device number*, *state*,
verify, work code; the last two may be missing. A push line has the state where the device number
stands here, so the two never share a parser. A variant begins with a serial line (``S…``) and ends
with a checksum line (``C…``); both are skipped.
"""

from services.attendance.device_lines.model import NotALine, Scan, scan

_AT_LEAST = 4


def is_skipped(raw: str) -> bool:
    """Whether a line of the file is none of its records."""
    return not raw.strip() or (raw[0] in "SC" and "\t" not in raw)


def read(raw: str) -> Scan:
    """What a line of a file says; raises :class:`NotALine`."""
    fields = [field.strip() for field in raw.split("\t")]
    if len(fields) < _AT_LEAST:
        raise NotALine(f"{len(fields)} fields, at least {_AT_LEAST}")
    return scan(fields[0], fields[1], fields[3], (*fields[4:5], "")[0])
