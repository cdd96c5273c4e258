"""The tree of agencies, and how far a right for one of them reaches."""

from collections.abc import Mapping

from contracts.envelope import CITY


class AgencyTree:
    """Which agency is below which, as far as it is known.

    A copy of the directory may lag or be wrong for a moment: an unknown agency stands alone, an
    unknown parent is a root, and a circle is walked once. No such case ever widens a right.
    """

    __slots__ = ("_children", "_parents")

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self._parents = dict(parents)
        self._children: dict[str, list[str]] = {}
        for code, parent in self._parents.items():
            if parent is not None:
                self._children.setdefault(parent, []).append(code)

    def parent(self, code: str) -> str | None:
        """The agency directly above, where one is known."""
        return self._parents.get(code)

    def codes(self) -> frozenset[str]:
        """Every agency that is known."""
        return frozenset(self._parents)

    def roots(self) -> frozenset[str]:
        """The agencies that have none above them."""
        return frozenset(code for code, parent in self._parents.items() if parent is None)

    def path(self, code: str) -> tuple[str, ...]:
        """The agency itself and everything above it, nearest first."""
        seen: dict[str, None] = {}
        current: str | None = code
        while current is not None and current not in seen:
            seen[current] = None
            current = self._parents.get(current)
        return tuple(seen)

    def below(self, code: str) -> frozenset[str]:
        """The agency itself and everything below it."""
        found = {code}
        waiting = [code]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return frozenset(found)

    def all(self) -> frozenset[str]:
        """Every agency that is known."""
        return frozenset(self._parents)

    def covers(self, scope: str, code: str | None) -> bool:
        """Whether a right for ``scope`` holds for this agency; ``*`` holds for every one."""
        if scope == CITY:
            return True
        return code is not None and scope in self.path(code)
