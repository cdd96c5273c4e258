"""An office: a place, not an agency; what it is from which day on."""

from dataclasses import dataclass
from datetime import date, datetime

from contracts.directory import OfficeChanged, OfficeVersion
from contracts.envelope import OfficeCode
from contracts.outcome import Decision, Refusal
from contracts.places import OfficeRequest
from rules.geometry import polygon_problem
from services.directory.words import words_of


@dataclass(frozen=True, slots=True)
class Office:
    """An office with every dated version of its boundary, seats and users, oldest first."""

    code: str
    versions: tuple[OfficeVersion, ...]
    words: tuple[str, ...] = ()

    def on(self, day: date) -> OfficeVersion:
        """The version of a day; before the first one, the first."""
        begun = [version for version in self.versions if version.effective_from <= day]
        return begun[-1] if begun else self.versions[0]

    def changed(self) -> OfficeChanged:
        """The event that states the whole office."""
        newest = self.versions[-1]
        return OfficeChanged(
            code=OfficeCode(self.code),
            name=newest.name,
            capacity=newest.capacity,
            used_by=newest.used_by,
            versions=self.versions,
        )


def put(
    office: Office | None, code: str, request: OfficeRequest, *, recorded_at: datetime
) -> Decision[Office]:
    """Record what the office is from a day on; the same version again says nothing new."""
    wanted = _version(request, recorded_at)
    standing = office.versions if office else ()
    if any(_same(wanted, version) for version in standing):
        assert office is not None
        return Decision(office)
    others = [each for each in standing if each.effective_from != wanted.effective_from]
    versions = tuple(sorted([*others, wanted], key=lambda version: version.effective_from))
    changed = Office(code, versions, words_of(code, *(version.name for version in versions)))
    return Decision(changed, (changed.changed(),))


def _version(request: OfficeRequest, recorded_at: datetime) -> OfficeVersion:
    if request.until is not None and request.until < request.from_:
        raise Refusal.invalid("/until", "must not be before from")
    polygon = request.boundary.polygon
    geo = polygon.model_dump(mode="json") if polygon else None
    if geo is not None and (problem := polygon_problem(geo)):
        raise Refusal.invalid("/boundary/polygon", problem)
    return OfficeVersion(
        name=request.name,
        circle=request.boundary.circle,
        polygon=geo,
        capacity=request.capacity,
        used_by=request.used_by,
        invented=request.invented,
        time_zone=request.time_zone,
        effective_from=request.from_,
        until=request.until,
        recorded_at=recorded_at,
        decree=request.decree,
    )


def _same(one: OfficeVersion, other: OfficeVersion) -> bool:
    return one.model_copy(update={"recorded_at": other.recorded_at}) == other
