"""How much work elsewhere there may be, for whom, where and when: versions and the first one.

A version of an agency rules it and everything below that has none of its own in force that day;
where none was entered, the one that ships with the product rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from contracts.elsewhere_policies import (
    ElsewherePolicyChanged,
    ElsewherePolicyRequest,
    ElsewhereTerms,
)
from contracts.envelope import AgencyCode
from contracts.outcome import Decision, Refusal
from contracts.places import Polygon
from rules.geometry import Ground, ground, polygon_problem
from rules.versions import in_force

_NEXT = timedelta(milliseconds=1)
"""What is entered later is recorded later, also where the clock went back."""


@dataclass(frozen=True, slots=True)
class ElsewherePolicy:
    """One version, and whose it is; nobody's ships with the product."""

    id: str
    agency: AgencyCode | None
    effective_from: date
    recorded_at: datetime
    decree: str
    terms: ElsewhereTerms

    def most_of(self, headcount: int) -> int:
        """How many people of an agency may work elsewhere on one day; of a few at least one."""
        percent = self.terms.most_percent
        return max(1, headcount * percent // 100) if percent else 0

    def check(self, on: date, position: str | None, at: tuple[float, float] | None) -> None:
        """Refuse a day, a post or a place (latitude, longitude) that the version leaves out."""
        for span in self.terms.excluded_dates:
            if span.first <= on <= span.last:
                raise Refusal.invalid(
                    "/date", f"not {span.first} to {span.last}: {span.reason} ({self.decree})"
                )
        post = (position or "").casefold()
        for excluded in self.terms.excluded_positions:
            if post.startswith(excluded.casefold()):
                raise Refusal.invalid(
                    "/employee_id", f"not for posts that begin with {excluded} ({self.decree})"
                )
        if self.terms.area is None:
            return
        if at is None:
            raise Refusal.invalid("/position", f"say where, inside the area of {self.decree}")
        if _ground(self.terms.area).distance_m(*at) > 0:
            raise Refusal.invalid("/position", f"inside the area of {self.decree}")


@dataclass(frozen=True, slots=True)
class AgencyElsewhere:
    """Every version an agency has entered, in the order they were recorded."""

    agency: AgencyCode
    versions: tuple[ElsewherePolicy, ...]
    written_at: datetime

    def add(
        self, request: ElsewherePolicyRequest, *, recorded_at: datetime, written_at: datetime
    ) -> "Decision[AgencyElsewhere]":
        """A further version; refused where dates or area cannot be."""
        _check(request)
        number = len(self.versions) + 1
        version = ElsewherePolicy(
            id=f"{self.agency}-elsewhere-v{number}",
            agency=self.agency,
            effective_from=request.effective_from,
            recorded_at=max([recorded_at, *(each.recorded_at + _NEXT for each in self.versions)]),
            decree=request.decree,
            terms=ElsewhereTerms(
                **{name: getattr(request, name) for name in ElsewhereTerms.model_fields}
            ),
        )
        told = ElsewherePolicyChanged(
            agency=self.agency,
            policy=version.id,
            terms=version.terms,
            effective_from=version.effective_from,
            recorded_at=version.recorded_at,
            decree=version.decree,
        )
        after = replace(self, versions=(*self.versions, version), written_at=written_at)
        return Decision(after, (told,))


SHIPPED = (
    ElsewherePolicy(
        id="elsewhere/2025-04-21",
        agency=None,
        effective_from=date(2025, 4, 21),
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        # two days a week; half of an agency; the report by the day after
        decree="PermenPANRB 4/2025 pasal 13; SE Sekda Surakarta 1/2026; SE Wali Kota 36/2025",
        terms=ElsewhereTerms(most_a_week=2, most_percent=50, report_within_days=1),
    ),
)


def policy_on(
    on: date, path: Iterable[str], entered: Mapping[str, tuple[ElsewherePolicy, ...]]
) -> ElsewherePolicy:
    """The version that rules a day of an agency; ``path`` is the agency and those above it."""
    for agency in path:
        found = in_force(entered.get(agency, ()), on)
        if found is not None:
            return found
    shipped = in_force(SHIPPED, on)
    if shipped is None:
        raise Refusal.invalid("/date", f"not before {SHIPPED[0].effective_from}")
    return shipped


def _check(request: ElsewherePolicyRequest) -> None:
    for place, span in enumerate(request.excluded_dates):
        if span.last < span.first:
            raise Refusal.invalid(f"/excluded_dates/{place}/last", f"not before {span.first}")
    if request.area is not None and (problem := polygon_problem(_geojson(request.area))):
        raise Refusal.invalid("/area", problem)


def _geojson(area: Polygon) -> dict[str, object]:
    found: dict[str, object] = area.model_dump(mode="json")
    return found


@cache
def _ground(area: Polygon) -> Ground:
    return ground(_geojson(area))
