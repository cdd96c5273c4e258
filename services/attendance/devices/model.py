"""A registered attendance machine: where it stands, its wall clock's zone, whose PIN is whose."""

from dataclasses import dataclass, field, replace

from contracts.envelope import OfficeCode
from contracts.outcome import Decision


@dataclass(frozen=True, slots=True)
class Device:
    """One machine; PINs are text, leading zeros and letters included."""

    serial: str
    office: OfficeCode
    time_zone: str
    pins: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def registered(
        known: "Device | None", serial: str, office: str, time_zone: str
    ) -> "Decision[Device]":
        """The machine stands in this office from now on; its PINs stay."""
        pins = known.pins if known else {}
        return Decision(Device(serial, OfficeCode(office), time_zone, pins))

    def mapped(self, pin: str, employee: str) -> "Decision[Device]":
        """The PIN is this person's."""
        return Decision(replace(self, pins={**self.pins, pin: employee}))
