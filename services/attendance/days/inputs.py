"""What else is known of a day beside its punches: small records, each named by what it comes from.

The day is a function of the rules of that day, its punches and these inputs. A feature that owns a
request (an absence, a correction, a general act) attaches an input when it is approved and detaches
it when it is taken back; neither the order of inputs nor that of punches makes a difference.

What an input does is said in one shape, the :class:`Excuse`: a stretch of the hours in which the
person need not be in an office, and what the day is called if the whole of it is covered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from contracts.attendance_terms import ActEffect, CountsAs, DayStatus, Excused
from rules.working_time import Interval
from services.attendance.patterns.model import DayRules

_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Absence:
    """An approved absence: the whole day, or the hours between two moments (UTC).

    ``status`` is what a day is called that it covers wholly. What counts as ``unexcused`` excuses
    from nothing: it says at once what the end of the day would say.
    """

    id: str
    kind: str
    counts_as: CountsAs
    status: DayStatus
    start: datetime | None = None
    end: datetime | None = None
    type: Literal["absence"] = "absence"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An approved day of work outside the offices; who comes all the same was present."""

    id: str
    type: Literal["work_elsewhere"] = "work_elsewhere"


@dataclass(frozen=True, slots=True)
class Act:
    """A general act in force between two moments (UTC): one decision for many people."""

    id: str
    effect: ActEffect
    start: datetime
    end: datetime
    type: Literal["general_act"] = "general_act"


@dataclass(frozen=True, slots=True)
class Correction:
    """Moments that count instead of what was recorded; of several the one decided last counts."""

    id: str
    decided_at: datetime
    first_in: datetime | None = None
    last_out: datetime | None = None
    type: Literal["correction"] = "correction"


@dataclass(frozen=True, slots=True)
class Pardon:
    """What no longer counts against a person, because an objection of theirs was found right."""

    id: str
    excuse: Excused
    type: Literal["objection"] = "objection"


Input = Annotated[Absence | Elsewhere | Act | Correction | Pardon, Field(discriminator="type")]


@dataclass(frozen=True, slots=True)
class Excuse:
    """A stretch of the hours in which somebody need not be in an office.

    ``status`` is what the day is called if it is covered; ``firm`` holds although the person came.
    ``arrival`` and ``departure``: whose minutes are not counted. ``forgives``: a scan missing there
    is not missing. ``work`` is credited when the day closes; ``away`` is taken off what was worked.
    ``rank`` orders what would cover the same day. ``moves``: the hours begin after it or end before
    it; otherwise it only takes minutes off.
    """

    source: str
    interval: Interval
    status: DayStatus | None
    rank: int
    firm: bool = False
    arrival: bool = True
    departure: bool = True
    forgives: bool = False
    work: bool = False
    away: bool = False
    moves: bool = True


_ACTS: dict[ActEffect, tuple[DayStatus | None, int, bool, bool]] = {
    # effect: status of a covered day, rank, firm, counts as work
    "closed": ("off", 0, True, False),
    "duty": ("duty", 3, True, True),
    "work_elsewhere": ("elsewhere", 4, False, True),
    "excuse_absence": ("leave", 5, False, False),
    "excuse_lateness": (None, 9, False, False),
}
_RANKS: dict[DayStatus, int] = {"sick": 1, "leave": 2, "duty": 3}


def in_order(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """The inputs in an order of their own, the same however they came in."""
    return tuple(sorted(inputs, key=lambda each: (each.type, each.id)))


def with_input(inputs: Sequence[Input], one: Input) -> tuple[Input, ...]:
    """The inputs with this one, instead of any of the same id."""
    return in_order((*without(inputs, one.id), one))


def without(inputs: Sequence[Input], id_: str) -> tuple[Input, ...]:
    """The inputs without the one of this id."""
    return tuple(each for each in inputs if each.id != id_)


def excuses(inputs: Iterable[Input], rules: DayRules) -> tuple[Excuse, ...]:
    """What the inputs excuse of the hours of that day; nothing on a day without hours."""
    if rules.start is None or rules.end is None:
        return ()
    hours = Interval(rules.start, rules.end)
    found = (_excuse(each, hours) for each in inputs)
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class Corrected:
    """The moments that corrections state, and which correction stated each."""

    first_in: datetime | None = None
    last_out: datetime | None = None
    sources: dict[str, str] = field(default_factory=dict)


def corrected(inputs: Iterable[Input]) -> Corrected:
    """What corrections say, the latest decision for each of arrival and departure."""
    found = sorted(
        (each for each in inputs if isinstance(each, Correction)),
        key=lambda each: (each.decided_at, each.id),
    )
    sources: dict[str, str] = {}
    first_in = last_out = None
    for each in found:
        if each.first_in is not None:
            first_in, sources["first_in"] = each.first_in, each.id
        if each.last_out is not None:
            last_out, sources["last_out"] = each.last_out, each.id
    return Corrected(first_in, last_out, sources)


def is_unexcused(inputs: Iterable[Input]) -> bool:
    """Whether it is already decided that the whole day is missed without an excuse."""
    return any(
        isinstance(each, Absence) and each.counts_as == "unexcused" and each.start is None
        for each in inputs
    )


def merged(intervals: Iterable[Interval], rests: Sequence[Interval] = ()) -> tuple[Interval, ...]:
    """The stretches together; a rest that touches one belongs to it: nobody arrives into a rest."""
    stretches = sorted(intervals, key=lambda each: (each.start, each.end))
    together = _joined(stretches)
    touching = [rest for rest in rests if any(_touch(rest, each) for each in together)]
    return _joined(sorted((*together, *touching), key=lambda each: (each.start, each.end)))


def covers(intervals: Sequence[Interval], hours: Interval) -> bool:
    """Whether merged stretches leave nothing of the hours."""
    return any(each.start <= hours.start and hours.end <= each.end for each in intervals)


def covered_time(intervals: Sequence[Interval], start: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments merged stretches cover."""
    shares = (min(end, each.end) - max(start, each.start) for each in intervals)
    return sum((share for share in shares if share > _ZERO), _ZERO)


def _excuse(one: Input, hours: Interval) -> Excuse | None:
    match one:
        case Absence(counts_as="unexcused") | Correction():
            return None
        case Absence():
            return _of_absence(one, hours)
        case Elsewhere():
            return Excuse(one.id, hours, "elsewhere", 4, work=True)
        case Act():
            return _of_act(one, hours)
        case Pardon():
            return _of_pardon(one, hours)


def _of_absence(one: Absence, hours: Interval) -> Excuse | None:
    shared = _shared(one.start or hours.start, one.end or hours.end, hours)
    if shared is None:
        return None
    works = one.counts_as == "work"
    return Excuse(
        source=one.id,
        interval=shared,
        status=one.status,
        rank=_RANKS.get(one.status, 2),
        firm=True,
        forgives=works,
        work=works,
        away=not works,
    )


def _of_act(one: Act, hours: Interval) -> Excuse | None:
    shared = _shared(one.start, one.end, hours)
    if shared is None:
        return None
    status, rank, firm, works = _ACTS[one.effect]
    return Excuse(
        source=one.id,
        interval=shared,
        status=status,
        rank=rank,
        firm=firm,
        departure=one.effect != "excuse_lateness",
        forgives=True,
        work=works,
    )


def _of_pardon(one: Pardon, hours: Interval) -> Excuse:
    """Lateness and early leaving take minutes (and a missing scan) off; the day keeps its name."""
    whole = one.excuse == "absence"
    return Excuse(
        source=one.id,
        interval=hours,
        status="leave" if whole else None,
        rank=5 if whole else 9,
        arrival=whole or one.excuse == "lateness",
        departure=whole or one.excuse == "early_leaving",
        forgives=True,
        moves=False,
    )


def _shared(start: datetime, end: datetime, hours: Interval) -> Interval | None:
    first, last = max(start, hours.start), min(end, hours.end)
    return Interval(first, last) if first < last else None


def _joined(ordered: Sequence[Interval]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for each in ordered:
        if found and each.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, each.end))
        else:
            found.append(each)
    return tuple(found)


def _touch(one: Interval, other: Interval) -> bool:
    return one.start <= other.end and other.start <= one.end
