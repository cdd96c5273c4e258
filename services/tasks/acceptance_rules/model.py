"""Whether an acceptance waits for the head: versions of an agency's rule, and which one rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.acceptance_rules import AcceptanceRuleChanged, AcceptanceRuleRequest
from contracts.envelope import AgencyCode
from contracts.outcome import Decision
from rules.agencies import AgencyTree
from rules.versions import in_force, layered
from rules.working_time import zone
from services.tasks.service_levels.clock import Reason


@dataclass(frozen=True, slots=True)
class AcceptanceRule:
    """One version: the numbers above which the head is asked; None where never because of it."""

    number: int
    id: str
    agency: AgencyCode
    effective_from: date
    recorded_at: datetime
    decree: str | None
    people_over: int | None
    days_over: int | None

    def reasons(
        self, people: Sequence[str], due: datetime, accepted_at: datetime, zone_name: str
    ) -> tuple[Reason, ...]:
        """Why the head is asked about these people until then; empty where nobody has to ask."""
        here = zone(zone_name)
        days = (due.astimezone(here).date() - accepted_at.astimezone(here).date()).days + 1
        measured = (
            ("people_over", self.people_over, len(people)),
            ("days_over", self.days_over, days),
        )
        return tuple(
            Reason(f"acceptance_{name}", (self.id, f"limit {limit}"), str(value))
            for name, limit, value in measured
            if limit is not None and value > limit
        )


@dataclass(frozen=True, slots=True)
class AgencyRules:
    """Every version an agency has entered, in the order they were recorded."""

    agency: AgencyCode
    versions: tuple[AcceptanceRule, ...]
    written_at: datetime

    @classmethod
    def blank(cls, agency: str, at: datetime) -> "AgencyRules":
        """An agency that has entered nothing yet."""
        return cls(AgencyCode(agency), (), at)

    def add(
        self, request: AcceptanceRuleRequest, *, recorded_at: datetime, written_at: datetime
    ) -> "Decision[AgencyRules]":
        """Enter a version; acceptances from its day on follow it."""
        number = len(self.versions) + 1
        version = AcceptanceRule(
            number=number,
            id=f"{self.agency}-ar{number}",
            agency=self.agency,
            effective_from=request.effective_from,
            recorded_at=max([recorded_at, *(each.recorded_at for each in self.versions)]),
            decree=request.decree,
            people_over=request.people_over,
            days_over=request.days_over,
        )
        stated = AcceptanceRuleChanged(
            agency=self.agency,
            rule=version.id,
            effective_from=version.effective_from,
            recorded_at=version.recorded_at,
            decree=version.decree,
            people_over=version.people_over,
            days_over=version.days_over,
        )
        rules = replace(self, versions=(*self.versions, version), written_at=written_at)
        return Decision(rules, (stated,))


class RuleBook:
    """Every version that was entered, and which of them rules an agency on a day."""

    def __init__(self, entered: Mapping[str, tuple[AcceptanceRule, ...]], tree: AgencyTree) -> None:
        self._entered = entered
        self._tree = tree

    def ruling(self, agency: str, on: date) -> AcceptanceRule | None:
        """The version that rules an agency on a day: its own, else the nearest above; or none."""
        path = reversed(self._tree.path(agency))
        layers = [self._entered[above] for above in path if self._entered.get(above)]
        return in_force(layered(layers), on)


NO_RULES = RuleBook({}, AgencyTree({}))
"""A city in which every responder decides alone."""
