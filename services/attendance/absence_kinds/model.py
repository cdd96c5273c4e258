"""Kinds of absence: versioned data, each version with the day it rules from and its source."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from contracts.absence_kinds import AbsenceKindChanged, KindRequest, KindTerms
from contracts.absences import KindView
from contracts.attendance_terms import CountsAs, DayStatus
from contracts.outcome import Decision
from rules.versions import in_force

_NEXT = timedelta(milliseconds=1)
"""What is entered later is recorded later, also where the clock went back."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One version of a kind: what it counts as, and what a request for it needs.

    ``day_status`` is what a day is called that such an absence covers; ``most_days`` limits one
    request (balances stay in the personnel system).
    """

    code: str
    name: str
    name_en: str
    counts_as: CountsAs
    day_status: DayStatus
    by_hours: bool
    needs_reference: bool
    effective_from: date
    recorded_at: datetime
    decree: str
    most_days: int | None = None
    offered: bool = True

    def shown(self) -> KindView:
        """The kind as callers see it."""
        return KindView(
            code=self.code,
            name=self.name,
            name_en=self.name_en,
            counts_as=self.counts_as,
            day_status=self.day_status,
            by_hours=self.by_hours,
            needs_reference=self.needs_reference,
            most_days=self.most_days,
            effective_from=self.effective_from,
            recorded_at=self.recorded_at,
            decree=self.decree,
        )

    @classmethod
    def of(cls, request: KindRequest, recorded_at: datetime) -> "Kind":
        """A version as it was entered."""
        return cls(
            code=request.code,
            name=request.name,
            name_en=request.name_en,
            counts_as=request.counts_as,
            day_status=request.day_status,
            by_hours=request.by_hours,
            needs_reference=request.needs_reference,
            effective_from=request.effective_from,
            recorded_at=recorded_at,
            decree=request.decree,
            most_days=request.most_days,
            offered=request.offered,
        )


@dataclass(frozen=True, slots=True)
class EnteredKind:
    """Every version of a kind that was entered, in the order they were recorded."""

    code: str
    versions: tuple[Kind, ...]
    written_at: datetime

    def enter(
        self, request: KindRequest, *, recorded_at: datetime, written_at: datetime
    ) -> "Decision[EnteredKind]":
        """A further version; of two that begin on the same day the one recorded last rules."""
        at = max([recorded_at, *(each.recorded_at + _NEXT for each in self.versions)])
        version = Kind.of(request, at)
        terms = {name: getattr(request, name) for name in KindTerms.model_fields}
        told = AbsenceKindChanged(
            kind=self.code,
            terms=KindTerms(**terms),
            effective_from=version.effective_from,
            recorded_at=at,
            decree=version.decree,
        )
        entered = replace(self, versions=(*self.versions, version), written_at=written_at)
        return Decision(entered, (told,))


@cache
def shipped() -> tuple[Kind, ...]:
    """The kinds this release brings along (``kinds.json``)."""
    text = (files(__package__) / "kinds.json").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Kind, ...]).validate_json(text)


def kinds_on(on: date, versions: Iterable[Kind] | None = None) -> dict[str, Kind]:
    """The version of each kind that rules a day and is still offered, by code."""
    by_code: dict[str, list[Kind]] = {}
    for version in shipped() if versions is None else versions:
        by_code.setdefault(version.code, []).append(version)
    ruling = {code: in_force(each, on) for code, each in by_code.items()}
    return {code: kind for code, kind in sorted(ruling.items()) if kind and kind.offered}
