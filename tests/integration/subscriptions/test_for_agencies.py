"""The example that agencies are given works as it stands in the document."""

import asyncio
import json
import sys

from deploy.local.settings import CHECKOUT
from tests.integration.subscriptions.builders import counts_of

COUNTS = "attendance.agency_day.counted.v1"


def the_example() -> str:
    text = (CHECKOUT / "docs" / "for-agencies.md").read_text(encoding="utf-8")
    return text.split("```python\n", 1)[1].split("```", 1)[0]


async def test_the_documented_reader_of_a_queue_receives_an_event(ask, publish, a_name, tmp_path):
    body = {"name": a_name, "types": [COUNTS], "delivery": {"amqp": {}}, "after": "latest"}
    created = await ask("POST", "/v1/subscriptions", json=body)
    (tmp_path / "credentials.json").write_text(json.dumps(created.json()["credentials"]))
    await publish(counts_of("BKPSDM"))

    reader = await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-c", the_example(), cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(30):
            line = (await reader.stdout.readline()).decode()
    finally:
        reader.kill()
        await reader.wait()

    assert line.startswith(f"{COUNTS} BKPSDM:2026-11-24 ")


def test_the_example_is_as_short_as_promised():
    assert len(the_example().splitlines()) <= 30
