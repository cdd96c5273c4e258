"""What looks odd about check-ins: pure detectors over the captures of a day and those before it.

Each finding says which check-ins, how strongly it speaks (0 to 100, no probability) and the numbers
it rests on; none is a verdict. The cases come from what cities met (domain.md §3.2): coordinates
that 1,329 people shared, mocked positions, codes passed on. Thresholds were set on generated months
(docs/reviews.md says with which result).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from contracts.reviews import Fact, ReviewKind
from rules.geometry import distance_m
from services.attendance.reviews.captures import Capture

WINDOW_DAYS = 14
"""How many days, the one looked at included, habits are read from."""

FASTEST_KMH = 120.0
FARTHER_THAN_M = 800.0
SLACK_S = 30.0
OFFLINE_SLACK_S = 180.0
"""How much two clocks may differ: phones set theirs by the network, offline ones drift."""

REPEATED_ON_DAYS = 3
SHARED_BY = 3
SHARED_BY_IF_ROUNDED = 8
"""With six decimals people in a crowded office share a position by chance now and then."""

TOO_GOOD_M = 1.0
WITHOUT_POSITION_ON_DAYS = 5
OFFLINE_DAYS = 5
DELAYED_BY = timedelta(minutes=2)
DELAYED_ON_DAYS = 5
_MOST_NAMED = 10
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What looks odd about one person's check-ins of one day."""

    kind: ReviewKind
    employee: str
    score: int
    check_ins: tuple[str, ...]
    facts: Mapping[str, Fact]


Coordinates = tuple[str, float, float]
"""A person and where they were."""


@dataclass(slots=True)
class Habits:
    """What the days of a window say of each person: on which days something happened.

    Coordinates are remembered only where they occur on the day looked at, so that memory is bounded
    by one day of the city.
    """

    watched: frozenset[Coordinates] = frozenset()
    repeated: dict[Coordinates, set[date]] = field(default_factory=lambda: defaultdict(set))
    offline: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    delayed: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    without_position: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    with_position: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, today: Sequence[Capture]) -> "Habits":
        """Habits in which nothing but the day's own coordinates will be remembered."""
        return cls(watched=frozenset(filter(None, map(_coordinates, today))))

    def add(self, capture: Capture, on: date) -> None:
        """Take a capture of a day of the window; its place in the order does not matter."""
        coordinates = _coordinates(capture)
        if coordinates is not None and coordinates in self.watched:
            self.repeated[coordinates].add(on)
        if capture.offline:
            self.offline[capture.employee].add(on)
        elif capture.age >= DELAYED_BY:
            self.delayed[capture.employee].add(on)
        if capture.spot is not None:
            self.with_position[capture.employee].add(on)
        elif capture.by_kiosk:
            self.without_position[capture.employee].add(on)


Detector = Callable[[str, Sequence[Capture], Habits], Iterator[Finding]]


def find(today: Sequence[Capture], habits: Habits) -> list[Finding]:
    """Everything odd about a day, person by person, and what people share.

    ``habits`` holds the whole window, the day itself included. Of several captures of one moment
    (a tap that was refused as a repeat) each is read; they say the same.
    """
    found = [*shared_coordinates(today)]
    for employee, captures in sorted(_by_person(today).items()):
        for detector in DETECTORS:
            found += detector(employee, captures, habits)
    return found


def mocked_location(
    employee: str, captures: Sequence[Capture], _habits: Habits
) -> Iterator[Finding]:
    """The phone itself says that an app sets the position."""
    mocked = [each for each in captures if each.spot is not None and each.spot.mocked]
    if mocked:
        yield _finding("mocked_location", employee, 90, mocked, {"captures": len(mocked)})


def impossible_travel(
    employee: str, captures: Sequence[Capture], _habits: Habits
) -> Iterator[Finding]:
    """Two places too far apart for the time between them, accuracies and clocks allowed for."""
    placed = [each for each in captures if each.spot is not None]
    worst: tuple[float, Capture, Capture, float, float] | None = None
    for one, other in pairwise(placed):
        apart, seconds = _apart_m(one, other), _seconds_between(one, other)
        speed = apart / seconds * 3.6
        if apart > FARTHER_THAN_M and speed > FASTEST_KMH and (not worst or speed > worst[0]):
            worst = speed, one, other, apart, seconds
    if worst is not None:
        speed, one, other, apart, seconds = worst
        facts: dict[str, Fact] = {
            "speed_kmh": round(speed),
            "distance_m": round(apart),
            "seconds": round((other.at - one.at).total_seconds()),
            "from_office": one.office or "",
            "to_office": other.office or "",
        }
        score = min(95, 55 + round(speed / 12))
        yield _finding("impossible_travel", employee, score, (one, other), facts)


def repeated_coordinates(
    employee: str, captures: Sequence[Capture], habits: Habits
) -> Iterator[Finding]:
    """The very same coordinates on several days: satellites never say the same twice."""
    counted: dict[Coordinates, list[Capture]] = defaultdict(list)
    for each in captures:
        if (coordinates := _coordinates(each)) is not None:
            counted[coordinates].append(each)
    days = max((len(habits.repeated[key]) for key in counted), default=0)
    if days >= REPEATED_ON_DAYS:
        same = [
            each
            for key, group in counted.items()
            if len(habits.repeated[key]) >= REPEATED_ON_DAYS
            for each in group
        ]
        score = min(95, 40 + 10 * days)
        facts: dict[str, Fact] = {"days": days, "window_days": WINDOW_DAYS}
        yield _finding("repeated_coordinates", employee, score, same, facts)


def shared_coordinates(today: Iterable[Capture]) -> Iterator[Finding]:
    """The very same coordinates for several people on one day."""
    at: dict[tuple[float, float], list[Capture]] = defaultdict(list)
    for each in today:
        if each.spot is not None and each.spot.is_fine:
            at[each.spot.at].append(each)
    strongest: dict[str, tuple[int, list[Capture]]] = {}
    for _, group in sorted(at.items()):
        people = _by_person(group)
        spot = group[0].spot
        enough = SHARED_BY if spot and spot.is_very_fine else SHARED_BY_IF_ROUNDED
        if len(people) < enough:
            continue
        for person, own in people.items():
            if person not in strongest or strongest[person][0] < len(people):
                strongest[person] = len(people), own
    for person, (people_count, own) in sorted(strongest.items()):
        score = min(100, 60 + 4 * people_count)
        yield _finding("shared_coordinates", person, score, own, {"people": people_count})


def accuracy_too_good(
    employee: str, captures: Sequence[Capture], _habits: Habits
) -> Iterator[Finding]:
    """An accuracy that no phone has; apps that set positions often say 0 or 0.1."""
    good = [
        each
        for each in captures
        if each.spot is not None and each.spot.accuracy_m < TOO_GOOD_M and not each.spot.mocked
    ]
    if good:
        best = min(each.spot.accuracy_m for each in good if each.spot is not None)
        facts: dict[str, Fact] = {"captures": len(good), "accuracy_m": round(best, 2)}
        yield _finding("accuracy_too_good", employee, 50, good, facts)


def kiosk_elsewhere(
    employee: str, captures: Sequence[Capture], _habits: Habits
) -> Iterator[Finding]:
    """A kiosk's code was used while the phone was elsewhere: it was passed on."""
    relayed = [each for each in captures if each.by_kiosk and each.elsewhere]
    if relayed:
        facts: dict[str, Fact] = {"captures": len(relayed), "office": relayed[0].office or ""}
        yield _finding("kiosk_elsewhere", employee, 85, relayed, facts)


def kiosk_without_position(
    employee: str, captures: Sequence[Capture], habits: Habits
) -> Iterator[Finding]:
    """Only codes and never a position, for days: an old phone, or a colleague's code."""
    bare = [each for each in captures if each.by_kiosk and each.spot is None]
    days = len(habits.without_position[employee] - habits.with_position[employee])
    if bare and days >= WITHOUT_POSITION_ON_DAYS:
        facts: dict[str, Fact] = {"days": days, "window_days": WINDOW_DAYS}
        yield _finding("kiosk_without_position", employee, 25, bare, facts)


def many_offline_days(
    employee: str, captures: Sequence[Capture], habits: Habits
) -> Iterator[Finding]:
    """Captured without a network on so many days that somebody should ask why."""
    offline = [each for each in captures if each.offline]
    days = len(habits.offline[employee])
    if offline and days >= OFFLINE_DAYS:
        facts: dict[str, Fact] = {"days": days, "window_days": WINDOW_DAYS}
        yield _finding("many_offline_days", employee, min(60, 20 + 5 * days), offline, facts)


def habitual_delay(employee: str, captures: Sequence[Capture], habits: Habits) -> Iterator[Finding]:
    """Captures that are minutes old day after day, just within what is trusted without a proof."""
    late = [each for each in captures if not each.offline and each.age >= DELAYED_BY]
    days = len(habits.delayed[employee])
    if late and days >= DELAYED_ON_DAYS:
        minutes = sum((each.age for each in late), timedelta()) / len(late) / _MINUTE
        facts: dict[str, Fact] = {
            "days": days,
            "window_days": WINDOW_DAYS,
            "mean_age_minutes": round(minutes, 1),
        }
        yield _finding("habitual_delay", employee, min(70, 30 + 5 * days), late, facts)


DETECTORS: tuple[Detector, ...] = (
    mocked_location,
    impossible_travel,
    repeated_coordinates,
    accuracy_too_good,
    kiosk_elsewhere,
    kiosk_without_position,
    many_offline_days,
    habitual_delay,
)
"""Those that look at one person at a time."""


def _coordinates(capture: Capture) -> Coordinates | None:
    spot = capture.spot
    return (capture.employee, *spot.at) if spot is not None and spot.is_fine else None


def _by_person(captures: Iterable[Capture]) -> dict[str, list[Capture]]:
    people: dict[str, list[Capture]] = defaultdict(list)
    for each in sorted(captures, key=lambda one: (one.at, one.check_in)):
        people[each.employee].append(each)
    return people


def _apart_m(one: Capture, other: Capture) -> float:
    """Metres that surely lie between two captures: less what both positions may be wrong."""
    if one.spot is None or other.spot is None:
        return 0.0
    measured = distance_m(one.spot.lat, one.spot.lon, other.spot.lat, other.spot.lon)
    return max(0.0, measured - one.spot.accuracy_m - other.spot.accuracy_m)


def _seconds_between(one: Capture, other: Capture) -> float:
    slack = OFFLINE_SLACK_S if one.offline or other.offline else SLACK_S
    return (other.at - one.at).total_seconds() + slack


def _finding(
    kind: ReviewKind,
    employee: str,
    score: int,
    captures: Iterable[Capture],
    facts: Mapping[str, Fact],
) -> Finding:
    named = tuple(dict.fromkeys(each.check_in for each in captures))[:_MOST_NAMED]
    return Finding(kind, employee, score, named, facts)
