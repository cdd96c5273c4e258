"""A replica of the log's writer, to be killed: it prints the id of what it has appended."""

import asyncio
import sys

from kit.storage.store import Store
from services.subscriptions.log.messages import entry_of
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
        await log.append(entry)
        sys.stdout.write(f"{entry.id}\n")
        sys.stdout.flush()


asyncio.run(main())
