"""The pages about events for people: ``docs/events.md`` and ``/asyncapi``, from the catalogue."""

import json
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from pydantic import BaseModel

from contracts.catalogue import EVENTS, READERS, owner
from contracts.envelope import EventData
from gateway.asyncapi import data_models, example_of, summary

_INTRODUCTION = """\
# Events

Generated from `contracts/catalogue.py` by `python -m gateway.asyncapi`; a test fails when this page
is stale. The same in machine-readable form: [asyncapi.json](asyncapi.json), and `/asyncapi` on a
running gateway. How a system outside the city subscribes: [for-agencies.md](for-agencies.md).

Every event is a CloudEvents 1.0 JSON document. `id` is made when the fact is recorded and stays the
same on every delivery; `sequence` counts the events of one `subject` without gaps. The city's own
readers see `data` whole, with `correlationid`, `causationid` and `actor`. Readers outside see the
public view of the types whose audience is *public*, without those three; other types do not exist
for them.
"""

_Group = Sequence[type[EventData]]


def page() -> str:
    """``docs/events.md``."""
    parts = [_INTRODUCTION, "## All types\n", _table(), "", *map(_section, groups())]
    return "\n".join(parts).rstrip() + "\n"


def groups() -> list[_Group]:
    """Types that say the same fields stand together; by name, as the types first appear."""
    found: dict[Any, list[type[EventData]]] = {}
    for name in sorted(EVENTS):
        data = EVENTS[name]
        family = name.rsplit(".", 2)[0]
        found.setdefault((family, fields_of(data), data.public), []).append(data)
    return list(found.values())


def fields_of(model: type[BaseModel]) -> tuple[tuple[str, str, bool, str], ...]:
    """Name, type, whether it is always there, and description of each field."""
    schema = model.model_json_schema(mode="serialization")
    properties: dict[str, Any] = schema.get("properties", {})
    required = set(schema.get("required", ()))
    return tuple(
        (name, type_text(told), name in required, str(told.get("description", "")))
        for name, told in properties.items()
    )


def type_text(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(type_text(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " \\| ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {type_text(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {type_text(schema['additionalProperties'])}"
    return str(schema.get("format", kind))


def _table() -> str:
    rows = [
        "| type | what it states | owner | audience | since | read by |",
        "|---|---|---|---|---|---|",
    ]
    for name in sorted(EVENTS):
        data = EVENTS[name]
        readers = ", ".join(f"`{queue}`" for queue in _readers(name))
        rows.append(
            f"| `{name}` | {summary(data)} | {owner(name)} | {data.audience} | {data.since} "
            f"| {readers} |"
        )
    return "\n".join(rows)


def _readers(name: str) -> list[str]:
    return [reader.queue for reader in READERS if name in reader.types or "#" in reader.types]


def _section(group: _Group) -> str:
    first = group[0]
    title = first.type.rsplit(".", 2)[0] if len(group) > 1 else first.type
    told = [f"\n## `{title}`\n"]
    if len(group) > 1:
        told += [f"* `{data.type}`: {summary(data)}" for data in group] + [""]
    else:
        told += [summary(first), ""]
    for audience, model in data_models(first).items():
        told += [_fields(audience, model), ""]
    audience = first.audience
    told += [f"Example, {audience} view:\n", "```json", _json(example_of(first, audience)), "```"]
    return "\n".join(told)


def _fields(audience: str, model: type[BaseModel]) -> str:
    rows = [f"`data`, {audience} view:\n", "| field | type | note |", "|---|---|---|"]
    rows += [f"| `{name}` | {kind} | {note} |" for name, kind, _, note in fields_of(model)]
    return "\n".join(rows)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


@cache
def html() -> str:
    """The page at ``/asyncapi``: the same, for a browser, without anything from elsewhere."""
    sections = "".join(_html_section(EVENTS[name]) for name in sorted(EVENTS))
    rows = "".join(
        f'<tr><td><a href="#{escape(name)}"><code>{escape(name)}</code></a></td>'
        f"<td>{escape(summary(EVENTS[name]))}</td><td>{escape(owner(name))}</td>"
        f"<td>{escape(EVENTS[name].audience)}</td><td>{escape(EVENTS[name].since)}</td></tr>"
        for name in sorted(EVENTS)
    )
    return _PAGE.format(rows=rows, sections=sections)


def _html_section(data: type[EventData]) -> str:
    tables = "".join(
        f"<h3>data, {escape(audience)} view</h3><table><tr><th>field<th>type<th>note</tr>"
        + "".join(
            f"<tr><td><code>{escape(name)}</code></td><td>{escape(_plain(kind))}</td>"
            f"<td>{escape(note)}</td></tr>"
            for name, kind, _, note in fields_of(model)
        )
        + "</table>"
        for audience, model in data_models(data).items()
    )
    example = escape(_json(example_of(data, data.audience)))
    return (
        f'<section id="{escape(data.type)}"><h2><code>{escape(data.type)}</code></h2>'
        f"<p>{escape(summary(data))}</p>{tables}<h3>example</h3><pre>{example}</pre></section>"
    )


def _plain(kind: str) -> str:
    return kind.replace("\\|", "|").replace("`", "")


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sambatan: events</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;vertical-align:top;
border-bottom:1px solid #ccc;padding:.3rem .6rem}}pre{{background:#f4f4f4;padding:1rem;
overflow:auto}}section{{margin-top:3rem}}
@media (prefers-color-scheme:dark){{body{{background:#111;color:#ddd}}pre{{background:#222}}
a{{color:#8bf}}}}
</style></head><body>
<h1>Events</h1>
<p>CloudEvents 1.0 JSON. Systems outside the city see the public view of the public types, by
<code>GET /v1/events</code>, <code>GET /v1/events/stream</code> or a queue of their own
(<code>POST /v1/subscriptions</code>). For machines: <a href="/asyncapi.json">/asyncapi.json</a>
(AsyncAPI 3.0). The HTTP interface: <a href="/docs">/docs</a>.</p>
<table><tr><th>type<th>what it states<th>owner<th>audience<th>since</tr>{rows}</table>
{sections}
</body></html>
"""
