"""Whose rows a recap has: remembered for a while, since a long recap asks page by page."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kit.storage import pages
from rules.assignments import works_for_one_of
from services.attendance.own_copies.store import OwnCopies, Person

_REMEMBERED = 16
_TTL_S = 20.0
_Key = tuple[str, date, date, bool]


@dataclass(frozen=True, slots=True)
class Members:
    """The agencies a recap covers and the people with a post there, by agency and name."""

    agencies: frozenset[str]
    people: tuple[tuple[str, Person], ...]

    def matching(self, q: str | None) -> list[tuple[str, Person]]:
        """Those whose name has words that begin so."""
        wanted = (q or "").casefold().split()
        return [
            (key, person)
            for key, person in self.people
            if all(_begins(person.name, word) for word in wanted)
        ]


class MemberLists:
    """Lists of members, at most twenty seconds old."""

    def __init__(self, copies: OwnCopies) -> None:
        self._copies = copies
        self._known: OrderedDict[_Key, tuple[float, Members]] = OrderedDict()

    async def of(self, agency: str, first: date, last: date, *, exact: bool) -> Members:
        """The people with a post in the agency (or below) on some day between two dates."""
        key = (agency, first, last, exact)
        known = self._known.get(key)
        if known is None or time.monotonic() - known[0] > _TTL_S:
            self._known[key] = time.monotonic(), await self._read(agency, first, last, exact=exact)
            self._known.move_to_end(key)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return self._known[key][1]

    async def _read(self, agency: str, first: date, last: date, *, exact: bool) -> Members:
        tree = await self._copies.tree()
        agencies = frozenset({agency}) if exact else tree.below(agency)
        people = [
            person
            for person in await self._copies.people.everybody()
            if works_for_one_of(person.assignments, agencies, first, last)
        ]
        return Members(agencies, in_order(people, last))


def in_order(people: Iterable[Person], on: date) -> tuple[tuple[str, Person], ...]:
    """People by agency and name, as they are on a day."""
    keyed = [(f"{person.shown(on).agency or ''} {person.name}", person) for person in people]
    return tuple(sorted(keyed, key=lambda one: (one[0], one[1].id)))


def page_of(
    people: list[tuple[str, Person]], *, limit: int, cursor: str | None
) -> tuple[list[Person], str | None]:
    """The people of one page and the cursor of the next."""
    if cursor is not None:
        behind = pages.decode(cursor)
        people = [(key, person) for key, person in people if (key, person.id) > behind]
    found = [person for _, person in people[:limit]]
    if len(people) <= limit:
        return found, None
    return found, pages.encode(*(people[limit - 1][0], people[limit - 1][1].id))


def _begins(name: str, word: str) -> bool:
    return any(part.startswith(word) for part in name.casefold().split())
