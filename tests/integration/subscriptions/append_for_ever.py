"""A replica of the log's writer, to be killed: it prints the id of what it has appended."""

import asyncio
import contextlib
import sys

from kit.errors import Transient
from kit.storage.store import Store
from services.subscriptions.log.messages import entry_of
from services.subscriptions.log.model import Entry
from services.subscriptions.log.store import Log
from services.subscriptions.settings import Settings
from tests.integration.subscriptions.builders import a_persons_day

_AT_ONCE = 40


async def main() -> None:
    log = Log(Store("subscriptions", Settings()))
    await asyncio.gather(*(_append(log) for _ in range(_AT_ONCE)))


async def _append(log: Log) -> None:
    while True:
        entry = entry_of(a_persons_day())
        await _append_one(log, entry)
        sys.stdout.write(f"{entry.id}\n")
        sys.stdout.flush()


async def _append_one(log: Log, entry: Entry) -> None:
    """Again until it is in, as the retry tiers of the log's reader do."""
    while True:
        with contextlib.suppress(Transient):
            await log.append(entry)
            return


asyncio.run(main())
