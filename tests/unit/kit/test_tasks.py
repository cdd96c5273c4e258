"""Work that runs together also ends together, whatever swallows a cancellation."""

import asyncio

import pytest

from kit.tasks import end, finish, together


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Cancel again after a moment instead of a second."""
    monkeypatch.setattr("kit.tasks._AGAIN_S", 0.01)


class Deaf:
    """Swallows so many cancellations before it ends."""

    def __init__(self, times):
        self.left = times
        self.ended = False

    async def run(self):
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if self.left == 0:
                    self.ended = True
                    raise
                self.left -= 1


@pytest.mark.parametrize("times", [0, 1, 3])
async def test_what_swallows_cancellations_ends_with_the_whole(times):
    deaf = Deaf(times)
    whole = asyncio.create_task(together(deaf.run(), asyncio.sleep(60)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    await asyncio.wait_for(end(whole), 5)

    assert whole.cancelled()
    assert deaf.ended


async def test_one_that_fails_ends_the_others_and_is_told():
    deaf = Deaf(1)

    async def fails():
        await asyncio.sleep(0)
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await asyncio.wait_for(together(deaf.run(), fails()), 5)
    assert deaf.ended


async def test_what_must_be_finished_is_finished_before_the_cancellation_is_told():
    steps = []

    async def work():
        await asyncio.sleep(0.05)
        steps.append("done")

    task = asyncio.create_task(finish(work()))
    for _ in range(3):
        await asyncio.sleep(0.005)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["done"]


async def test_finishing_tells_what_went_wrong():
    async def work():
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await finish(work())
