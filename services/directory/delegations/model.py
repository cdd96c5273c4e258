"""A delegation: a person lets another one act for them between two days, by decree."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.envelope import EmployeeId
from contracts.identity import Delegate, DelegatedRight
from contracts.outcome import Decision, Refusal


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who acts for whom, in what, and how long."""

    id: str
    delegator: EmployeeId
    to: EmployeeId
    rights: tuple[DelegatedRight, ...]
    begins: date
    until: date
    decree: str | None
    recorded_at: datetime
    revoked_at: datetime | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.revoked_at is None and self.begins <= on <= self.until


def delegate(
    id_: str, delegator: EmployeeId, body: Delegate, *, at: datetime
) -> Decision[Delegation]:
    """Let another person act."""
    if body.to == delegator:
        raise Refusal.invalid("/to", "must be somebody else")
    if body.until < body.from_:
        raise Refusal.invalid("/until", "must not be before from")
    rights = tuple(dict.fromkeys(body.rights))
    return Decision(
        Delegation(id_, delegator, body.to, rights, body.from_, body.until, body.decree, at)
    )


def revoke(delegation: Delegation | None, *, at: datetime) -> Decision[Delegation]:
    """End it at once; ending it again changes nothing."""
    if delegation is None:
        raise Refusal("not_found")
    if delegation.revoked_at is not None:
        return Decision(delegation)
    return Decision(replace(delegation, revoked_at=at))
