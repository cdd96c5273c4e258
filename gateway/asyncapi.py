"""The AsyncAPI document of the events, made from the catalogue; never written by hand.

``python -m gateway.asyncapi`` writes ``docs/asyncapi.json`` and ``docs/events.md``; a contract test
keeps both current.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from contracts.catalogue import EVENTS, owner
from contracts.envelope import EventData
from contracts.public_view import public_view
from contracts.subscriptions import CloudEvent
from kit.messaging.topology import EVENTS as EXCHANGE
from kit.messaging.topology import PUBLIC_VHOST, agency_queue

DOCS = Path(__file__).parent.parent / "docs"
MEDIA_TYPE = "application/cloudevents+json"
VERSION = "1.0"
_SCHEMAS = "#/components/schemas/"
_MESSAGES = "#/components/messages/"
_BINDING = "0.3.0"
_INTERNAL_ONLY = ("correlationid", "causationid", "actor")

_DESCRIPTION = """\
Everything that happens is published as a CloudEvents 1.0 event. Readers outside the city receive \
the public view: no person, no free text, no actor. The same id may arrive more than once; \
`sequence` counts the events of one subject without gaps.
"""


@cache
def document() -> dict[str, Any]:
    """The AsyncAPI 3.0 document."""
    public = [name for name, data in EVENTS.items() if data.public is not None]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Sambatan", "version": VERSION, "description": _DESCRIPTION},
        "defaultContentType": MEDIA_TYPE,
        "servers": _servers(),
        "channels": {
            "agencyQueue": _agency_queue(sorted(public)),
            "events": _exchange(sorted(EVENTS)),
        },
        "operations": _operations(),
        "components": {
            "messages": _messages(),
            "schemas": _schemas(),
        },
    }


def data_models(data: type[EventData]) -> dict[str, type[BaseModel]]:
    """The models of a type's data by audience."""
    models: dict[str, type[BaseModel]] = {"internal": data}
    if data.public is not None:
        models["public"] = data.public
    return models


def example_of(data: type[EventData], audience: str) -> dict[str, Any]:
    """A whole event of this type, as the audience sees it."""
    told = data.example()
    shown = public_view(told) if audience == "public" else told
    if shown is None:
        raise LookupError(f"{data.type} has no public view")
    agency = told.about_agency()
    event = {
        "specversion": "1.0",
        "id": "019a6f0e-7c1e-7d52-9a53-5f0f7a1c2b10",
        "source": ".".join(data.type.split(".")[:2]),
        "type": data.type,
        "subject": "0b0c6f0e-3f57-5d0a-8f6e-0d5f4a9f7c11",
        "time": "2026-11-24T00:21:07.314+00:00",
        "datacontenttype": "application/json",
        "sequence": 1,
    }
    if agency is not None:
        event["agency"] = agency
    if audience == "internal":
        event |= {
            "correlationid": "019a6f0e-7c1a-7b61-8e0a-4b8f6f1e2a01",
            "causationid": "5d1b5f5e-6b7d-5a0a-9d5e-2f1f8a3c4d20",
            "actor": "kepala.bkpsdm",
        }
    return {**event, "data": shown.model_dump(mode="json", by_alias=True)}


def _servers() -> dict[str, Any]:
    return {
        "public": {
            "host": "{host}",
            "pathname": f"/{PUBLIC_VHOST}",
            "protocol": "amqp",
            "protocolVersion": "0-9-1",
            "description": "The virtual host for subscribers; host and user come with the "
            "subscription (`POST /v1/subscriptions`).",
            "variables": {"host": {"default": "localhost:5672"}},
        },
        "city": {
            "host": "{host}",
            "pathname": "/sambatan",
            "protocol": "amqp",
            "protocolVersion": "0-9-1",
            "description": "The virtual host of the city's own services.",
            "variables": {"host": {"default": "localhost:5672"}},
        },
    }


def _agency_queue(types: list[str]) -> dict[str, Any]:
    queue = agency_queue("{name}").name
    return {
        "address": queue,
        "title": "Queue of a subscriber",
        "description": "Filled from the log by the subscriber's own cursor, in order; the header "
        "`x-cursor` resumes the HTTP feed right behind the message.",
        "servers": [{"$ref": "#/servers/public"}],
        "parameters": {"name": {"description": "The name of the subscription."}},
        "messages": {name: {"$ref": f"{_MESSAGES}{name}.public"} for name in types},
        "bindings": {
            "amqp": {
                "is": "queue",
                "queue": {"name": queue, "durable": True, "vhost": f"/{PUBLIC_VHOST}"},
                "bindingVersion": _BINDING,
            }
        },
    }


def _exchange(types: list[str]) -> dict[str, Any]:
    return {
        "address": EXCHANGE,
        "title": "All events, inside the city",
        "description": "A topic exchange; the routing key is the type.",
        "servers": [{"$ref": "#/servers/city"}],
        "messages": {name: {"$ref": f"{_MESSAGES}{name}"} for name in types},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": EXCHANGE,
                    "type": "topic",
                    "durable": True,
                    "vhost": "/sambatan",
                },
                "bindingVersion": _BINDING,
            }
        },
    }


def _operations() -> dict[str, Any]:
    return {
        "deliverToSubscriber": {
            "action": "send",
            "channel": {"$ref": "#/channels/agencyQueue"},
            "summary": "A subscriber's queue is filled with what it subscribed to.",
        },
        "publishEvent": {
            "action": "send",
            "channel": {"$ref": "#/channels/events"},
            "summary": "A service publishes what it has recorded, from its outbox.",
        },
    }


def _messages() -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, data in sorted(EVENTS.items()):
        for audience in data_models(data):
            key = name if audience == "internal" else f"{name}.public"
            told[key] = _message(data, audience)
    return told


def _message(data: type[EventData], audience: str) -> dict[str, Any]:
    return {
        "name": data.type,
        "title": data.__name__,
        "summary": summary(data),
        "contentType": MEDIA_TYPE,
        "payload": _payload(data, audience),
        "examples": [{"payload": example_of(data, audience)}],
        "x-owner": owner(data.type),
        "x-audience": audience,
        "x-since": data.since,
    }


def summary(data: type[EventData]) -> str:
    """The first sentence of what the event states."""
    return (data.__doc__ or data.type).strip().partition("\n")[0]


def _payload(data: type[EventData], audience: str) -> dict[str, Any]:
    envelope = CloudEvent.model_json_schema()
    properties = {
        name: schema
        for name, schema in envelope["properties"].items()
        if audience == "internal" or name not in _INTERNAL_ONLY
    }
    model = data_models(data)[audience]
    properties["type"] = {"const": data.type}
    properties["data"] = {"$ref": _SCHEMAS + _schema_names()[model]}
    required = [*envelope["required"], "specversion", "datacontenttype"]
    return {"type": "object", "properties": properties, "required": sorted(set(required))}


@cache
def _generated() -> tuple[dict[Any, Any], dict[str, Any]]:
    models = {model for data in EVENTS.values() for model in data_models(data).values()}
    ordered = sorted(models, key=lambda model: (model.__module__, model.__name__))
    return models_json_schema(
        [(model, "serialization") for model in ordered], ref_template=_SCHEMAS + "{model}"
    )


def _schema_names() -> dict[type[BaseModel], str]:
    references, _ = _generated()
    return {
        model: schema["$ref"].removeprefix(_SCHEMAS) for (model, _), schema in references.items()
    }


def _schemas() -> dict[str, Any]:
    _, generated = _generated()
    return dict(sorted(generated["$defs"].items()))


@cache
def text() -> str:
    """The document as it is kept in the repository."""
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def write(folder: Path = DOCS) -> None:
    """Write the document and the page about events."""
    from gateway.event_catalogue import page  # it builds on this module

    folder.mkdir(exist_ok=True)
    (folder / "asyncapi.json").write_text(text(), encoding="utf-8")
    (folder / "events.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.stdout.write("docs/asyncapi.json and docs/events.md are written\n")
