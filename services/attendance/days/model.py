"""The day: one person's check-ins of one date, and what the rules in force make of them.

The day is the aggregate that a check-in is written to, so everything that must hold between
check-ins (repeats, moves, the order of moments) is decided here, in one document. Nothing in it
depends on the order in which check-ins arrive: a day judged again under the same rules is equal.
What is decided elsewhere (absences, corrections, general acts) is attached as inputs and detached.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from contracts.attendance import (
    CheckInRecorded,
    DayChanged,
    DayLeftIncomplete,
    DayReminded,
    Missing,
)
from contracts.attendance_terms import DayStatus, Standing
from contracts.check_ins import CheckInDecided, CheckInHeld
from contracts.envelope import AgencyCode, EmployeeId, OfficeCode
from contracts.outcome import Decision, Refusal
from rules.calendars import Holiday
from rules.working_time import zone
from services.attendance.days.awaiting import reminder_of
from services.attendance.days.explanation import Reason, explain
from services.attendance.days.figures import Figures, Lock
from services.attendance.days.inputs import Input, in_order, with_input, without
from services.attendance.days.judgement import judge
from services.attendance.days.punches import Decided, Punch, marked, repeat_of
from services.attendance.patterns.model import DayRules

__all__ = ["Day", "Input", "Punch", "Reason", "day_id"]


def day_id(employee: str, on: dt.date) -> str:
    """The key of a person's day; there can be only one."""
    return f"{employee}:{on.isoformat()}"


@dataclass(frozen=True, slots=True)
class Day:
    """One person's working day: what was recorded, and what the rules in force make of it.

    Until it is closed a missing departure is awaited, and the status says what is known so far;
    afterwards the day is ``incomplete`` or ``absent``. Late data still enter a closed day. Moments
    are UTC; ``time_zone`` is the one to show them in. ``presence`` is the office the person was in
    after the last movement. While a period holds the day (``locked``) the figures are those that
    were closed, whatever came afterwards.
    """

    employee: EmployeeId
    agency: AgencyCode
    date: dt.date
    time_zone: str
    pattern: str
    policy_version: str
    working_day: bool
    status: DayStatus
    holiday: Holiday | None = None
    expected_start: dt.datetime | None = None
    expected_end: dt.datetime | None = None
    punches: tuple[Punch, ...] = ()
    inputs: tuple[Input, ...] = ()
    first_in: dt.datetime | None = None
    last_out: dt.datetime | None = None
    worked_minutes: int | None = None
    late_minutes: int = 0
    late_band: str | None = None
    early_minutes: int = 0
    early_band: str | None = None
    presence: OfficeCode | None = None
    closed: bool = False
    explanation: tuple[Reason, ...] = ()
    locked: Lock | None = None
    remind_at: dt.datetime | None = None
    reminded_at: dt.datetime | None = None

    @classmethod
    def blank(
        cls,
        employee: EmployeeId,
        agency: AgencyCode,
        rules: DayRules,
        inputs: Iterable[Input] = (),
    ) -> "Day":
        """The day before anybody came: open, free, or whatever is already decided about it."""
        day = cls(
            employee=employee,
            agency=agency,
            date=rules.on,
            time_zone=rules.zone,
            pattern=rules.pattern,
            policy_version=rules.policy_version,
            working_day=rules.working_day,
            status="open",
            inputs=in_order(inputs),
        )
        return day.judged_by(rules)

    @classmethod
    def begun(
        cls,
        employee: EmployeeId,
        agency: AgencyCode,
        rules: DayRules,
        inputs: Iterable[Input] = (),
        *,
        closed: bool = False,
    ) -> "Decision[Day]":
        """A day that begins before anybody came, because something is decided about it."""
        day = cls.blank(employee, agency, rules, inputs)
        day = replace(day, closed=True).judged_by(rules) if closed else day
        return Decision(day, (_changed(day),))

    @property
    def id(self) -> str:
        """The key of the document and the subject of its events."""
        return day_id(self.employee, self.date)

    @property
    def moved_at(self) -> dt.datetime | None:
        """The moment of the last movement; since then the person is in ``presence``."""
        counted = (punch.at for punch in self.punches if punch.standing == "counts")
        return max(counted, default=None)

    @property
    def figures(self) -> Figures:
        """What the rules made of the day; of a locked day what was closed."""
        return Figures(**{one.name: getattr(self, one.name) for one in fields(Figures)})

    def showing(self, figures: Figures) -> "Day":
        """The day with these figures."""
        return replace(self, **{one.name: getattr(figures, one.name) for one in fields(Figures)})

    @property
    def live(self) -> "Day":
        """The day as it would be without a lock: with what came since."""
        later = self.locked.later if self.locked else None
        return self if later is None else self.showing(later)

    def told(self) -> DayChanged:
        """The whole state as others hear of it."""
        return _changed(self)

    def check_in(self, punch: Punch, rules: DayRules) -> "Decision[Day]":
        """Add an arrival or departure; the same movement within two minutes is one.

        An earlier moment always enters, whenever it arrives, and may become the first arrival.
        """
        if (repeated := repeat_of(punch, self.punches)) is not None:
            here = zone(rules.zone)
            at = repeated.at.astimezone(here).isoformat()
            raise Refusal("already_checked_in", at=at, office=repeated.office)
        day = replace(self, punches=(*self.punches, punch)).judged_by(rules)
        held = (_held(day, punch.id),) if punch.standing == "pending" else ()
        return Decision(day, (_recorded(day, punch.id), *held, _changed(day)))

    def decide(
        self, punch_id: str, standing: Standing, decided: Decided, rules: DayRules
    ) -> "Decision[Day]":
        """Let a check-in that waits count, or not; the same decision again changes nothing."""
        punch = self.punch(punch_id)
        if punch is None:
            raise Refusal("not_found")
        if punch.standing == standing:
            return Decision(self)
        if punch.standing != "pending":
            raise Refusal("already_decided")
        punches = tuple(
            replace(each, standing=standing, decided=decided) if each.id == punch_id else each
            for each in self.punches
        )
        day = replace(self, punches=punches).judged_by(rules)
        return Decision(day, (_decided(day, punch_id), _changed(day)))

    def with_scans(self, scans: Sequence[Punch], rules: DayRules) -> "Decision[Day]":
        """Let the scans of machines be exactly these; silent if they are already."""
        others = tuple(punch for punch in self.punches if punch.device is None)
        known = {punch.id for punch in self.punches}
        day = replace(self, punches=(*others, *scans)).judged_by(rules)
        if day == self:
            return Decision(self)
        new = [_recorded(day, scan.id) for scan in scans if scan.id not in known]
        return Decision(day, (*new, _changed(day)))

    def judged_by(self, rules: DayRules) -> "Day":
        """The same punches under these rules; judging twice changes nothing."""
        found = judge(self.punches, rules, closed=self.closed, inputs=self.inputs)
        return replace(
            self,
            time_zone=rules.zone,
            pattern=rules.pattern,
            policy_version=rules.policy_version,
            working_day=found.working_day,
            holiday=rules.holiday,
            status=found.status,
            expected_start=found.expected_start,
            expected_end=found.expected_end,
            punches=marked(self.punches, found.reading.moves),
            first_in=found.first_in,
            last_out=found.last_out,
            worked_minutes=found.worked_minutes,
            late_minutes=found.late_minutes,
            late_band=found.late_band,
            early_minutes=found.early_minutes,
            early_band=found.early_band,
            presence=found.reading.presence,
            explanation=explain(found, rules, inputs=self.inputs),
            remind_at=None if self.reminded_at else reminder_of(found, rules),
        )

    def attach(self, one: Input, rules: DayRules) -> "Decision[Day]":
        """Take something decided elsewhere into account; silent if it makes no difference."""
        return self._with_inputs(with_input(self.inputs, one), rules)

    def detach(self, id_: str, rules: DayRules) -> "Decision[Day]":
        """Forget what was attached under this id; the day is what it would be without it."""
        return self._with_inputs(without(self.inputs, id_), rules)

    def _with_inputs(self, inputs: tuple[Input, ...], rules: DayRules) -> "Decision[Day]":
        if inputs == self.inputs:
            return Decision(self)
        day = replace(self, inputs=inputs).judged_by(rules)
        told = _changed(day)
        return Decision(day, () if told == _changed(self) else (told,))

    def rejudge(self, rules: DayRules, *, agency: AgencyCode | None = None) -> "Decision[Day]":
        """Judge anew after a decree changed the rules or the agency; silent if nothing changes."""
        day = replace(self, agency=agency or self.agency).judged_by(rules)
        return Decision(day, () if day == self else (_changed(day),))

    def close(self, rules: DayRules) -> "Decision[Day]":
        """Stop waiting: what is missing is missing. A closed day stays as it is."""
        if self.closed:
            return Decision(self)
        day = replace(self, closed=True).judged_by(rules)
        left = DayLeftIncomplete(employee=day.employee, agency=day.agency, date=day.date)
        reminder = (left,) if day.status == "incomplete" else ()
        return Decision(day, (_changed(day), *reminder))

    def remind(self, at: dt.datetime) -> "Decision[Day]":
        """Ask for what is missing, once, while it is still awaited."""
        if self.remind_at is None or at < self.remind_at:
            return Decision(self)
        day = replace(self, remind_at=None, reminded_at=at)
        missing: Missing = "arrival" if self.first_in is None else "departure"
        told = DayReminded(employee=day.employee, agency=day.agency, date=day.date, missing=missing)
        return Decision(day, (told,))

    def has(self, one: Input) -> bool:
        """Whether exactly this is attached."""
        return one in self.inputs

    def punch(self, punch_id: str) -> Punch | None:
        """The recorded punch of this id."""
        return next((punch for punch in self.punches if punch.id == punch_id), None)

    def late_minutes_of(self, punch_id: str) -> int:
        """The minutes this punch is late: the day's, if it is the first arrival, else none."""
        punch = self.punch(punch_id)
        return self.late_minutes if punch is not None and punch.at == self.first_in else 0


def _recorded(day: Day, punch_id: str) -> CheckInRecorded:
    stored = next(punch for punch in day.punches if punch.id == punch_id)
    return CheckInRecorded(
        check_in=stored.id,
        employee=day.employee,
        agency=day.agency,
        date=day.date,
        direction=stored.direction,
        office=stored.office,
        method=stored.method,
        at=stored.at,
        received_at=stored.received_at,
        offline=stored.offline,
        move=stored.move,
        flags=stored.flags,
        standing=stored.standing,
    )


def _held(day: Day, punch_id: str) -> CheckInHeld:
    return CheckInHeld(check_in=punch_id, employee=day.employee, agency=day.agency, date=day.date)


def _decided(day: Day, punch_id: str) -> CheckInDecided:
    stored = next(punch for punch in day.punches if punch.id == punch_id)
    return CheckInDecided(
        check_in=punch_id,
        employee=day.employee,
        agency=day.agency,
        date=day.date,
        counts=stored.standing == "counts",
    )


def _changed(day: Day) -> DayChanged:
    return DayChanged(
        employee=day.employee,
        agency=day.agency,
        date=day.date,
        status=day.status,
        working_day=day.working_day,
        pattern=day.pattern,
        policy_version=day.policy_version,
        expected_start=day.expected_start,
        expected_end=day.expected_end,
        first_in=day.first_in,
        last_out=day.last_out,
        worked_minutes=day.worked_minutes,
        late_minutes=day.late_minutes,
        late_band=day.late_band,
        early_minutes=day.early_minutes,
        early_band=day.early_band,
        present_in=day.presence,
        moved_at=day.moved_at,
        closed=day.closed,
        locked=day.locked.period if day.locked else None,
        revision=day.locked.revision if day.locked else None,
    )
