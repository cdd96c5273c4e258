"""What a load generator is told to do, and what it reports: plain files between two processes."""

import json
import math
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.bench.callers import Caller, Mint, check_in_id
from tests.bench.city import Place

Kind = Literal["closed", "open"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request. A check-in has a key and the id it must be answered with."""

    token: str
    path: str
    key: str | None = None
    body: dict[str, Any] | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How the calls are made: by so many callers at once, or at a rate whatever happens."""

    gateway: str
    kind: Kind
    seconds: float
    calls: tuple[Call, ...]
    connections: int = 64
    rate: float = 0.0
    seed: int = 1
    due: tuple[float, ...] = ()
    """When the calls of an open loop are due, where they follow no rate."""

    def write(self, path: Path) -> None:
        """Put it where the generator reads it."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """What was written."""
        told = json.loads(path.read_text())
        calls = tuple(Call(**call) for call in told["calls"])
        return cls(**told | {"calls": calls, "due": tuple(told["due"])})


@dataclass(slots=True)
class Run:
    """What came of a plan; times in seconds since its beginning."""

    began_at: float
    seconds: float
    samples: list[tuple[float, float, int]] = field(default_factory=list)  # due, done, status
    accepted: list[str] = field(default_factory=list)  # ids answered with 201
    uncertain: list[str] = field(default_factory=list)  # ids answered with 202, 503 or not at all
    unexpected: list[str] = field(default_factory=list)
    most_late_s: float = 0.0  # how far the generator itself fell behind its schedule
    cpu_s: float = 0.0

    def write(self, path: Path) -> None:
        """Put it where the bench reads it."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> "Run":
        """What was written."""
        told = json.loads(path.read_text())
        return cls(**told | {"samples": [tuple(sample) for sample in told["samples"]]})

    def count(self, *statuses: int) -> int:
        """How many answers had one of these statuses."""
        return sum(1 for _, _, status in self.samples if status in statuses)


class Movements:
    """Check-ins in the order people make them: everybody in, everybody out, in elsewhere, out …

    The first pass is what a morning is: the first arrival of distinct people.
    """

    def __init__(self, callers: Sequence[Caller], places: Sequence[Place], mint: Mint) -> None:
        self._callers = callers
        self._places = places
        self._mint = mint
        self._given = 0

    def next(self, how_many: int) -> tuple[Call, ...]:
        """The next ones."""
        start, self._given = self._given, self._given + how_many
        return tuple(self._call(place) for place in range(start, self._given))

    def give_back(self, how_many: int) -> None:
        """The last ones were not made; they come again."""
        self._given -= how_many

    def _call(self, number: int) -> Call:
        turn, who = divmod(number, len(self._callers))
        caller, key = self._callers[who], f"{turn}-{who}"
        direction = "out" if turn % 2 else "in"
        place = self._places[(who + turn // 2) % len(self._places)]
        position = {"lat": place.lat, "lon": place.lon, "accuracy_m": 12}
        return Call(
            token=self._mint.token_for(caller.actor),
            path="/v1/check-ins",
            key=key,
            body={"direction": direction, "position": position},
            id=check_in_id(caller.account, key),
        )


def departures(rate: float, seconds: float, seed: int) -> list[float]:
    """When the calls of an open loop are due: a Poisson process, the same for the same seed."""
    chance = random.Random(seed)  # a load, not a secret
    moments: list[float] = []
    moment = chance.expovariate(rate)
    while moment < seconds:
        moments.append(moment)
        moment += chance.expovariate(rate)
    return moments


def arrivals(how_many: int, seconds: float, seed: int) -> list[float]:
    """When people come in a morning: more and more of them, half in the last third of the time.

    The rate rises in a straight line from a quarter of its mean to seven quarters; the moments are
    the curve's quantiles, each a little beside its place.
    """
    chance = random.Random(seed)  # a load, not a secret
    shares = ((place + chance.random()) / how_many for place in range(how_many))
    return [seconds * (math.sqrt(1 + 48 * share) - 1) / 6 for share in shares]
