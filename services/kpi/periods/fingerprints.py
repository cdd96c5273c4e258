"""What is frozen, in a form that is the same for ever, and the fingerprint over it. Pure.

The fingerprint is the SHA-256 of canonical JSON (sorted keys, no spaces) of: agency, period,
revision, the digest of the locked days, the hash of the results, the hash of the facts, and the
fingerprint of the closed month before. ``docs/periods.md`` shows how anybody can compute it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from rules.sealing import canonical, fingerprint_of
from services.kpi.indicators.model import shown
from services.kpi.ledger.model import Fact
from services.kpi.scorecards.model import Sheet

ResultKind = Literal["employee", "agency"]


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One indicator of a frozen score; figures as text with four places."""

    indicator: str
    version: str
    value: str
    unit: str
    target: str
    achievement: str
    weight: str
    contribution: str


@dataclass(frozen=True, slots=True)
class ScoreSettlement:
    """A closed month whose score would be another one by now, and by how much."""

    period: str
    revision: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """The frozen score of a person or agency; no name, no text."""

    kind: ResultKind
    subject: str
    score: str | None
    lines: tuple[ResultLine, ...] = ()
    missing: tuple[str, ...] = ()
    settlements: tuple[ScoreSettlement, ...] = ()


def result_of(
    kind: ResultKind, subject: str, sheet: Sheet, settlements: Iterable[ScoreSettlement] = ()
) -> Result:
    """A score as it is frozen."""
    return Result(
        kind=kind,
        subject=subject,
        score=told(sheet.score),
        lines=tuple(
            ResultLine(
                indicator=line.indicator.code,
                version=line.indicator.version,
                value=str(line.value),
                unit=line.indicator.unit,
                target=str(shown(line.indicator.target)),
                achievement=str(line.achievement),
                weight=str(line.weight),
                contribution=str(line.contribution),
            )
            for line in sheet.lines
        ),
        missing=tuple(indicator.code for indicator in sheet.missing),
        settlements=tuple(settlements),
    )


def told(figure: Decimal | None) -> str | None:
    """A figure as text."""
    return None if figure is None else str(figure)


def hash_of_results(results: Iterable[Result]) -> str:
    """The SHA-256 over the results as canonical JSON, a line each, sorted."""
    return _hash_of_lines(canonical(asdict(one)) for one in results)


def mark_of(fact: Fact) -> tuple[str, str]:
    """A fact's id, and the SHA-256 of what it says (what is not stated is left out)."""
    return fact.id, fingerprint_of(fact.shown().model_dump(mode="json", exclude_defaults=True))


def hash_of_facts(marks: Iterable[tuple[str, str]]) -> str:
    """The SHA-256 over ids and hashes of facts, a line each, sorted."""
    return _hash_of_lines(f"{id_} {said}" for id_, said in marks)


def fingerprint(
    *,
    agency: str,
    period: str,
    revision: int,
    digest: str,
    results_hash: str,
    facts_hash: str,
    previous: str | None,
) -> str:
    """The fingerprint of a closed month, chained to the one before."""
    return fingerprint_of(
        {
            "agency": agency,
            "period": period,
            "revision": revision,
            "digest": digest,
            "results": results_hash,
            "facts": facts_hash,
            "previous": previous,
        }
    )


def _hash_of_lines(lines: Iterable[str]) -> str:
    said = sha256()
    for line in sorted(lines):
        said.update(f"{line}\n".encode())
    return said.hexdigest()
