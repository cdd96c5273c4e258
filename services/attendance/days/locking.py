"""A locked day: its figures stay, later data are kept and told as settlements. Pure.

Every decision about a locked day is made about the day as it would be without the lock
(:attr:`Day.live`), and then put under it. So no rule of the day needs to know of locks.
"""

from dataclasses import replace

from contracts.attendance import DayChanged
from contracts.outcome import Decision
from contracts.periods import DaySettled
from services.attendance.days.figures import Lock
from services.attendance.days.model import Day
from services.attendance.patterns.model import DayRules


def under_lock(before: Day | None, decision: Decision[Day], late: Lock | None) -> Decision[Day]:
    """What a decision comes to where a lock holds the day.

    ``late`` is the lock of the period that the day would newly come into: it began, or moved there,
    after the period was closed, and is not counted in it.
    """
    after = decision.state
    if before is not None and before.locked is not None:
        return _held(before, before.locked, decision)
    if late is not None:
        return _told(replace(after, locked=late), decision, changed=True)
    return decision


def lock(day: Day, rules: DayRules | None, period: Lock) -> Decision[Day]:
    """Close the day and hold it; one event tells the figures that count.

    A day whose rules are not known any more is held as it was judged.
    """
    closed = day if day.closed else replace(day, closed=True)
    judged = closed if day.closed or rules is None else closed.judged_by(rules)
    held = replace(judged, locked=period)
    return Decision(held, (held.told(),))


def unlock(day: Day) -> Decision[Day]:
    """Let go of the day; what came since counts from now on."""
    if day.locked is None:
        return Decision(day)
    free = replace(day.live, locked=None)
    return Decision(free, (free.told(),))


def _held(before: Day, held: Lock, decision: Decision[Day]) -> Decision[Day]:
    after = decision.state
    now, sealed = after.figures, before.figures
    changed = not now.equals(before.live.figures)
    if not held.counts:
        return _told(replace(after, locked=held), decision, changed=changed)
    later = None if now.equals(sealed) else now
    kept = replace(after.showing(sealed), locked=replace(held, later=later))
    return _told(kept, decision, changed=changed)


def _told(day: Day, decision: Decision[Day], *, changed: bool) -> Decision[Day]:
    """The same events, but a settlement instead of a change; none where no figure is another."""
    others = tuple(event for event in decision.events if not isinstance(event, DayChanged))
    return Decision(day, (*others, settled(day)) if changed else others)


def settled(day: Day) -> DaySettled:
    """What a locked day would be with what came since."""
    assert day.locked is not None
    said = day.live.told().model_dump()
    return DaySettled.model_validate(
        said | {"period": day.locked.period, "revision": day.locked.revision}
    )
