"""What was recorded on a day, and how it reads: who came first, who left last, what was a move.

Of several scans the first arrival and the last departure count (*Peraturan ANRI* 18/2016). Keys of
biometric machines are pressed wrongly and configured differently (domain.md §4.2), so a machine's
scan is read by the pattern: before the middle of the hours it is an arrival, after it a departure.
Scans within two minutes of each other are one movement, tapped again to be sure. Its key decides
only where reading by the hours would leave a day without an arrival or a departure, and only if
every tap pressed the same one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.attendance_terms import Direction, Method, Standing
from contracts.envelope import EmployeeId, OfficeCode

REPEAT_WITHIN = timedelta(minutes=2)
"""How soon after a stored moment the same movement is a repeat of it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided whether a check-in counts (the account, and for whom it acted), when and why."""

    by: str
    on_behalf_of: EmployeeId | None
    at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Punch:
    """An arrival or a departure as it was recorded; moments are UTC.

    ``at`` is the moment that counts, ``captured_at`` what the phone said, ``received_at`` when the
    gateway had it. ``move`` is the day's own finding: an arrival while present elsewhere.
    ``device`` is the machine whose line it is. Only what ``counts`` is read; what is pending waits
    for the supervisor. ``kiosk_use`` is the code it was made with, which one person uses once;
    ``clock_drift_s`` how far the phone's clock was behind.
    """

    id: str
    direction: Direction
    office: OfficeCode | None
    method: Method
    at: datetime
    received_at: datetime
    captured_at: datetime | None = None
    offline: bool = False
    flags: tuple[str, ...] = ()
    nonce: str | None = None
    move: bool = False
    device: str | None = None
    standing: Standing = "counts"
    note: str | None = None
    decided: Decided | None = None
    kiosk_use: str | None = None
    clock_drift_s: int | None = None

    @property
    def key(self) -> tuple[datetime, str]:
        """The place in the order of moments, the same however the punches came in."""
        return self.at, self.id

    def same_movement(self, other: "Punch") -> bool:
        """Whether both say the same of the same office."""
        return self.direction == other.direction and self.office == other.office

    def same_code(self, other: "Punch") -> bool:
        """Whether both were made with the same kiosk code of the same step."""
        return self.kiosk_use is not None and self.kiosk_use == other.kiosk_use


@dataclass(frozen=True, slots=True)
class Reading:
    """The arrival and the departure that count, and where the person is after the last movement."""

    first_in: Punch | None
    last_out: Punch | None
    presence: OfficeCode | None
    moves: frozenset[str]
    recorded: bool
    """Whether anything counts at all."""
    set_aside: tuple[Punch, ...] = ()
    """What is recorded and not read: it waits for the supervisor, or was declined."""


def in_order(punches: Sequence[Punch]) -> tuple[Punch, ...]:
    """The punches in the order of their moments."""
    return tuple(sorted(punches, key=lambda punch: punch.key))


def repeat_of(punch: Punch, stored: Sequence[Punch]) -> Punch | None:
    """The stored punch that this one repeats: the same movement up to two minutes before.

    An earlier moment repeats nothing, and a different movement in between makes it a new one. Days
    are judged by whole seconds, so moments of one second are the same: taps at once may be decided
    in any order. A kiosk's code counts once for a person, whatever is said with it.
    """
    for each in stored:
        if each.same_code(punch):
            return each
    before = [
        each
        for each in stored
        if _second(each) <= _second(punch) and punch.at - each.at <= REPEAT_WITHIN
    ]
    found = None
    for each in in_order(before):
        if each.same_movement(punch):
            found = each
        elif found is not None and each.at > found.at:
            found = None
    return found


def _second(punch: Punch) -> datetime:
    return punch.at.replace(microsecond=0)


def read(punches: Sequence[Punch], start: datetime | None, end: datetime | None) -> Reading:
    """How the punches of a day read under its hours; the order they come in does not matter."""
    ordered = tuple(punch for punch in in_order(punches) if punch.standing == "counts")
    directions = _directions(ordered, start, end)
    arrivals = [punch for punch in ordered if directions[punch.id] == "in"]
    departures = [punch for punch in ordered if directions[punch.id] == "out"]
    first_in = arrivals[0] if arrivals else None
    last_out = _last_out(arrivals, departures, end)
    presence, moves = _movements(ordered)
    set_aside = tuple(punch for punch in in_order(punches) if punch.standing != "counts")
    return Reading(first_in, last_out, presence, moves, bool(ordered), set_aside)


def marked(punches: Sequence[Punch], moves: frozenset[str]) -> tuple[Punch, ...]:
    """The punches in order, each saying whether it was a move."""
    return tuple(
        punch if punch.move == (punch.id in moves) else replace(punch, move=punch.id in moves)
        for punch in in_order(punches)
    )


def _directions(
    ordered: Sequence[Punch], start: datetime | None, end: datetime | None
) -> dict[str, Direction]:
    directions: dict[str, Direction] = {punch.id: punch.direction for punch in ordered}
    scans = [punch for punch in ordered if punch.method == "device"]
    if not scans or start is None or end is None:
        return directions
    middle = start + (end - start) / 2
    for scan in scans:
        directions[scan.id] = "in" if scan.at < middle else "out"
    taps = _taps(scans)
    if "in" not in directions.values() and _key_of(taps[0]) == "in":
        directions.update({scan.id: "in" for scan in taps[0]})
    if "out" not in directions.values() and _key_of(taps[-1]) == "out":
        directions.update({scan.id: "out" for scan in taps[-1]})
    return directions


def _taps(scans: Sequence[Punch]) -> list[list[Punch]]:
    """The scans as movements: each follows the one before within two minutes."""
    taps: list[list[Punch]] = []
    for scan in scans:
        if taps and scan.at - taps[-1][-1].at <= REPEAT_WITHIN:
            taps[-1].append(scan)
        else:
            taps.append([scan])
    return taps


def _key_of(tap: Sequence[Punch]) -> Direction | None:
    """The key of a movement, where all of its taps pressed the same."""
    keys: set[Direction] = {scan.direction for scan in tap}
    return keys.pop() if len(keys) == 1 else None


def _last_out(
    arrivals: Sequence[Punch], departures: Sequence[Punch], end: datetime | None
) -> Punch | None:
    """The last departure after the first arrival, unless the person came back before the end."""
    leaving = [each for each in departures if not arrivals or each.at > arrivals[0].at]
    if not leaving:
        return None
    last = leaving[-1]
    came_back = any(each.at > last.at and (end is None or each.at < end) for each in arrivals)
    return None if came_back else last


def _movements(ordered: Sequence[Punch]) -> tuple[OfficeCode | None, frozenset[str]]:
    """Where the person is in the end and which arrivals were moves, by the keys as pressed.

    The board of who is where follows the same keys, so that both always agree.
    """
    present, office = False, None
    moves = set()
    for punch in ordered:
        if punch.direction == "out":
            present, office = False, None
            continue
        if present and punch.office != office:
            moves.add(punch.id)
        present, office = True, punch.office
    return office, frozenset(moves)
