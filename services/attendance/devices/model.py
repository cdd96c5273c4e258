"""A registered attendance machine: where it stands, its clock, from where it may push."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from contracts.devices import (
    ANY_SOURCE,
    OWN_NETWORK,
    DeviceChanged,
    DeviceChanges,
    DeviceClockCorrected,
    DevicePinMapped,
)
from contracts.envelope import EmployeeId, OfficeCode
from contracts.outcome import Decision, Refusal
from rules.working_time import zone

_PRIVATE = tuple(
    ip_network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        *("::1/128", "fc00::/7"),
    )
)


@dataclass(frozen=True, slots=True)
class ClockAct:
    """The machine's clock was wrong from ``from_`` up to (not including) ``to``, as it showed."""

    id: str
    from_: datetime
    to: datetime
    shift_s: int
    reason: str | None
    by: str
    at: datetime
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """One machine; a zone or an office that changes rules the lines that come in from then on."""

    serial: str
    office: OfficeCode
    time_zone: str
    sources: tuple[str, ...] = (OWN_NETWORK,)
    enabled: bool = True
    clock_acts: tuple[ClockAct, ...] = ()

    @staticmethod
    def registered(known: "Device | None", wanted: "Device") -> "Decision[Device]":
        """A machine that was not known; to register the same again changes nothing."""
        if known is None:
            return Decision(wanted, (_changed(wanted),))
        if replace(known, clock_acts=(), enabled=True) != wanted:
            raise Refusal.invalid("/serial", f"{wanted.serial} is registered; change it instead")
        return Decision(known)

    def changed(self, changes: DeviceChanges) -> "Decision[Device]":
        """What is stated is so from now on."""
        stated = {name: value for name, value in changes.model_dump().items() if value is not None}
        device = replace(self, **stated)
        return Decision(device, () if device == self else (_changed(device),))

    def admits(self, address: str | None) -> bool:
        """Whether the machine may push, and from this address; None is one nobody vouches for."""
        if not self.enabled:
            return False
        return ANY_SOURCE in self.sources or (
            address is not None and any(_lies_in(address, source) for source in self.sources)
        )

    def corrected(self, act: ClockAct) -> "Decision[Device]":
        """Moments of a span count shifted."""
        if act.to <= act.from_:
            raise Refusal.invalid("/to", "after from")
        if not act.shift_s:
            raise Refusal.invalid("/shift_s", "not 0")
        for other in self.clock_acts:
            if not other.undone and act.from_ < other.to and other.from_ < act.to:
                raise Refusal("overlaps", with_=other.id)
        return Decision(replace(self, clock_acts=(*self.clock_acts, act)), (_corrected(self, act),))

    def uncorrected(self, act_id: str) -> "Decision[Device]":
        """A correction is taken back; taking it back twice changes nothing."""
        act = next((one for one in self.clock_acts if one.id == act_id), None)
        if act is None:
            raise Refusal("not_found")
        if act.undone:
            return Decision(self)
        undone = replace(act, undone=True)
        acts = tuple(undone if one.id == act_id else one for one in self.clock_acts)
        return Decision(replace(self, clock_acts=acts), (_corrected(self, undone),))

    def shift_at(self, moment: datetime) -> timedelta:
        """By how much a moment of this machine's clock counts shifted."""
        return timedelta(
            seconds=sum(
                act.shift_s
                for act in self.clock_acts
                if not act.undone and act.from_ <= moment < act.to
            )
        )

    def wall(self, at: datetime) -> str:
        """What the machine's clock shows (or should show) at a moment."""
        return at.astimezone(zone(self.time_zone)).strftime("%Y-%m-%d %H:%M:%S")

    def act(self, act_id: str) -> ClockAct | None:
        """A correction by its id."""
        return next((one for one in self.clock_acts if one.id == act_id), None)


@dataclass(frozen=True, slots=True)
class PinOwner:
    """Whose a PIN of a machine is; PINs are text, leading zeros and letters included."""

    serial: str
    pin: str
    employee: EmployeeId | None = None

    @staticmethod
    def mapped(
        known: "PinOwner | None", serial: str, pin: str, employee: str | None
    ) -> "Decision[PinOwner]":
        """The PIN is this person's, or nobody's, from its first line on."""
        before = known.employee if known else None
        owner = EmployeeId(employee) if employee else None
        changed = DevicePinMapped(serial=serial, employee=owner, previous=before)
        return Decision(PinOwner(serial, pin, owner), () if owner == before else (changed,))


def pin_id(serial: str, pin: str) -> str:
    """The key of a PIN of a machine."""
    return f"{serial}:{pin}"


def _lies_in(address: str, source: str) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return False
    if isinstance(here, IPv6Address) and here.ipv4_mapped is not None:
        here = here.ipv4_mapped
    wanted = _PRIVATE if source == OWN_NETWORK else (ip_network(source),)
    return any(here in network for network in wanted)


def _changed(device: Device) -> DeviceChanged:
    return DeviceChanged(
        serial=device.serial,
        office=device.office,
        time_zone=device.time_zone,
        sources=device.sources,
        enabled=device.enabled,
    )


def _corrected(device: Device, act: ClockAct) -> DeviceClockCorrected:
    return DeviceClockCorrected(
        serial=device.serial,
        act=act.id,
        from_=act.from_,
        to=act.to,
        shift_s=act.shift_s,
        undone=act.undone,
    )
