"""Look at a month as the nightly pass does, and compare what was raised with what was planted."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from services.attendance.reviews.detectors import WINDOW_DAYS, Habits, find
from tests.reviews_month.month import Month

HINTS = frozenset({"kiosk_without_position", "many_offline_days", "habitual_delay"})
"""Habits that have honest reasons as often as others: reasons to ask, not evidence."""


@dataclass(frozen=True)
class Score:
    """Whom which detector raised, and who was planted as what."""

    raised: dict[str, set[str]]
    planted: dict[str, set[str]]

    def people(self, *, hints: bool) -> set[str]:
        """Everybody raised, with or without the hints."""
        groups = (who for kind, who in self.raised.items() if hints or kind not in HINTS)
        return set().union(*groups)

    @property
    def cheats(self) -> set[str]:
        """Everybody planted."""
        return set().union(*self.planted.values())

    def precision(self, raised: set[str]) -> float:
        """Which part of those raised was planted."""
        return len(raised & self.cheats) / len(raised) if raised else 1.0

    def recall(self, raised: set[str], planted: set[str] | None = None) -> float:
        """Which part of those planted was raised."""
        wanted = self.cheats if planted is None else planted
        return len(raised & wanted) / len(wanted)


def look(month: Month) -> Score:
    """Every day of the month with its window, as the nightly pass reads them."""
    raised: dict[str, set[str]] = defaultdict(set)
    for day in sorted(month.captures):
        today = month.captures[day]
        habits = Habits.of(today)
        for back in range(WINDOW_DAYS):
            earlier = day - timedelta(days=back)
            for capture in month.captures.get(earlier, ()):
                habits.add(capture, earlier)
        for finding in find(today, habits):
            raised[finding.kind].add(finding.employee)
    return Score(dict(raised), dict(month.planted))


def report(score: Score) -> str:
    """The tables as docs/reviews.md has them."""
    lines = ["| planted | people | raised | with hints | recall |", "|---|---|---|---|---|"]
    plain, all_ = score.people(hints=False), score.people(hints=True)
    for kind, people in score.planted.items():
        lines.append(
            f"| {kind} | {len(people)} | {len(people & plain)} | {len(people & all_)} "
            f"| {score.recall(all_, people):.3f} |"
        )
    lines += ["", "| detector | people raised | planted | precision |", "|---|---|---|---|"]
    for kind, people in sorted(score.raised.items()):
        hint = " (hint)" if kind in HINTS else ""
        lines.append(
            f"| `{kind}`{hint} | {len(people)} | {len(people & score.cheats)} "
            f"| {score.precision(people):.3f} |"
        )
    for name, people in (("without hints", plain), ("with hints", all_)):
        lines.append("")
        lines.append(
            f"{name}: {len(people)} people raised, precision {score.precision(people):.3f}, "
            f"recall {score.recall(people):.3f}"
        )
    return "\n".join(lines)
