"""Which cards the facts about a subject concern, and what each of them has to know.

Given *all* facts about some subjects: whoever was ever named by one of them has a card (or day)
that may hold something; what rules now counts for those it names, and for the others it says that
nothing counts any more. So a day that moved to another agency leaves the old one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from services.kpi.indicators.observations import Observation, ruling_among
from services.kpi.scorecards.model import Entry
from services.kpi.scorecards.running import Standing

CardKey = tuple[str, str]
"""A person or agency, and a month."""
DayKey = tuple[str, date]
"""An agency and a date."""


@dataclass(slots=True)
class DayNews:
    """What an agency's day has to know: people's standings, and the newest moment among them."""

    at: datetime
    standings: dict[str, Standing] = field(default_factory=dict)


def for_people(observations: Iterable[Observation]) -> dict[CardKey, dict[str, Entry]]:
    """Entries for the cards of people."""
    seen = list(observations)
    rules = ruling_among(seen)
    found: dict[CardKey, dict[str, Entry]] = {}
    for one in seen:
        rule = rules[one.key]
        for person in one.people:
            counts = person in rule.people and rule.month == one.month
            _put(found, (person, one.month), rule, counts=counts)
    return found


def for_agencies(observations: Iterable[Observation]) -> dict[CardKey, dict[str, Entry]]:
    """Entries for the cards of agencies: help answered and given, and what was measured of them."""
    seen = [one for one in observations if one.source != "days" and not one.is_personal]
    rules = ruling_among(seen)
    found: dict[CardKey, dict[str, Entry]] = {}
    for one in seen:
        rule = rules[one.key]
        counts = rule.agency == one.agency and rule.month == one.month
        _put(found, (one.agency, one.month), rule, counts=counts)
    return found


def for_agency_days(
    observations: Iterable[Observation],
) -> tuple[dict[DayKey, DayNews], dict[DayKey, DayNews]]:
    """Standings for the days of agencies: first where a person's day has left, then where it is."""
    seen = [one for one in observations if one.source == "days"]
    rules = ruling_among(seen)
    left: dict[DayKey, DayNews] = {}
    here: dict[DayKey, DayNews] = {}
    for one in seen:
        rule = rules[one.key]
        is_here = rule.agency == one.agency
        row = rule.row if is_here else None
        standing = Standing(rule.sequence, row, away=not is_here)
        day = (here if is_here else left).setdefault((one.agency, one.on), DayNews(rule.at))
        day.at = max(day.at, rule.at)
        day.standings.update((person, standing) for person in one.people)
    return left, here


def _put(
    found: dict[CardKey, dict[str, Entry]], key: CardKey, rule: Observation, *, counts: bool
) -> None:
    entry = Entry.of(rule)
    found.setdefault(key, {})[rule.key] = entry if counts else entry.not_counting()


def by_card(keys: Iterable[DayKey]) -> Mapping[CardKey, list[DayKey]]:
    """The days that enter each card."""
    found: dict[CardKey, list[DayKey]] = {}
    for agency, on in sorted(keys):
        found.setdefault((agency, f"{on:%Y-%m}"), []).append((agency, on))
    return found
