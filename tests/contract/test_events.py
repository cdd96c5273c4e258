"""Every event of the catalogue: its example, its owner, its readers, and what outsiders see."""

import re
import subprocess
import sys
import typing

import pytest
from pydantic import BaseModel

from contracts.catalogue import EVENTS, READERS, SERVICES, owner
from contracts.envelope import Event
from contracts.public_view import public_view
from gateway import asyncapi, event_catalogue
from kit.messaging.topology import queues

PERSONAL = re.compile(
    r"employee|person|people_assigned|supervisor|nip$|^nik|account|actor|owner"
    r"|lat$|lon$|position|latitude|longitude|title|description|note|reason|text|thanks|summary"
)
NAMED_OBJECTS = {"directory.agency.changed.v1", "directory.office.changed.v1"}

types = pytest.mark.parametrize("name", sorted(EVENTS))
public_types = pytest.mark.parametrize(
    "name", sorted(name for name, data in EVENTS.items() if data.public is not None)
)


def fields_within(model: type[BaseModel]) -> set[str]:
    """The names of all fields of a model and of the models in it."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for inner in _models_in(field.annotation):
            found |= fields_within(inner)
    return found


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in _models_in(part)]


@pytest.mark.parametrize("service", SERVICES)
def test_the_catalogue_alone_knows_what_each_service_says(service):
    code = "from contracts.catalogue import *; print(*EVENTS, *COMMANDS, *QUERIES)"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    named = [name for name in told.stdout.split() if name.startswith(f"{service}.")]
    assert len(named) > 1, "an import of the catalogue is missing"


@types
def test_every_example_goes_there_and_back(name):
    example = EVENTS[name].example()

    again = EVENTS[name].model_validate_json(example.model_dump_json(by_alias=True))

    assert again == example


@types
def test_every_example_travels_in_an_envelope(name):
    told = asyncapi.example_of(EVENTS[name], "internal")

    event = Event[EVENTS[name]].model_validate(told)

    assert event.data == EVENTS[name].example()


@types
def test_every_type_is_a_fact_with_a_version_and_an_owner(name):
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+){2}\.v[1-9]\d*", name)
    assert owner(name) in SERVICES


@types
def test_every_type_is_declared_in_the_contract_of_its_owner(name):
    module = EVENTS[name].__module__

    assert module.startswith("contracts.")
    declared_for = {part for part in SERVICES if part in module.split(".")[1]}
    assert declared_for <= {owner(name)}


@types
def test_every_type_says_what_it_states(name):
    assert EVENTS[name].__doc__
    assert asyncapi.summary(EVENTS[name]).endswith(".")


@types
def test_a_type_survives_fields_of_a_later_release(name):
    told = EVENTS[name].example().model_dump(mode="json", by_alias=True)

    EVENTS[name].model_validate({**told, "added_later": 1})


@public_types
def test_the_public_model_has_no_field_for_a_person_a_place_or_free_text(name):
    fields = fields_within(EVENTS[name].public)

    suspicious = {field for field in fields if PERSONAL.search(field)}
    if name not in NAMED_OBJECTS:
        suspicious |= fields & {"name"}
    assert not suspicious


@public_types
def test_the_public_view_follows_from_the_example(name):
    data = EVENTS[name].example()

    view = public_view(data)

    assert isinstance(view, EVENTS[name].public)


@public_types
def test_the_public_model_ignores_what_it_does_not_show(name):
    told = EVENTS[name].example().model_dump(by_alias=True)

    EVENTS[name].public.model_validate({**told, "employee": "somebody"})


@types
def test_no_type_carries_coordinates(name):
    if name == "directory.office.changed.v1":
        return  # the boundary of a building, not the place of a person
    assert not fields_within(EVENTS[name]) & {"lat", "lon", "latitude", "longitude"}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.queue)
def test_the_queue_of_every_reader_stands_with_its_bindings(reader):
    standing = {queue.name: queue for queue in queues()}

    bound = {key for _, key in standing[reader.queue].bindings}

    assert bound == set(reader.types)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.queue)
def test_every_reader_reads_types_that_exist(reader):
    assert set(reader.types) <= set(EVENTS) | {"#"}


def test_the_page_about_events_is_current():
    kept = (asyncapi.DOCS / "events.md").read_text(encoding="utf-8")

    assert kept == event_catalogue.page(), "run: python -m gateway.asyncapi"


def test_the_asyncapi_document_is_current():
    kept = (asyncapi.DOCS / "asyncapi.json").read_text(encoding="utf-8")

    assert kept == asyncapi.text(), "run: python -m gateway.asyncapi"


def test_every_reference_of_the_asyncapi_document_leads_somewhere():
    document = asyncapi.document()
    broken = [path for path in _references(document) if not _leads(document, path)]

    assert broken == []


def test_the_asyncapi_document_names_every_type_for_each_audience():
    messages = asyncapi.document()["components"]["messages"]
    public = {f"{name}.public" for name, data in EVENTS.items() if data.public is not None}

    assert set(messages) == set(EVENTS) | public


def test_the_page_for_browsers_names_every_type_and_loads_nothing_from_elsewhere():
    page = event_catalogue.html()

    assert all(name in page for name in EVENTS)
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", page)


def _references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [value for key, value in part.items() if key == "$ref" and isinstance(value, str)]
        return own + [path for value in part.values() for path in _references(value)]
    if isinstance(part, list):
        return [path for value in part for path in _references(value)]
    return []


def _leads(document: object, path: str) -> bool:
    place = document
    for step in path.removeprefix("#/").split("/"):
        if not isinstance(place, dict) or step not in place:
            return False
        place = place[step]
    return True
