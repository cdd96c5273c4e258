"""The machines' collection."""

from collections.abc import Callable

from contracts.envelope import Verdict
from contracts.outcome import Decision, Refusal
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.store import Store
from services.attendance.devices.model import Device
from services.attendance.devices.views import device_view


class DeviceStore:
    """Machines by serial number."""

    def __init__(self, store: Store) -> None:
        self._devices: Aggregates[Device] = Aggregates(store, "devices", Device)

    async def get(self, serial: str) -> Device:
        """The machine; refused where it is not registered."""
        stored = await self._devices.get(serial)
        if stored is None:
            raise Refusal("not_found")
        return stored.state

    async def all(self) -> list[Stored[Device]]:
        """Every machine."""
        return await self._devices.find({}, sort=[("_id", 1)])

    async def change(
        self,
        serial: str,
        decide: Callable[[Device | None], Decision[Device]],
        cause: AnyCause,
        *,
        status: int = 200,
    ) -> Verdict:
        """Decide about a machine and write the outcome once."""
        return await self._devices.change(serial, decide, cause, answer=device_view, status=status)
