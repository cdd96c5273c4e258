"""An agency: its place in the city's tree and the dated stages of its roll-out."""

from dataclasses import dataclass
from itertools import pairwise

from contracts.directory import AgencyChanged, Stage
from contracts.envelope import AgencyCode
from contracts.outcome import Decision, Refusal
from contracts.places import AgencyRequest
from rules.agencies import AgencyTree
from services.directory.words import words_of


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of the city, down to school, *puskesmas* and shift group."""

    code: str
    name: str
    kind: str
    parent: str | None
    time_zone: str
    stages: tuple[Stage, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, code: str, request: AgencyRequest) -> "Agency":
        """The agency that a request describes."""
        return cls(
            code=code,
            name=request.name,
            kind=request.kind,
            parent=request.parent,
            time_zone=request.time_zone,
            stages=request.stages,
            words=words_of(code, request.name),
        )

    def changed(self) -> AgencyChanged:
        """The event that states the whole agency."""
        return AgencyChanged(
            code=AgencyCode(self.code),
            name=self.name,
            kind=self.kind,
            parent=AgencyCode(self.parent) if self.parent else None,
            time_zone=self.time_zone,
            stages=self.stages,
        )


def put(
    agency: Agency | None, code: str, request: AgencyRequest, tree: AgencyTree
) -> Decision[Agency]:
    """Create the agency or make it what the request says; the same again says nothing new."""
    if any(later.from_ <= earlier.from_ for earlier, later in pairwise(request.stages)):
        raise Refusal.invalid("/stages", "must begin on different days, earliest first")
    if request.parent is not None and code in tree.path(request.parent):
        raise Refusal.invalid("/parent", "must not be the agency itself or one below it")
    wanted = Agency.of(code, request)
    return Decision(wanted, () if wanted == agency else (wanted.changed(),))
