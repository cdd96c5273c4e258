"""Kinds of absence: versioned data, each version with the day it rules from and its source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from contracts.absences import KindView
from contracts.attendance_terms import CountsAs, DayStatus
from rules.versions import in_force


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


@cache
def shipped() -> tuple[Kind, ...]:
    """The kinds this release brings along (``kinds.json``)."""
    text = (files(__package__) / "kinds.json").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Kind, ...]).validate_json(text)


def kinds_on(on: date, versions: Iterable[Kind] | None = None) -> dict[str, Kind]:
    """The version of each kind that rules a day, by code."""
    by_code: dict[str, list[Kind]] = {}
    for version in shipped() if versions is None else versions:
        by_code.setdefault(version.code, []).append(version)
    ruling = {code: in_force(each, on) for code, each in by_code.items()}
    return {code: kind for code, kind in sorted(ruling.items()) if kind is not None}
