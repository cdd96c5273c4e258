"""How six hundred people come, move and go on the played day; the same for the same date."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from deploy.demo.caller import NotDone
from deploy.demo.play.cast import Cast, Office, Person
from deploy.demo.play.deeds import CHECK_IN, Deed, Player, key_of
from deploy.demo.play.workday import Workday

MOST_AT_ONCE = 500
_SEVEN = 7 * 3_600
_LAST = 40 * 60
_MODE = 25 * 60
_ELSEWHERE, _TWICE, _MOVES, _LEAVES, _LEAVES_EARLY = 0.10, 0.08, 0.08, 0.96, 0.03


@dataclass(frozen=True, slots=True)
class Scan:
    """An arrival or departure that another system captured."""

    employee: str
    direction: str
    at: datetime
    office: str

    def item(self) -> dict[str, Any]:
        """The item of ``POST /v1/imports/punches``."""
        return {
            "employee_id": self.employee,
            "direction": self.direction,
            "at": self.at.isoformat(),
            "office": self.office,
        }


@dataclass(frozen=True, slots=True)
class Script:
    """What everybody does, in the order in which it is sent; ``repeats`` are double taps."""

    arrivals: tuple[Scan, ...]
    repeats: tuple[Scan, ...]
    moves: tuple[Scan, ...]
    departures: tuple[Scan, ...]
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Turnout:
    """How the day went, in figures."""

    arrived: int
    late: int
    elsewhere: int
    repeats: int
    moved: int
    left: int
    late_people: tuple[str, ...]
    in_time: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Course:
    """The day of one person."""

    arrival: Scan
    repeat: Scan | None
    move: Scan | None
    departure: Scan | None
    elsewhere: bool


def script(day: Workday, cast: Cast, people: Iterable[Person]) -> Script:
    """What these people do; everyone's day is drawn from the date and the person alone."""
    courses = [_course(day, cast, person) for person in people]
    return Script(
        arrivals=tuple(each.arrival for each in courses),
        repeats=tuple(each.repeat for each in courses if each.repeat),
        moves=tuple(each.move for each in courses if each.move),
        departures=tuple(each.departure for each in courses if each.departure),
        elsewhere=sum(each.elsewhere for each in courses),
    )


def _course(day: Workday, cast: Cast, person: Person) -> _Course:
    draw = Random(f"{day.on}:{person.id}")  # noqa: S311  # repeatable on purpose
    own = cast.office_of(person.agency)
    elsewhere = draw.random() < _ELSEWHERE
    office = _other(draw, cast, own) if elsewhere else own
    came = _SEVEN + int(draw.triangular(0, _LAST, _MODE))

    def scan(direction: str, seconds: int, at: Office) -> Scan:
        return Scan(person.id, direction, day.after_midnight(seconds), at.code)

    repeat = scan("in", came + draw.randint(5, 110), office) if draw.random() < _TWICE else None
    next_office = _other(draw, cast, office) if draw.random() < _MOVES else None
    moved_at = _SEVEN + draw.randint(2 * 3_600, 4 * 3_600)
    move = scan("in", moved_at, next_office) if next_office else None
    departure = None
    if draw.random() < _LEAVES:
        early = draw.random() < _LEAVES_EARLY
        left = day.ends * 60 + (draw.randint(-5_400, -1_200) if early else draw.randint(5, 2_400))
        departure = scan("out", left, next_office or office)
    return _Course(scan("in", came, office), repeat, move, departure, elsewhere)


def _other(draw: Random, cast: Cast, office: Office) -> Office:
    return draw.choice([each for each in cast.offices if each.code != office.code])


async def play(loader: Player, day: Workday, plan: Script) -> Turnout:
    """Send the day as the loader; a double tap must be told apart from a second arrival."""
    arrivals = await _send(loader, day, "arrivals", plan.arrivals)
    repeats = await _send(loader, day, "repeats", plan.repeats)
    moves = await _send(loader, day, "moves", plan.moves)
    departures = await _send(loader, day, "departures", plan.departures)
    _require({"already_checked_in"}, arrivals + moves + departures, "stored or known")
    double = [deed for deed in repeats if deed.code is None]
    if double:
        raise NotDone(f"{len(double)} double taps became arrivals: {_names(double)}")
    _require({"already_checked_in"}, repeats, "a repeat")
    stored = [deed.result for deed in arrivals if deed.result is not None]
    late = tuple(one["employee_id"] for one in stored if one["late_minutes"] > 0)
    return Turnout(
        arrived=len(stored),
        late=len(late),
        elsewhere=plan.elsewhere,
        repeats=len(repeats),
        moved=sum(1 for deed in moves if deed.result is not None and deed.result["move"]),
        left=sum(1 for deed in departures if deed.result is not None),
        late_people=late,
        in_time=tuple(one["employee_id"] for one in stored if one["late_minutes"] == 0),
    )


async def _send(loader: Player, day: Workday, what: str, scans: Sequence[Scan]) -> list[Deed]:
    deeds: list[Deed] = []
    for part in _parts(scans):
        body = {"items": [scan.item() for scan in part]}
        key = key_of(day.on.isoformat(), what, body=body)
        _, answered = await loader.batch(CHECK_IN, "/v1/imports/punches", key=key, body=body)
        if len(answered) != len(part):
            raise NotDone(f"{what}: {len(part)} items were sent, {len(answered)} answered")
        deeds += answered
    return deeds


def _parts(scans: Sequence[Scan]) -> Iterator[Sequence[Scan]]:
    for start in range(0, len(scans), MOST_AT_ONCE):
        yield scans[start : start + MOST_AT_ONCE]


def _require(codes: set[str], deeds: Sequence[Deed], what: str) -> None:
    wrong = [deed for deed in deeds if deed.code is not None and deed.code not in codes]
    if wrong:
        told = [deed.problem for deed in wrong[:3]]
        raise NotDone(f"{len(wrong)} scans are not {what}: {_names(wrong)} {told}")


def _names(deeds: Sequence[Deed]) -> str:
    return ", ".join(deed.command for deed in deeds[:10])
