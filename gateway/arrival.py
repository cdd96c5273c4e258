"""A request as it came in: when, under which id, in which language, with which body."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

from starlette.types import Scope

from kit.clock import now
from kit.ids import new_id

Language = Literal["id", "en"]

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._\-]{1,128}")
_TRACE_PARENT = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_KEY = "sambatan.arrival"


@dataclass(slots=True)
class Arrival:
    """What every part of the gateway knows about the request it is busy with."""

    received_at: datetime
    request_id: str
    language: Language
    trace_parent: str | None
    headers: dict[bytes, bytes]
    body: bytes = b""
    account: str | None = None
    code: str | None = field(default=None)

    def header(self, name: bytes) -> str | None:
        """A header's text, or nothing where it is absent."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


def note_arrival(scope: Scope) -> Arrival:
    """Write the arrival down in the scope, for everybody behind."""
    headers = dict(scope["headers"])
    asked = headers.get(b"x-request-id", b"")
    trace = headers.get(b"traceparent", b"")
    arrival = Arrival(
        received_at=now(),
        request_id=asked.decode() if _REQUEST_ID.fullmatch(asked) else new_id(),
        language=language_of(headers.get(b"accept-language", b"")),
        trace_parent=trace.decode() if _TRACE_PARENT.fullmatch(trace) else None,
        headers=headers,
    )
    scope[_KEY] = arrival
    return arrival


def arrival_of(scope: Scope) -> Arrival:
    """The arrival noted for this scope."""
    return cast(Arrival, scope[_KEY])


def language_of(accepted: bytes) -> Language:
    """Indonesian, unless English is preferred (``Accept-Language``)."""
    if not accepted:
        return "id"
    best: tuple[float, Language] = (0.0, "id")
    for part in accepted.decode("latin-1").lower().split(","):
        name, _, parameters = part.strip().partition(";")
        language = name.partition("-")[0].strip()
        quality = _quality(parameters)
        if language in {"id", "en"} and quality > best[0]:
            best = (quality, "en" if language == "en" else "id")
    return best[1]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
