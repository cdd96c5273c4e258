"""The servers that every other integration test stands on."""

import aio_pika
import pytest
from pymongo import AsyncMongoClient

from deploy.local import rabbitmq
from tests.infrastructure import Servers


async def test_a_worker_has_a_virtual_host_of_its_own(servers: Servers) -> None:
    connection = await aio_pika.connect(servers.rabbitmq_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(
            "hello", durable=True, arguments={"x-queue-type": "quorum"}
        )
        await channel.default_exchange.publish(aio_pika.Message(b"hi"), routing_key=queue.name)

        found = await queue.get(timeout=5)

    assert found is not None
    assert found.body == b"hi"


def test_the_management_interface_lists_the_virtual_hosts(servers: Servers) -> None:
    names = {
        vhost["name"] for vhost in rabbitmq.manage(servers.management_url, "GET", "/api/vhosts")
    }

    assert {servers.vhost, servers.public_vhost} <= names


async def test_a_written_document_is_read_back(servers: Servers) -> None:
    async with AsyncMongoClient(servers.mongodb_url) as client:
        collection = client[servers.database("probe")].get_collection("things")
        await collection.insert_one({"_id": "a", "n": 1})

        assert await collection.find_one({"_id": "a"}) == {"_id": "a", "n": 1}


@pytest.mark.parametrize("service", ["attendance", "kpi"])
def test_database_names_carry_the_workers_prefix(servers: Servers, service: str) -> None:
    assert servers.database(service).startswith(servers.database_prefix)
    assert servers.environment(service)[f"SAMBATAN_{service.upper()}_MONGODB_DATABASE"]
