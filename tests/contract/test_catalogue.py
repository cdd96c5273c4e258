"""Every message of the catalogue has exactly one owner, and the topology has a place for it."""

import importlib
import pkgutil
import subprocess
import sys
from collections import Counter

import pytest

from contracts.catalogue import COMMANDS, EVENTS, QUERIES, READERS, SERVICES, features, owner
from kit.messaging.handlers import Handlers
from kit.messaging.topology import consumed_queues, dead_queue, query_queue, queues


def handlers_of(service: str) -> list[Handlers]:
    """What the features of a service take, as their modules declare it."""
    package = importlib.import_module(f"services.{service}")
    names = [
        module.name
        for module in pkgutil.walk_packages(package.__path__, f"services.{service}.")
        if not module.name.endswith("__main__")
    ]
    modules = [importlib.import_module(name) for name in names]
    found = [value for module in modules for value in vars(module).values()]
    return list({id(one): one for one in found if isinstance(one, Handlers)}.values())


def taken_by(service: str, kind: str) -> Counter[str]:
    return Counter(name for one in handlers_of(service) for name in getattr(one, kind))


@pytest.mark.parametrize("name", sorted({*COMMANDS, *QUERIES, *EVENTS}))
def test_every_message_is_named_after_its_owner(name):
    assert owner(name) in SERVICES


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_goes_to_a_feature_of_its_owner(name):
    assert owner(COMMANDS[name].feature) == owner(name)


def test_no_name_is_used_for_two_kinds_of_message():
    assert not set(COMMANDS) & set(QUERIES)
    assert not (set(COMMANDS) | set(QUERIES)) & set(EVENTS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_one_handler_in_the_service_that_owns_it(name):
    found = {service: taken_by(service, "commands")[name] for service in SERVICES}

    assert found == {service: int(service == owner(name)) for service in SERVICES}


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_every_query_has_one_handler_in_the_service_that_owns_it(name):
    if name.endswith(".get_receipt"):
        return  # the kit answers it for every service
    found = {service: taken_by(service, "queries")[name] for service in SERVICES}

    assert found == {service: int(service == owner(name)) for service in SERVICES}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.queue)
def test_every_queue_of_events_has_one_reader_in_its_service(reader):
    found = {service: taken_by(service, "events")[reader.queue] for service in SERVICES}

    assert found == {service: int(service == reader.service) for service in SERVICES}


def test_every_consumed_queue_stands_with_a_place_for_its_dead_letters():
    standing = {queue.name for queue in queues()}

    assert set(features()) <= set(consumed_queues())
    for name in consumed_queues():
        assert {name, dead_queue(name)} <= standing


def test_every_service_has_a_queue_for_its_queries():
    standing = {queue.name for queue in queues()}

    assert {query_queue(service) for service in SERVICES} <= standing


@pytest.mark.parametrize("name", sorted({*COMMANDS, *QUERIES}))
def test_every_message_says_what_it_asks_for(name):
    body = COMMANDS.get(name) or QUERIES[name]

    assert body.__doc__
    assert body.__doc__.strip().partition("\n")[0].endswith(".")


_COUNT = """
import importlib, pkgutil
import contracts
from contracts import catalogue
kinds = catalogue.COMMANDS, catalogue.QUERIES, catalogue.EVENTS
known = [set(kind) for kind in kinds]
for module in pkgutil.iter_modules(contracts.__path__):
    importlib.import_module(f"contracts.{module.name}")
print(*(name for kind, before in zip(kinds, known) for name in set(kind) - before))
"""


def test_the_catalogue_knows_every_message_there_is():
    """In a process of its own, since here everything has been imported."""
    command = (sys.executable, "-c", _COUNT)
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []
