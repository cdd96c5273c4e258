"""Whom to ask and whom to send: points from what was done before, and from who is free.

Points order a list for a person who decides; nothing is chosen by them. Each comes with its reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rules.words import words
from services.tasks.help_requests.model import HelpRequest
from services.tasks.service_levels.clock import Reason

PER_HELP, MOST_FOR_HELP = 10, 40
"""For each confirmed request that asked for one of the same skills."""
PER_STAR = 4
"""For each star of the mean rating of those."""
IN_TIME = 20
"""For answering in time, in proportion."""
FREE = 20
"""For having nothing under way; less for each thing that is."""
PER_OPEN = 4
PER_ABSENT_DAY, MOST_FOR_ABSENCE = 5, 40


@dataclass(slots=True)
class Record:
    """What somebody (an agency, a person) did before with the skills in question."""

    helped: list[str] = field(default_factory=list)
    ratings: list[int] = field(default_factory=list)
    answered: int = 0
    in_time: int = 0

    def take(self, request: HelpRequest) -> None:
        """A confirmed request that they helped with."""
        self.helped.append(request.number)
        if request.rating is not None:
            self.ratings.append(request.rating)
        if request.response_minutes is not None:
            target = request.response_target_of(request.responding_agency)
            self.answered += 1
            self.in_time += request.response_minutes <= target


@dataclass(frozen=True, slots=True)
class Points:
    """How many, and where they come from."""

    total: int
    reasons: tuple[Reason, ...]


def matching(requests: Iterable[HelpRequest], skills: Sequence[str]) -> list[HelpRequest]:
    """The requests that asked for one of these skills, whatever its case and accents."""
    wanted = {_plain(skill) for skill in skills}
    return [
        request
        for request in requests
        if not request.sensitive and wanted & {_plain(skill) for skill in request.skills}
    ]


def points(record: Record | None, *, under_way: int, absent_days: int | None = None) -> Points:
    """What a record and the load of now come to."""
    reasons = [*(_of_record(record) if record else ()), _of_load(under_way)]
    if absent_days is not None:
        lost = min(MOST_FOR_ABSENCE, absent_days * PER_ABSENT_DAY)
        reasons.append(Reason("absent_days", (f"{absent_days} working days",), str(-lost)))
    return Points(sum(int(reason.result) for reason in reasons), tuple(reasons))


def _of_record(record: Record) -> Iterable[Reason]:
    helped = min(MOST_FOR_HELP, PER_HELP * len(record.helped))
    if helped:
        yield Reason("helped_before", tuple(record.helped[:5]), str(helped))
    if record.ratings:
        mean = sum(record.ratings) / len(record.ratings)
        yield Reason(
            "rating", (f"mean {mean:.1f} of {len(record.ratings)}",), str(int(mean * PER_STAR))
        )
    if record.answered:
        share = record.in_time / record.answered
        fact = f"{record.in_time} of {record.answered} in time"
        yield Reason("answered_in_time", (fact,), str(int(share * IN_TIME)))


def _of_load(under_way: int) -> Reason:
    return Reason("under_way", (str(under_way),), str(max(0, FREE - PER_OPEN * under_way)))


def _plain(skill: str) -> frozenset[str]:
    return frozenset(words(skill))
