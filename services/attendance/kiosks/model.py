"""A kiosk's secrets, and the code they make of a step of time (after RFC 6238).

The code is HMAC-SHA256 over the office and the number of the step, cut to 40 bits and written with
Crockford's thirty-two letters: eight characters that nobody confuses. Forty bits leave no room for
guessing, nor for two offices that show the same code, so the office is found from the code alone.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.envelope import OfficeCode
from contracts.kiosks import KioskRotated
from contracts.outcome import Decision

STEP_S = 30
"""Seconds a code is shown."""

DRIFT_STEPS = 1
"""By how many steps a code may be older or newer than the moment it is used at."""

FORMER_KEPT = timedelta(days=4)
"""How long a former secret is kept: longer than any offline capture may be under way."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True, slots=True)
class Secret:
    """A key (hexadecimal) and the steps it makes the codes of; ``until`` is the first one after."""

    key: str
    since: int
    until: int | None = None

    def rules(self, step: int) -> bool:
        """Whether codes of this step are made with it."""
        return self.since <= step and (self.until is None or step < self.until)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The kiosk of one office, with the secret in use and former ones that may still be needed."""

    office: OfficeCode
    secrets: tuple[Secret, ...]
    rotated_at: datetime

    def code_at(self, step: int) -> str | None:
        """The code of a step; None before the kiosk was opened or after its secret leaked."""
        secret = next((each for each in self.secrets if each.rules(step)), None)
        return None if secret is None else code_of(secret.key, self.office, step)


@dataclass(frozen=True, slots=True)
class Shown:
    """Where and in which step a code was shown."""

    office: OfficeCode
    step: int

    @property
    def use(self) -> str:
        """What one person can use once: this office's code of this step."""
        return f"{self.office}:{self.step}"


def opened(kiosk: Kiosk | None, office: OfficeCode, key: str, at: datetime) -> Decision[Kiosk]:
    """Give the kiosk its first secret; one that has a secret keeps it."""
    if kiosk is not None:
        return Decision(kiosk)
    made = Kiosk(office, (Secret(key, step_of(at)),), at)
    return Decision(made, (KioskRotated(office=office, opened=True),))


def rotated(
    kiosk: Kiosk | None, office: OfficeCode, key: str, at: datetime, *, compromised: bool
) -> Decision[Kiosk]:
    """Replace the secret from the next step on, or at once if it is known to somebody."""
    if kiosk is None:
        return opened(None, office, key, at)
    first = step_of(at) + (0 if compromised else 1)
    new = Secret(key, first)
    former: tuple[Secret, ...] = ()
    if not compromised:
        oldest = step_of(at - FORMER_KEPT)
        ended = (
            Secret(each.key, each.since, min(each.until or first, first)) for each in kiosk.secrets
        )
        former = tuple(each for each in ended if each.since < (each.until or 0) > oldest)
    changed = Kiosk(office, (new, *former), at)
    return Decision(changed, (KioskRotated(office=office, compromised=compromised),))


def step_of(moment: datetime) -> int:
    """The number of the step a moment lies in."""
    return int(moment.timestamp()) // STEP_S


def span_of(step: int) -> tuple[datetime, datetime]:
    """The moments between which a step's code is shown."""
    start = datetime.fromtimestamp(step * STEP_S, UTC)
    return start, start + timedelta(seconds=STEP_S)


def code_of(key: str, office: str, step: int) -> str:
    """The code of an office in a step, as people type it without the hyphen."""
    said = office.encode() + b"\0" + step.to_bytes(8, "big")
    number = int.from_bytes(hmac.digest(bytes.fromhex(key), said, "sha256")[:5], "big")
    return "".join(_LETTERS[number >> shift & 31] for shift in range(35, -5, -5))


def spoken(code: str) -> str:
    """The code as it is shown: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def typed(text: str) -> str | None:
    """The code that somebody typed or scanned; None if it cannot be one."""
    code = text.upper().translate(_MISREAD)
    return code if len(code) == _LENGTH and set(code) <= set(_LETTERS) else None


def codes_at(kiosks: Iterable[Kiosk], step: int) -> Mapping[str, OfficeCode]:
    """Which office shows which code in a step."""
    shown = ((kiosk.code_at(step), kiosk.office) for kiosk in kiosks)
    return {code: office for code, office in shown if code is not None}


def steps_around(moment: datetime) -> tuple[int, ...]:
    """The steps whose codes count at a moment: its own first."""
    own = step_of(moment)
    return (own, *(own + way * n for n in range(1, DRIFT_STEPS + 1) for way in (-1, 1)))
