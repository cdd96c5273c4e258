"""From days and a score to a percentage, with its reasons. Pure.

Of the facts about a day the newest rules. Both bands apply on one day and add up over the month,
to 100 at most (domain: *TL* and *PSW*); a day of absence takes its own percentage and no band.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from contracts.allowances import (
    AllowancePart,
    AllowanceReason,
    AllowanceRuleAdded,
    AllowanceRuleWanted,
)
from contracts.envelope import AgencyCode
from contracts.kpi import DayFact
from contracts.outcome import Decision, Refusal
from rules.presets import BANDS_A
from services.kpi.ledger.model import Fact

HUNDRED = Decimal(100)
_FOUR = Decimal("0.0001")
_ABSENT = "absent"
_SHIPPED_AT = datetime.fromisoformat("2025-12-31T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Rule:
    """A version of the rule."""

    effective_from: date
    recorded_at: datetime
    bands: Mapping[str, Decimal]
    absent: Decimal
    attendance_weight: Decimal
    performance_weight: Decimal
    decree: str | None = None

    @property
    def version(self) -> str:
        """The name of this version."""
        return f"allowance/{self.effective_from}"

    @classmethod
    def of(cls, wanted: AllowanceRuleWanted, at: datetime) -> "Rule":
        """What was entered; the weights are two parts of one whole."""
        if wanted.attendance_weight + wanted.performance_weight != HUNDRED:
            raise Refusal(
                "weights_not_100", sum=str(wanted.attendance_weight + wanted.performance_weight)
            )
        return cls(
            effective_from=wanted.effective_from,
            recorded_at=at,
            bands=wanted.bands,
            absent=wanted.absent,
            attendance_weight=wanted.attendance_weight,
            performance_weight=wanted.performance_weight,
            decree=wanted.decree,
        )


SHIPPED = Rule(
    effective_from=date(2026, 1, 1),
    recorded_at=_SHIPPED_AT,
    bands={band.code: band.percent for band in (*BANDS_A.late, *BANDS_A.early)},
    absent=BANDS_A.absent_percent,
    attendance_weight=Decimal(40),
    performance_weight=Decimal(60),
)
"""Until the city enters its own: the first family of bands, weights as in Sragen."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Every version, in the order in which they were entered."""

    entered: tuple[Rule, ...] = (SHIPPED,)

    def on(self, day: date) -> Rule:
        """The version that rules a day: the latest to begin, of those the last entered."""
        ruling = [rule for rule in self.entered if rule.effective_from <= day]
        return max(ruling or [SHIPPED], key=lambda rule: (rule.effective_from, rule.recorded_at))

    def adding(self, rule: Rule) -> Decision["Rules"]:
        """One more version."""
        added = AllowanceRuleAdded(version=rule.version, effective_from=rule.effective_from)
        return Decision(replace(self, entered=(*self.entered, rule)), (added,))


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a month comes to; percentages exact, rounded when shown."""

    reasons: tuple[AllowanceReason, ...]
    score: Decimal | None
    rule: Rule
    agency: AgencyCode | None = None
    late_minutes: int = 0
    early_minutes: int = 0

    @property
    def deducted(self) -> Decimal:
        """What is taken off the attendance part, 100 at most."""
        return min(HUNDRED, sum((one.percent for one in self.reasons), Decimal(0)))

    @property
    def attendance(self) -> Decimal:
        """What is left of the attendance part."""
        return HUNDRED - self.deducted

    @property
    def percent(self) -> Decimal:
        """Both parts by their weights; without a score attendance carries all of it."""
        if self.score is None:
            return self.attendance
        weighed = (
            self.attendance * self.rule.attendance_weight
            + min(self.score, HUNDRED) * self.rule.performance_weight
        )
        return rounded(weighed / HUNDRED)

    @property
    def absent_days(self) -> int:
        """Days without leave."""
        return sum(one.reason == _ABSENT for one in self.reasons)

    def parts(self) -> dict[str, Decimal]:
        """What the percentage consists of: what each reason takes off in all, and the score."""
        taken: dict[str, Decimal] = {}
        for one in self.reasons:
            taken[one.reason] = taken.get(one.reason, Decimal(0)) + one.percent
        return taken | ({} if self.score is None else {"score": self.score})


def allowance(facts: Iterable[Fact], score: Decimal | None, rule: Rule) -> Allowance:
    """What the days of a month and its score come to."""
    newest: dict[str, Fact] = {}
    for fact in facts:
        if isinstance(fact.data, DayFact):
            known = newest.get(fact.subject)
            if known is None or (known.sequence, known.id) < (fact.sequence, fact.id):
                newest[fact.subject] = fact
    days = sorted(newest.values(), key=lambda fact: fact.date)
    reasons = tuple(reason for fact in days for reason in _reasons(fact, rule))
    said = (fact.data for fact in days)
    working = [day for day in said if isinstance(day, DayFact) and day.working_day]
    return Allowance(
        reasons=reasons,
        score=score,
        rule=rule,
        agency=days[-1].agency if days else None,
        late_minutes=sum(day.late_minutes for day in working),
        early_minutes=sum(day.early_minutes for day in working),
    )


def difference(before: Allowance, after: Allowance) -> tuple[AllowancePart, ...]:
    """The parts that are not what they were, by name."""
    old, new = before.parts(), after.parts()
    return tuple(
        AllowancePart(part=part, before=old.get(part), after=new.get(part))
        for part in sorted(old.keys() | new.keys())
        if old.get(part) != new.get(part)
    )


def rounded(value: Decimal) -> Decimal:
    """Four places, half even."""
    return value.quantize(_FOUR, ROUND_HALF_EVEN)


def _reasons(fact: Fact, rule: Rule) -> Iterable[AllowanceReason]:
    day = fact.data
    assert isinstance(day, DayFact)  # taken from facts of days only
    if not day.working_day:
        return
    found = (
        [(_ABSENT, 0, rule.absent)]
        if day.status == "absent"
        else [
            (band, minutes, rule.bands.get(band, Decimal(0)))
            for band, minutes in (
                (day.late_band, day.late_minutes),
                (day.early_band, day.early_minutes),
            )
            if band is not None
        ]
    )
    for reason, minutes, percent in found:
        yield AllowanceReason(
            date=fact.date,
            status=day.status,
            reason=reason,
            minutes=minutes,
            percent=percent,
            fact=fact.id,
        )


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What who leads an agency has confirmed for a month: percentages by person."""

    agency: AgencyCode
    period: str
    at: datetime
    by: str | None
    digest: str
    percents: dict[str, str] = field(default_factory=dict)
