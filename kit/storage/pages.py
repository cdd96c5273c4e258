"""Pages by key, not by offset: a page costs the same however far down the list it is."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.outcome import Refusal
from kit.storage.connection import Collection, Document


def encode(value: Any, id_: str) -> str:
    """The cursor behind a document: its sort value and its id."""
    moment = isinstance(value, datetime)
    plain = value.isoformat() if moment else value
    text = json.dumps([plain, id_, moment], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str) -> tuple[Any, str]:
    """The sort value and id of a cursor; refuses what we did not make."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, id_, moment = json.loads(base64.urlsafe_b64decode(padded))
        _must_be_plain(value)
        _must_be_plain(id_)
        return (datetime.fromisoformat(value) if moment else value), str(id_)
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Refusal.invalid("/cursor", "must be the next_cursor of the page before") from error


def _must_be_plain(value: Any) -> None:
    """A cursor may come from anybody: no operators, nothing the database cannot compare."""
    if isinstance(value, str):
        value.encode()  # no lone surrogates
    elif isinstance(value, int):
        value.to_bytes(8, signed=True)
    elif value is not None and not isinstance(value, float):
        raise TypeError("not a plain value")


async def page(
    collection: Collection,
    query: Mapping[str, Any],
    *,
    sort: str = "_id",
    limit: int = 50,
    cursor: str | None = None,
) -> tuple[list[Document], str | None]:
    """The documents of one page and the cursor of the next, None on the last."""
    way = -1 if sort.startswith("-") else 1
    field = sort.lstrip("-")
    asked = dict(query)
    if cursor is not None:
        value, id_ = decode(cursor)
        beyond = "$lt" if way < 0 else "$gt"
        tie = {field: value, "_id": {beyond: id_}}
        further = [{field: {beyond: value}}, tie] if field != "_id" else [{"_id": {beyond: id_}}]
        asked = {"$and": [asked, {"$or": further}]} if asked else {"$or": further}
    order = [(field, way)] if field == "_id" else [(field, way), ("_id", way)]
    found = await collection.find(asked, sort=order, limit=limit + 1)
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], encode(last.get(field), last["_id"])
