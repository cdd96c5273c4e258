"""The service levels of an agency: every version it has entered."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.envelope import AgencyCode
from contracts.outcome import Decision
from contracts.service_levels import ServiceLevelRequest, ServiceLevelsChanged, ServiceLevelTerms
from services.tasks.service_levels.targets import LevelVersion


@dataclass(frozen=True, slots=True)
class AgencyLevels:
    """Every version an agency has entered, in the order they were recorded."""

    agency: AgencyCode
    versions: tuple[LevelVersion, ...]
    written_at: datetime

    @classmethod
    def blank(cls, agency: str, at: datetime) -> "AgencyLevels":
        """An agency that has entered nothing yet."""
        return cls(AgencyCode(agency), (), at)

    def add(
        self, request: ServiceLevelRequest, *, recorded_at: datetime, written_at: datetime
    ) -> "Decision[AgencyLevels]":
        """Enter a version; what is under way keeps the one it began with."""
        number = len(self.versions) + 1
        terms = ServiceLevelTerms(
            **{name: getattr(request, name) for name in ServiceLevelTerms.model_fields}
        )
        version = LevelVersion(
            number=number,
            id=f"{self.agency}-sl{number}",
            effective_from=request.effective_from,
            recorded_at=max([recorded_at, *(each.recorded_at for each in self.versions)]),
            decree=request.decree,
            terms=terms,
        )
        stated = ServiceLevelsChanged(
            agency=self.agency,
            levels=version.id,
            effective_from=version.effective_from,
            recorded_at=version.recorded_at,
            decree=version.decree,
            terms=terms,
        )
        levels = replace(self, versions=(*self.versions, version), written_at=written_at)
        return Decision(levels, (stated,))
