"""A ledger that lost facts has them back from the archive, and nothing twice."""

from datetime import UTC, date, datetime, timedelta

from kit.messaging.archive import read_again
from tests.unit.kpi.builders import a_day_changed
from tests.waiting import eventually

QUEUE = "kpi.ledger.on-days"


async def test_lost_facts_come_back_as_they_were(publish, hire, store, servers):
    person, facts = await hire("KEC"), store.collection("facts")
    days = [date(2026, 9, day) for day in range(1, 11)]
    mine = {"subject": {"$in": [f"{person}:{day}" for day in days]}}
    await publish(*(a_day_changed("present", employee=person, agency="KEC", on=on) for on in days))

    async def complete():
        found = await facts.find(mine, sort=[("_id", 1)])
        return found if len(found) == len(days) else None

    before = await eventually(complete)
    lost = [fact["_id"] for fact in before[::2]]
    await facts.delete_many({"_id": {"$in": lost}})

    given = await read_again(servers.rabbitmq_url, QUEUE)

    assert given >= len(days)
    assert await eventually(complete) == before
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await read_again(servers.rabbitmq_url, QUEUE, since=tomorrow) == 0
