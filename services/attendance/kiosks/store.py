"""The kiosks' collection: few documents, all of them kept in memory."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from pydantic import BaseModel

from contracts.envelope import OfficeCode, Verdict
from contracts.outcome import Decision
from kit.storage.aggregates import Aggregates, AnyCause, Stored
from kit.storage.freshness import KeptFresh
from kit.storage.store import Store
from services.attendance.kiosks.model import Kiosk, Shown, codes_at, steps_around, typed

_ASK_AGAIN_S = 0.2
"""A code that is not known may be of a kiosk that was opened or rotated this moment: all are read
again before it is called wrong, but not more often than after so many seconds."""

_MOST_STEPS = 1_000


class KioskStore:
    """Kiosks by office, and which office shows which code in which step."""

    def __init__(self, store: Store) -> None:
        self._kiosks: Aggregates[Kiosk] = Aggregates(store, "kiosks", Kiosk)
        self._known: tuple[Stored[Kiosk], ...] = ()
        self._codes: dict[int, Mapping[str, OfficeCode]] = {}
        self._fresh = KeptFresh(store, self._read)
        self._read_at = float("-inf")
        self._asking_again = asyncio.Lock()

    async def get(self, office: str) -> Stored[Kiosk] | None:
        """The kiosk of an office, or None."""
        return await self._kiosks.get(office)

    async def change(
        self,
        office: str,
        decide: Callable[[Kiosk | None], Decision[Kiosk]],
        cause: AnyCause,
        answer: Callable[[Stored[Kiosk]], BaseModel],
    ) -> Verdict:
        """Decide about a kiosk and write the outcome once."""
        return await self._kiosks.change(office, decide, cause, answer=answer)

    async def shown(self, text: str, *moments: datetime) -> tuple[Shown, datetime] | None:
        """Where the code was shown around the first of these moments that it fits."""
        code = typed(text)
        if code is None:
            return None
        await self._fresh.ensure()
        found = self._find(code, moments)
        if found is None:
            await self._read_since(time.monotonic())
            found = self._find(code, moments)
        return found

    async def _read_since(self, moment: float) -> None:
        """Read again, unless somebody did since; who asks at once waits for the same reading."""
        async with self._asking_again:
            if self._read_at < moment:
                await asyncio.sleep(max(0.0, self._read_at + _ASK_AGAIN_S - time.monotonic()))
                await self._fresh.refresh()

    def _find(self, code: str, moments: tuple[datetime, ...]) -> tuple[Shown, datetime] | None:
        for moment in moments:
            for step in steps_around(moment):
                if (office := self._at(step).get(code)) is not None:
                    return Shown(office, step), moment
        return None

    def _at(self, step: int) -> Mapping[str, OfficeCode]:
        if step not in self._codes:
            if len(self._codes) >= _MOST_STEPS:
                self._codes.clear()
            self._codes[step] = codes_at((stored.state for stored in self._known), step)
        return self._codes[step]

    async def _read(self) -> None:
        began = time.monotonic()
        found = tuple(await self._kiosks.find({}, sort=[("_id", 1)]))
        if found != self._known:
            self._known, self._codes = found, {}
        self._read_at = began
