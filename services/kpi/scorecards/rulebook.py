"""Which versions of indicators rule a card: those in force on the first day of its period."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from contracts.directory import Assignment
from contracts.kpi import SubjectKind
from rules.assignments import main_on
from services.kpi.context import Kpi
from services.kpi.indicators.model import Book, Indicator
from services.kpi.periods.model import Period

Key = tuple[str, str]
"""A person or agency, and a period."""
Rules = tuple[Indicator, ...]


async def rules_for(keys: Iterable[Key], kind: SubjectKind, kpi: Kpi) -> Mapping[Key, Rules]:
    """The versions that rule each of these."""
    return await rules_in(await kpi.book.current(), keys, kind, kpi)


async def rules_in(
    book: Book, keys: Iterable[Key], kind: SubjectKind, kpi: Kpi
) -> Mapping[Key, Rules]:
    """The versions of a book that rule each; people are looked up only if any is scoped."""
    if not book.has_scopes or kind == "city":  # nothing scoped measures the city
        return {key: book.ruling(Period.of(key[1]).first) for key in keys}
    tree, asked = await kpi.copies.tree(), list(keys)
    places: list[tuple[str, str | None]] = [(subject, None) for subject, _ in asked]
    if kind == "employee":
        places = list(await asyncio.gather(*(_place(*key, kpi) for key in asked)))
    return {
        (subject, text): book.ruling(Period.of(text).first, tree.path(agency), position)
        for (subject, text), (agency, position) in zip(asked, places, strict=True)
    }


async def _place(employee: str, period: str, kpi: Kpi) -> tuple[str, str | None]:
    """The agency and position of a person in a period; of nobody, and without a post, neither."""
    person = await kpi.copies.person(employee)
    post = post_in(person.assignments if person else (), Period.of(period))
    return (post.agency, post.position) if post else ("", None)


async def rules_of(subject: str, period: Period, kind: SubjectKind, kpi: Kpi) -> Rules:
    """The versions that rule one person, agency or city in a period."""
    return (await rules_for([(subject, period.text)], kind, kpi))[subject, period.text]


def post_in(assignments: tuple[Assignment, ...], period: Period) -> Assignment | None:
    """A person's main post on the first day; of who came later, the first in the period."""
    starts = sorted(one.from_ for one in assignments if period.holds(one.from_))
    days: list[date] = [period.first, *starts]
    posts = (main_on(assignments, day) for day in days)
    return next((post for post in posts if post is not None), None)
