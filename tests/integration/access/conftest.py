"""The demo city as a whole system, and the people the matrix asks as."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.integration.access.world import World, build
from tests.systems import RunningSystem


@pytest.fixture(scope="session")
async def world(system: RunningSystem) -> AsyncIterator[World]:
    async with httpx.AsyncClient(base_url=system.gateway, timeout=30) as client:
        yield await build(client, system.password)
