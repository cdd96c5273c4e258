"""A punch that belongs to another day by now: taken in there, let go here. Pure.

A roster that comes late may make a departure in the morning the end of the night before. The punch
keeps its id and everything that was recorded with it; taken in twice, it is there once.
"""

from dataclasses import replace

from contracts.outcome import Decision
from services.attendance.days.model import Day
from services.attendance.days.punches import Punch
from services.attendance.patterns.model import DayRules


def take_in(day: Day, punch: Punch, rules: DayRules) -> Decision[Day]:
    """The day with a punch that was recorded for another one."""
    if day.punch(punch.id) is not None:
        return Decision(day)
    after = replace(day, punches=(*day.punches, punch)).judged_by(rules)
    return Decision(after, (after.told(),))


def let_go(day: Day, punch_id: str, rules: DayRules) -> Decision[Day]:
    """The day without a punch that another one has taken in."""
    if day.punch(punch_id) is None:
        return Decision(day)
    left = tuple(punch for punch in day.punches if punch.id != punch_id)
    after = replace(day, punches=left).judged_by(rules)
    return Decision(after, (after.told(),))
