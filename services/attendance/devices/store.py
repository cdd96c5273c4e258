"""The machines' and the PINs' collections."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel

from contracts.envelope import Verdict
from contracts.outcome import Decision, Refusal
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.connection import Document
from kit.storage.migrations import Index
from kit.storage.store import Store
from services.attendance.devices.model import Device, PinOwner, pin_id


class DeviceStore:
    """Machines by serial number, and the owners of their PINs."""

    def __init__(self, store: Store) -> None:
        self._devices: Aggregates[Device] = Aggregates(store, "devices", Device)
        self._pins: Aggregates[PinOwner] = Aggregates(
            store, "device_pins", PinOwner, indexes=[Index([("serial", 1)])]
        )

    async def get(self, serial: str) -> Stored[Device]:
        """The machine; refused where it is not registered."""
        stored = await self._devices.get(serial)
        if stored is None:
            raise Refusal("not_found")
        return stored

    async def find(self, serial: str) -> Device | None:
        """The machine, or None."""
        stored = await self._devices.get(serial)
        return None if stored is None else stored.state

    async def in_offices(self, offices: Iterable[str]) -> list[Device]:
        """The machines in these offices that are in use."""
        query = {"office": {"$in": sorted(offices)}, "enabled": True}
        return [stored.state for stored in await self._devices.find(query)]

    async def page(
        self, query: Document, *, sort: str, limit: int, cursor: str | None
    ) -> tuple[list[Stored[Device]], str | None]:
        """A page of the machines that match."""
        return await self._devices.page(query, sort=sort, limit=limit, cursor=cursor)

    async def change(
        self,
        serial: str,
        decide: Callable[[Device | None], Decision[Device]],
        cause: AnyCause,
        *,
        answer: Callable[[Stored[Device]], BaseModel],
        status: int = 200,
        if_match: int | None = None,
    ) -> Verdict:
        """Decide about a machine and write the outcome once."""
        return await self._devices.change(
            serial, decide, cause, answer=answer, status=status, if_match=if_match
        )

    async def owners(self, serial: str, pins: Iterable[str]) -> dict[str, str | None]:
        """Whose these PINs of a machine were said to be; None was said to be nobody's."""
        found = await self._pins.get_many(pin_id(serial, pin) for pin in pins)
        return {stored.state.pin: stored.state.employee for stored in found.values()}

    async def pins(
        self, serial: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Stored[PinOwner]], str | None]:
        """A page of the PINs of a machine that have an owner."""
        query: dict[str, Any] = {"serial": serial, "employee": {"$ne": None}}
        return await self._pins.page(query, limit=limit, cursor=cursor)

    async def map_pin(
        self,
        serial: str,
        pin: str,
        decide: Callable[[PinOwner | None], Decision[PinOwner]],
        cause: AnyCause,
        answer: Callable[[Stored[PinOwner]], BaseModel],
    ) -> Verdict:
        """Decide whose a PIN is and write the outcome once."""
        return await self._pins.change(pin_id(serial, pin), decide, cause, answer=answer)
