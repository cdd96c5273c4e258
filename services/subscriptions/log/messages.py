"""Events as the log keeps them and as the feed gives them: CloudEvents 1.0 JSON, written once."""

import json
from typing import Any

from contracts.envelope import Event
from contracts.public_view import public_view as reduced_view
from services.subscriptions.log import cursors
from services.subscriptions.log.model import Entry, Reading


def entry_of(event: Event[Any]) -> Entry:
    """The event with the text for each audience that may read it."""
    return Entry(
        id=event.id,
        type=event.type,
        agency=event.agency,
        event=internal_view(event),
        public=public_view(event),
    )


def internal_view(event: Event[Any]) -> str:
    """The whole event, for the city's own readers."""
    head = _head(event) | {
        "correlationid": event.correlationid,
        "causationid": event.causationid,
    }
    if event.actor is not None:
        head["actor"] = event.actor
    return _joined(head, event.data.model_dump_json(by_alias=True))


def public_view(event: Event[Any]) -> str | None:
    """What readers outside the city see: no actor, no correlation, the reduced data."""
    reduced = reduced_view(event.data)
    if reduced is None:
        return None
    return _joined(_head(event), reduced.model_dump_json(by_alias=True))


def page_text(reading: Reading, key: str) -> str:
    """The answer to a reader of the feed, from texts that are JSON already."""
    items = ",".join(placed.text for placed in reading.found)
    return f'{{"items":[{items}],"next_cursor":"{cursors.encode(reading.position, key)}"}}'


def followed_text(reading: Reading, key: str) -> str:
    """The answer to a stream: each event with the cursor that resumes behind it."""
    items = ",".join(
        f'{{"cursor":"{cursors.encode(placed.position, key)}","event":{placed.text}}}'
        for placed in reading.found
    )
    return f'{{"items":[{items}],"next_cursor":"{cursors.encode(reading.position, key)}"}}'


def _head(event: Event[Any]) -> dict[str, Any]:
    head: dict[str, Any] = {
        "specversion": event.specversion,
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time.isoformat(),
        "datacontenttype": event.datacontenttype,
        "sequence": event.sequence,
    }
    if event.agency is not None:
        head["agency"] = event.agency
    return head


def _joined(head: dict[str, Any], data: str) -> str:
    return f'{json.dumps(head, ensure_ascii=False)[:-1]},"data":{data}}}'
