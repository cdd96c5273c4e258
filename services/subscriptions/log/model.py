"""What the log holds, and which of it a reader wants. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.envelope import Audience
from contracts.outcome import FieldError, Refusal
from rules.agencies import AgencyTree

SEGMENT = 100
"""Events of one segment at most; also the farthest a segment can reach beyond a position."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event before it has a position: what filters look at, and its two texts.

    ``public`` is None where the type has no public view.
    """

    id: str
    type: str
    agency: str | None
    event: str
    public: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """An event at its position in the log, as the reader's audience sees it."""

    position: int
    id: str
    type: str
    agency: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """The events a reader wants, of those its audience may see."""

    audience: Audience
    types: frozenset[str]
    agencies: frozenset[str] | None = None

    def takes(self, placed: Placed) -> bool:
        """Whether the reader gets this event; without a text for its audience it never does."""
        if not placed.text or placed.type not in self.types:
            return False
        return self.agencies is None or placed.agency in self.agencies


@dataclass(frozen=True, slots=True)
class Reading:
    """Wanted events in order, and the position up to which everything has been looked at."""

    found: tuple[Placed, ...]
    position: int


def matching(pattern: str, types: Iterable[str]) -> frozenset[str]:
    """The types a pattern names: itself, a family (``tasks.*``) or all (``*``)."""
    if pattern == "*":
        return frozenset(types)
    if pattern.endswith(".*"):
        return frozenset(name for name in types if name.startswith(pattern[:-1]))
    return frozenset(types) & {pattern}


def chosen(patterns: Iterable[str], types: frozenset[str], *, pointer: str) -> frozenset[str]:
    """The types that patterns choose from those an audience may know; none given means all.

    A pattern that matches nothing is refused: it would be silent for ever.
    """
    by_pattern = {pattern: matching(pattern, types) for pattern in patterns}
    unknown = sorted(pattern for pattern, found in by_pattern.items() if not found)
    if unknown:
        detail = f"{', '.join(unknown)} matches no event type that you may read"
        raise Refusal("validation_failed", errors=(FieldError(pointer=pointer, detail=detail),))
    return frozenset().union(*by_pattern.values()) if by_pattern else types


def covered(codes: Iterable[str], tree: AgencyTree, *, exact: bool) -> frozenset[str] | None:
    """The agencies that are meant by these codes, with those below; None if none is named."""
    named = tuple(codes)
    if not named:
        return None
    if exact:
        return frozenset(named)
    return frozenset().union(*(tree.below(code) for code in named))


def unknown_among(ids: Iterable[str], known: Iterable[str]) -> list[str]:
    """The ids that are not known yet, each once, in order."""
    left_out = set(known)
    return [id_ for id_ in dict.fromkeys(ids) if id_ not in left_out]
