"""The help requests of one day as insights keep them: who asked whom, how it went, how fast.

A row is what the newest event of a request states, so that repeated and late events change nothing;
a breach that was written down once stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from contracts.envelope import AgencyCode, Event
from contracts.help_clocks import HelpBreached
from contracts.help_terms import HelpState
from contracts.outcome import Decision
from contracts.tasks import HelpRequestFacts
from rules.working_time import WIB, zone
from services.tasks.help_requests.transitions import is_final


@dataclass(frozen=True, slots=True)
class Row:
    """One request: minutes are working minutes of the agency concerned."""

    sequence: int
    asking: AgencyCode
    responding: AgencyCode | None
    state: HelpState
    accepted: bool
    delivered: bool
    waiting_for: tuple[AgencyCode, ...]
    since: datetime
    response: int | None
    response_target: int | None
    completion: int | None
    completion_target: int | None
    breached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InsightDay:
    """The requests that were asked on a day; ``under_way`` counts those that have not ended."""

    day: str
    rows: dict[str, Row]
    under_way: int

    @classmethod
    def blank(cls, day: str) -> "InsightDay":
        """A day of which nothing is known yet."""
        return cls(day, {}, 0)

    def taking(self, events: Iterable[Event[HelpRequestFacts]]) -> "Decision[InsightDay]":
        """The day with what these events state, in whatever order and however often they come."""
        rows = dict(self.rows)
        for event in events:
            known, told = rows.get(event.data.help_request), _row(event)
            breached = {*(known.breached if known else ()), *told.breached}
            newest = told if known is None or known.sequence < told.sequence else known
            rows[event.data.help_request] = replace(newest, breached=tuple(sorted(breached)))
        under_way = sum(not is_final(row.state) for row in rows.values())
        return Decision(replace(self, rows=rows, under_way=under_way))


def day_of(facts: HelpRequestFacts) -> str:
    """The day a request was asked on, in the city."""
    return facts.requested_at.astimezone(zone(WIB)).date().isoformat()


def days_between(first: date, last: date) -> tuple[str, str]:
    """The bounds of a stretch as days are kept."""
    return first.isoformat(), last.isoformat()


def _row(event: Event[HelpRequestFacts]) -> Row:
    facts = event.data
    return Row(
        sequence=event.sequence,
        asking=facts.asking_agency,
        responding=facts.responding_agency or facts.helping_agency,
        state=facts.state,
        accepted=facts.helping_agency is not None,
        delivered=facts.completion_minutes is not None,
        waiting_for=facts.waiting_for,
        since=(facts.waiting_since or facts.at).astimezone(UTC),
        response=facts.response_minutes,
        response_target=facts.response_target_minutes,
        completion=facts.completion_minutes,
        completion_target=facts.completion_target_minutes,
        breached=(facts.clock,) if isinstance(facts, HelpBreached) else (),
    )
