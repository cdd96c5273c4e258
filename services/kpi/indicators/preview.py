"""A portion of a preview: some people's month as it is, and as it would be.

The report lists whom the version would affect, the most affected first; the counts hold both
distributions. Nothing is changed, and a portion that is repeated writes the same rows again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from contracts.indicators import PreviewIndicator
from kit.jobs.model import Job, Portion
from kit.jobs.store import Row
from kit.storage.aggregates import Stored
from services.kpi.context import Kpi
from services.kpi.indicators.model import Book, Indicator
from services.kpi.indicators.previewing import version_of
from services.kpi.periods.model import Period
from services.kpi.scorecards.model import Rows, rows_of, score
from services.kpi.scorecards.rulebook import Key, Rules, rules_in
from services.kpi.scorecards.running import AgencyCard, agency_rows

_AT_ONCE = 100
_BANDS = (50, 60, 70, 80, 90, 100)
_PLACES = 10_000
_LARGEST = 10**9


def tried(book: Book, version: Indicator, first: date) -> Book:
    """The book as it would be if the version ruled from the first day of a month (or before)."""
    ruling = version.model_copy(
        update={
            "state": "approved",
            "effective_from": min(version.effective_from, first),
            "recorded_at": max([version.recorded_at, *(one.recorded_at for one in book.versions)]),
        }
    )
    closer = [one for one in book.versions if not _is_replaced(one, ruling, first)]
    return Book([*closer, ruling])


def _is_replaced(known: Indicator, ruling: Indicator, first: date) -> bool:
    """Whether a version would rule in the month only because it began later than the tried one."""
    same_place = (known.agencies, known.positions) == (ruling.agencies, ruling.positions)
    began = ruling.effective_from < known.effective_from <= first
    return known.code == ruling.code and same_place and began


async def preview_portion(kpi: Kpi, stored: Stored[Job]) -> Portion:
    """Compute the next people's month twice; at last the agencies'."""
    body = PreviewIndicator.model_validate_json(stored.state.arguments)
    period = Period.of(body.period)
    book = await kpi.book.current()
    would_be = tried(book, await version_of(body, kpi), period.first)
    people = await kpi.copies.people_after(stored.state.cursor or "", _AT_ONCE)
    keys = [(person, body.period) for person in people]
    rows, counts = await _people(keys, book, would_be, kpi)
    more = len(people) == _AT_ONCE
    if not more:
        rows |= await _agencies(body.period, book, would_be, kpi)
    await kpi.jobs.write_ahead(stored.id, rows)
    return Portion(people[-1] if more else None, done=len(people), counts=counts)


async def _people(
    keys: Sequence[Key], book: Book, would_be: Book, kpi: Kpi
) -> tuple[dict[str, Row], Counter[str]]:
    cards = await kpi.cards.of_employees(keys)
    before = await rules_in(book, keys, "employee", kpi)
    after = await rules_in(would_be, keys, "employee", kpi)
    found: dict[str, Row] = {}
    counts: Counter[str] = Counter()
    for key in keys:
        card = cards.get(f"{key[0]}:{key[1]}")
        if card is None:
            continue
        facts = rows_of(card.entries.values())
        is_, was = _both(facts, before[key], after[key], "employee")
        counts.update(counted(was, is_))
        if was != is_:
            said: Row = {"employee_id": key[0], "agency": card.agency, **_told(was, is_)}
            found[f"{_rank(was, is_)}:{key[0]}"] = said
    return found, counts


async def _agencies(month: str, book: Book, would_be: Book, kpi: Kpi) -> dict[str, Row]:
    keys = [(code, month) for code in sorted((await kpi.copies.tree()).codes())]
    cards = await kpi.cards.of_agencies(keys)
    before = await rules_in(book, keys, "agency", kpi)
    after = await rules_in(would_be, keys, "agency", kpi)
    found: dict[str, Row] = {}
    for key in keys:
        card: AgencyCard | None = cards.get(f"{key[0]}:{key[1]}")
        if card is None:
            continue
        facts = agency_rows(card.agency, card.tallies, card.entries.values())
        is_, was = _both(facts, before[key], after[key], "agency")
        if was != is_:
            found[f"{_rank(was, is_)}:{key[0]}"] = {"agency": key[0], **_told(was, is_)}
    return found


def _both(
    facts: Rows, before: Rules, after: Rules, kind: str
) -> tuple[Decimal | None, Decimal | None]:
    scope = "employee" if kind == "employee" else "agency"
    would_be = score(facts, after, scope).score  # type: ignore[arg-type]  # one of the kinds
    was = score(facts, before, scope).score  # type: ignore[arg-type]  # one of the kinds
    return would_be, was


def counted(was: Decimal | None, is_: Decimal | None) -> Iterable[str]:
    """The counts that one person adds to: all, both distributions, and which way it goes."""
    yield "people"
    yield f"before_{band(was)}"
    yield f"after_{band(is_)}"
    if was != is_:
        yield "changed"
        if was is not None and is_ is not None:
            yield "raised" if is_ > was else "lowered"


def band(score_: Decimal | None) -> str:
    """The band of a score in a distribution: ``90_100`` holds both ends, the others the lower."""
    if score_ is None:
        return "none"
    lower = 0
    for upper in _BANDS:
        if score_ < upper or upper == _BANDS[-1]:
            return f"{lower}_{upper}"
        lower = upper
    raise LookupError(score_)


def _rank(was: Decimal | None, is_: Decimal | None) -> str:
    """Text that sorts the most affected first; a score that comes or goes before all."""
    if was is None or is_ is None:
        return f"{0:010d}"
    return f"{_LARGEST - int(abs(is_ - was) * _PLACES):010d}"


def _told(was: Decimal | None, is_: Decimal | None) -> dict[str, str | None]:
    difference = None if was is None or is_ is None else str(is_ - was)
    return {
        "before": None if was is None else str(was),
        "after": None if is_ is None else str(is_),
        "difference": difference,
    }
