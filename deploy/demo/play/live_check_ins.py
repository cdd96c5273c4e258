"""Fifty people check in by themselves now, each at an office, from the position of a phone."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any

from deploy.demo.caller import NotDone
from deploy.demo.play.cast import Cast, Person
from deploy.demo.play.deeds import CHECK_IN, Company, Deed
from kit.ids import new_id

MANY = 50
_AT_ONCE = 8
_A_FEW_METRES = 0.0002
_EXPECTED = {None, "already_checked_in"}


def chosen(cast: Cast) -> list[Person]:
    """People with accounts, spread over the city."""
    able = [person for person in cast.people if person.username]
    return [able[place * len(able) // MANY] for place in range(min(MANY, len(able)))]


async def play(company: Company, cast: Cast, people: Sequence[Person]) -> list[Deed]:
    """Sign in and check in, a few at a time; a repeat within two minutes says so."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(person: Person) -> Deed:
        async with gate:
            player = await company.player(person.username or "")
            body = {"direction": "in", "position": _position(cast, person)}
            return await player.change(CHECK_IN, "/v1/check-ins", key=new_id(), body=body)

    deeds = await asyncio.gather(*(one(person) for person in people))
    wrong = [deed.problem for deed in deeds if deed.code not in _EXPECTED]
    if wrong:
        raise NotDone(f"{len(wrong)} live check-ins were refused: {wrong[:3]}")
    return list(deeds)


def _position(cast: Cast, person: Person) -> dict[str, Any]:
    office, draw = cast.office_of(person.agency), Random(person.id)  # noqa: S311  # a phone drifts
    return {
        "lat": round(office.lat + draw.uniform(-_A_FEW_METRES, _A_FEW_METRES), 6),
        "lon": round(office.lon + draw.uniform(-_A_FEW_METRES, _A_FEW_METRES), 6),
        "accuracy_m": draw.randint(5, 30),
    }
