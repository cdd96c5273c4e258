"""Ending a task for good."""

import asyncio
from typing import Any

_AGAIN_S = 1.0


async def end(task: "asyncio.Task[Any]") -> None:
    """Cancel a task until it has ended.

    A driver that is just closing a connection may swallow a cancellation; then once is not enough.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_S)
    if not task.cancelled():
        task.exception()  # looked at, so that nobody reports it as never retrieved
