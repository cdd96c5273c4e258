"""A worker to be killed: it carries out portions and says so after it did, before they count."""

import asyncio
import sys
from pathlib import Path

from pydantic import BaseModel

from contracts.jobs import JOBS
from kit.jobs.model import Portion
from kit.jobs.store import Jobs
from kit.jobs.worker import work_on
from kit.settings import ServiceSettings
from kit.storage.store import Store

SIZE = 10


class Numbers(BaseModel):
    """How far to count."""

    until: int


async def count_portion(context, stored):
    """Write down the next ten numbers; the cursor is the last one."""
    job = stored.state
    first = int(job.cursor or 0) + 1
    until = Numbers.model_validate_json(job.arguments).until
    numbers = range(first, min(first + SIZE, until + 1))
    await context.jobs.write_ahead(stored.id, {f"{n:05}": {"n": n} for n in numbers})
    last = numbers[-1] >= until
    return Portion(
        None if last else str(numbers[-1]), len(numbers), total=until, counts={"n": len(numbers)}
    )


class Context:
    """What the work is given."""

    def __init__(self, store):
        self.store = store
        self.jobs = Jobs(store, says=JOBS["attendance"])


async def main(settings: str, stop_before: int) -> None:
    """Work until the portion that begins behind this number, then hang in the middle of it."""
    store = Store("kit", ServiceSettings.model_validate_json(settings))
    context = Context(store)

    async def count_and_hang(context, stored):
        portion = await count_portion(context, stored)
        if int(stored.state.cursor or 0) >= stop_before:
            sys.stdout.write("in the middle\n")
            sys.stdout.flush()
            await asyncio.sleep(60)
        return portion

    while True:
        await work_on(context.jobs, {"count": count_and_hang}, context)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text(), int(sys.argv[2])))
