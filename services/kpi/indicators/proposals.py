"""Versions are proposed and decided: all of them in one aggregate, for their weights hang together.

Nothing rules before a second person has approved it, and nothing that was approved is changed: what
comes later is a further version.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from contracts.indicators import (
    Decide,
    IndicatorDecided,
    IndicatorProposed,
    IndicatorTerms,
    VersionName,
    VersionSummary,
)
from contracts.kpi import Words
from contracts.outcome import Decision, FieldError, Refusal
from rules.agencies import AgencyTree
from services.kpi.formulas.formula import compiled
from services.kpi.formulas.wrong import FormulaWrong
from services.kpi.indicators.model import SHIPPED, Book, Indicator
from services.kpi.indicators.weights import unbalanced

_MISSING = Words(
    id="Tanpa cukup fakta indikator ini tidak dihitung; bobotnya dibagi menurut bobot lain.",
    en="Without enough facts the indicator drops out; its weight is spread over the others.",
)


@dataclass(frozen=True, slots=True)
class Proposals:
    """Every version that was entered, beside those that came with the product."""

    entered: tuple[Indicator, ...]
    written_at: datetime

    @classmethod
    def blank(cls, at: datetime) -> "Proposals":
        """Nothing was entered yet."""
        return cls((), at)

    @property
    def versions(self) -> tuple[Indicator, ...]:
        """All versions, the shipped ones first."""
        return (*SHIPPED, *self.entered)

    def version(self, name: VersionName) -> Indicator | None:
        """The version of this name."""
        wanted = (name.code, name.number)
        return next((one for one in self.versions if (one.code, one.number) == wanted), None)

    def knows(self, code: str) -> bool:
        """Whether there is such an indicator."""
        return any(one.code == code for one in self.versions)

    def propose(
        self, code: str, terms: IndicatorTerms, *, new: bool, by: str, at: datetime
    ) -> "Decision[Proposals]":
        """Enter a version that waits for a second person; refused where it cannot be computed."""
        if new and self.knows(code):
            raise Refusal.invalid("/code", f"{code} exists: propose a version of it")
        if not new and not self.knows(code):
            raise Refusal("not_found")
        number = 1 + max((one.number for one in self.versions if one.code == code), default=0)
        version = drafted(code, terms, number=number, by=by, at=at)
        after = replace(self, entered=(*self.entered, version), written_at=at)
        return Decision(after, (IndicatorProposed(indicator=summary(version)),))

    def decide(
        self, decide: Decide, *, tree: AgencyTree, by: str, at: datetime
    ) -> "Decision[Proposals]":
        """Approve or reject versions together; the weights that then rule must add up to 100."""
        names = list(dict.fromkeys(decide.versions))
        chosen = [self._decidable(name, by) for name in names]
        state = "approved" if decide.decision == "approve" else "rejected"
        decided = {
            one.version: one.model_copy(update={"state": state, "decided_by": by, "decided_at": at})
            for one in chosen
        }
        entered = tuple(decided.get(one.version, one) for one in self.entered)
        after = replace(self, entered=entered, written_at=at)
        if state == "approved":
            _check_weights(after.versions, chosen, tree)
        events = tuple(
            IndicatorDecided(indicator=summary(one), state=one.state, decided_at=at)
            for one in decided.values()
        )
        return Decision(after, events)

    def _decidable(self, name: VersionName, by: str) -> Indicator:
        version = self.version(name)
        if version is None:
            raise Refusal("not_found")
        if version.state != "proposed":
            raise Refusal("already_decided", version=version.version, state=version.state)
        if version.proposed_by == by:
            raise Refusal("forbidden", reason="a second person decides")
        return version


def drafted(code: str, terms: IndicatorTerms, *, number: int, by: str, at: datetime) -> Indicator:
    """The version that these terms make; its formula is read, typed and checked here."""
    if terms.positions and terms.scope != ("employee",):
        raise Refusal.invalid("/scope", "a group of posts is for people: employee alone")
    if (terms.agencies or terms.positions) and "city" in terms.scope:
        raise Refusal.invalid("/scope", "what rules only a part does not measure the city")
    try:
        formula = compiled(terms.formula, unit=terms.unit)
    except FormulaWrong as wrong:
        raise wrong.refusal("/formula") from None
    if formula.by_day and terms.scope != ("employee",):
        raise Refusal.invalid("/scope", "streak follows one person: employee alone")
    fields = terms.model_dump(exclude={"missing"})
    return Indicator.model_validate(
        {
            **fields,
            "missing": terms.missing or _MISSING,
            "code": code,
            "number": number,
            "recorded_at": at,
            "state": "proposed",
            "proposed_by": by,
        }
    )


def summary(version: Indicator) -> VersionSummary:
    """What events say of a version."""
    return VersionSummary(
        code=version.code,
        number=version.number,
        version=version.version,
        effective_from=version.effective_from,
        scope=version.scope,
        agencies=version.agencies,
        positions=version.positions,
        formula=version.formula,
        unit=version.unit,
        target=version.target,
        weight=version.weight,
    )


def _check_weights(
    versions: Sequence[Indicator], chosen: Sequence[Indicator], tree: AgencyTree
) -> None:
    since = min(one.effective_from for one in chosen)
    wrong = unbalanced(Book(versions), since, tree)
    if not wrong:
        return
    errors = tuple(
        FieldError(pointer="/versions", detail=f"{where} from {on}: {_plain(total)}, not 100")
        for on, where, total in wrong[:20]
    )
    raise Refusal("weights_not_100", errors=errors)


def _plain(total: Decimal) -> str:
    return f"{total.normalize():f}"
