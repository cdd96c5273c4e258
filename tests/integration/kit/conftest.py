"""Stores of a service that exists only here, on the run's servers."""

import contextlib

import pytest

from deploy.local import rabbitmq
from kit.messaging import topology
from kit.settings import ServiceSettings
from kit.storage.store import Store


@pytest.fixture(scope="session")
def servers(servers_for):
    """Servers that no other part's services listen on."""
    return servers_for("kit")


@contextlib.asynccontextmanager
async def virtual_host(servers, purpose):
    """A virtual host of its own with the whole topology; gives its address."""
    name = f"{servers.vhost}_{purpose}"
    rabbitmq.add_vhost(servers.management_url, name)
    url = f"{servers.rabbitmq_url.rpartition('/')[0]}/{name}"
    await topology.apply(url)
    yield url
    rabbitmq.delete_vhost(servers.management_url, name)


@pytest.fixture
def settings_of(servers):
    """Settings for a database of this worker."""

    def make(name="kit", **more):
        return ServiceSettings(
            rabbitmq_url=servers.rabbitmq_url,
            mongodb_url=servers.mongodb_url,
            mongodb_database=servers.database(name),
            mongodb_durability=servers.mongodb_durability,
            **more,
        )

    return make


@pytest.fixture
async def open_store(settings_of):
    """Opens stores on one database, as replicas of a service do; closed at the end."""
    opened = []

    def open_one(**more):
        store = Store("kit", settings_of(**more))
        opened.append(store)
        return store

    yield open_one
    for store in opened:
        await store.close()
