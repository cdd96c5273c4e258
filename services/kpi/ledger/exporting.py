"""Facts as lines of text that two ledgers with the same facts write byte for byte alike."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from contracts.attendance import DayChanged
from contracts.kpi import DayFact, FactView, HelpFact, MeasurementFact
from contracts.measurements import MeasurementRecorded
from contracts.periods import DaySettled
from services.kpi.ledger.model import Fact

FORMAT = "sambatan-ledger/1"
KINDS: dict[str, type[DayFact | HelpFact | MeasurementFact]] = {
    DayChanged.type: DayFact,
    DaySettled.type: DayFact,
    MeasurementRecorded.type: MeasurementFact,
}
"""What the data of a fact is, by its type; of every other type it is help."""


class Broken(Exception):
    """A file is not the export that its seal speaks of."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the last line of an export states."""

    period: str
    facts: int
    sha256: str


class Seal:
    """The digest of lines as they pass."""

    def __init__(self, period: str) -> None:
        self._period = period
        self._digest = sha256(f"{FORMAT} {period}\n".encode())
        self._facts = 0

    def add(self, line: bytes) -> None:
        """One more line."""
        self._digest.update(line)
        self._facts += 1

    def sealed(self) -> Sealed:
        """The seal over what passed."""
        return Sealed(self._period, self._facts, self._digest.hexdigest())


def line_of(fact: Fact) -> bytes:
    """A fact as its line: keys in order, nothing left to a writer's taste."""
    return _line(fact.shown().model_dump(mode="json"))


def last_line(sealed: Sealed) -> bytes:
    """The line that ends an export."""
    seal = {"period": sealed.period, "facts": sealed.facts, "sha256": sealed.sha256}
    return _line({"format": FORMAT, "seal": seal})


def fact_of(line: bytes) -> Fact:
    """The fact that a line states."""
    said = json.loads(line)
    kind = KINDS.get(said["type"], HelpFact)
    view = FactView.model_validate({**said, "data": kind.model_validate(said["data"])})
    return Fact(
        id=view.id,
        type=view.type,
        time=view.time,
        subject=view.subject,
        sequence=view.sequence,
        agency=view.agency,
        date=view.date,
        data=view.data,
        employee=view.employee,
        people=view.people,
    )


def verified(lines: Iterable[bytes]) -> Sealed:
    """The seal of an export, if its bytes are those that were sealed; else :class:`Broken`."""
    try:
        return _verified(lines)
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"a line cannot be read: {error}") from error


def _verified(lines: Iterable[bytes]) -> Sealed:
    period: str | None = None
    kept: list[bytes] = []
    seal: Seal | None = None
    for line in lines:
        if kept:
            raise Broken("there are lines behind the seal")
        if line.startswith(b'{"format"'):
            kept.append(line)
            continue
        if seal is None:
            period = json.loads(line)["period"]
            seal = Seal(period)
        seal.add(line)
    if not kept:
        raise Broken("there is no seal at the end")
    said = json.loads(kept[0])["seal"]
    found = (seal or Seal(said["period"])).sealed()
    if found != Sealed(**said):
        raise Broken(f"the seal says {said}, the lines are {found}")
    return found


def facts_in(lines: Iterable[bytes]) -> Iterator[Fact]:
    """The facts of an export that was verified."""
    for line in lines:
        if not line.startswith(b'{"format"'):
            yield fact_of(line)


def _line(said: dict[str, object]) -> bytes:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"
