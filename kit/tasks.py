"""Tasks that end for good.

A driver that is just closing a connection may swallow a cancellation, and asyncio's own
``TaskGroup`` cancels its children only once: what swallowed it would then run for ever.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

_AGAIN_S = 1.0


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel tasks until all of them have ended."""
    alive = set(tasks)
    while alive := {task for task in alive if not task.done()}:
        for task in alive:
            task.cancel()
        await asyncio.wait(alive, timeout=_AGAIN_S)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, so that nobody reports it as never retrieved


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Run all until one of them ends, or we are cancelled; then :func:`end` the others.

    Raises what the first one to end raised.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await finish(end(*tasks))
    for task in done:
        task.result()


async def finish(work: Coroutine[Any, Any, None]) -> None:
    """Do what must be done to its end, also when cancelled meanwhile; that is raised afterwards."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError
    task.result()
