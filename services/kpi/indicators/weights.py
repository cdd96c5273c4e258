"""Whether the weights that rule together add up to 100, everywhere and on every day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rules.agencies import AgencyTree
from services.kpi.indicators.model import Book

_HUNDRED = Decimal(100)


def unbalanced(book: Book, since: date, tree: AgencyTree) -> list[tuple[date, str, Decimal]]:
    """Where they do not, from a day on: the day, the place, and what they add up to.

    Weights change only on the first day of a version, and differ only between places that some
    version names; so these are looked at: the city, each named agency, each named group of posts.
    """
    days = {one.effective_from for one in book.versions if one.effective_from > since}
    found = []
    for on in sorted({since, *days}):
        for where, path, position in _places(book, tree):
            ruling = book.ruling(on, path, position)
            total = sum((one.weight for one in ruling), Decimal(0))
            if total != _HUNDRED:
                found.append((on, where, total))
    return found


def _places(book: Book, tree: AgencyTree) -> Iterator[tuple[str, tuple[str, ...], str | None]]:
    agencies = sorted({code for one in book.versions for code in one.agencies})
    posts = sorted({post for one in book.versions for post in one.positions})
    paths = [("city", ()), *((code, tree.path(code)) for code in agencies)]
    for where, path in paths:
        yield where, path, None
        for post in posts:
            yield f"{where}, {post}", path, post
