"""How much work elsewhere there may be: versions with the day they rule from and their source."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from contracts.outcome import Refusal
from rules.versions import in_force


@dataclass(frozen=True, slots=True)
class Policy:
    """One version: days per person and week, share of an agency per day, days until the report."""

    effective_from: date
    recorded_at: datetime
    decree: str
    most_a_week: int
    most_percent: int
    report_within_days: int

    def most_of(self, headcount: int) -> int:
        """How many people of an agency may work elsewhere on one day; of a few at least one."""
        return max(1, headcount * self.most_percent // 100)


SHIPPED = (
    Policy(
        effective_from=date(2025, 4, 21),
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        # two days a week; half of an agency; the report by the day after
        decree="PermenPANRB 4/2025 pasal 13; SE Sekda Surakarta 1/2026; SE Wali Kota 36/2025",
        most_a_week=2,
        most_percent=50,
        report_within_days=1,
    ),
)


def policy_on(on: date) -> Policy:
    """The version that rules a day; before the first there was no work elsewhere."""
    found = in_force(SHIPPED, on)
    if found is None:
        raise Refusal.invalid("/date", f"not before {SHIPPED[0].effective_from}")
    return found
