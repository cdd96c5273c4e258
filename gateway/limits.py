"""How much a caller may send and how often: body sizes, kinds and a bucket of calls per account."""

import asyncio
import re
from dataclasses import dataclass
from time import monotonic
from typing import Any

from pydantic_core import from_json
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.outcome import FieldError, Problem
from gateway.arrival import Arrival, arrival_of
from gateway.problems import refuse, respond

JSON_LIMIT = 1024 * 1024
FILE_LIMIT = 25 * 1024 * 1024
BODY_TIMEOUT_S = 30.0

IMPORTS = "/v1/imports"
"""Calls that bring much at once; some of them take files instead of JSON."""
FILES = (
    "/v1/imports/absences",
    "/v1/imports/attlog",
    "/v1/imports/employees",
    "/v1/imports/measurements",
    "/v1/imports/rosters",
    "/v1/uploads",
)
STREAMED = ("/iclock/", "/v1/uploads")
"""Calls that read their body piece by piece themselves."""

_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
_JSON_TYPE = re.compile(rb"application/(?:json|[a-z0-9.\-]+\+json)[ \t]*(?:;.*)?", re.IGNORECASE)
_SUSPICIOUS = re.compile(rb"NaN|Infinity|\\u0000|\\u[dD][89a-fA-F]|[0-9][eE]\+?[0-9]{3}")


class Bodies:
    """Reads a body whole within its limit, and refuses what is no clean JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the body on in one piece, or answer with the problem."""
        if scope["type"] != "http" or scope["path"].startswith(STREAMED):
            await self._app(scope, receive, send)
            return
        arrival = arrival_of(scope)
        if b"%00" in scope["query_string"]:
            await refuse(arrival, "malformed")(scope, receive, send)
            return
        if scope["method"] in _BODILESS:
            await self._app(scope, receive, send)
            return
        try:
            refusal = await _take_body(scope, arrival, receive)
        except _Gone:
            return
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, _replay(arrival.body, receive), send)


class _Gone(Exception):
    """The caller hung up in the middle of the body."""


async def _take_body(scope: Scope, arrival: Arrival, receive: Receive) -> Response | None:
    limit = FILE_LIMIT if scope["path"].startswith(IMPORTS) else JSON_LIMIT
    declared = arrival.headers.get(b"content-length", b"0")
    body = None
    if not declared.isdigit() or int(declared) <= limit:
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                body = await _read(receive, limit)
        except TimeoutError:
            return refuse(arrival, "malformed")
    if body is None:
        headers = {"Connection": "close"}
        problem = Problem(code="body_too_large", facts={"limit_bytes": limit})
        return respond(arrival, problem, headers=headers)
    arrival.body = body
    if not body or scope["path"].startswith(FILES):
        return None
    return _judge_json(arrival)


async def _read(receive: Receive, limit: int) -> bytes | None:
    message = await receive()
    if not message.get("more_body", False) and message["type"] == "http.request":
        whole: bytes = message.get("body", b"")
        return whole if len(whole) <= limit else None
    parts, size = [], 0
    while True:
        if message["type"] == "http.disconnect":
            raise _Gone
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()


def _judge_json(arrival: Arrival) -> Response | None:
    """Refuse other types, text that is not UTF-8, numbers beyond all bounds and NUL characters."""
    if not _JSON_TYPE.fullmatch(arrival.headers.get(b"content-type", b"")):
        return refuse(arrival, "unsupported_media_type", allowed="application/json")
    try:
        arrival.body.decode()
        if _SUSPICIOUS.search(arrival.body):
            told = from_json(arrival.body, allow_inf_nan=False)
            if (pointer := _unclean(told)) is not None:
                return _not_text(arrival, pointer)
    except ValueError:
        return refuse(arrival, "malformed")
    return None


def _unclean(told: Any) -> str | None:
    """The JSON pointer of the first text with a NUL in it; raises on an infinite number."""
    waiting = [("", told)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, str) and "\0" in value:
            return pointer
        if isinstance(value, float) and value in {float("inf"), float("-inf")}:
            raise ValueError(pointer)
        if isinstance(value, dict):
            if any("\0" in name for name in value):
                return pointer
            waiting += [(f"{pointer}/{name}", inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{index}", inner) for index, inner in enumerate(value)]
    return None


def _not_text(arrival: Arrival, pointer: str) -> Response:
    detail = {"id": "tidak boleh memuat karakter NUL", "en": "may not contain a NUL character"}
    error = FieldError(pointer=pointer, detail=detail[arrival.language])
    return respond(arrival, Problem(code="validation_failed", errors=(error,)))


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = True

    async def replayed() -> Message:
        nonlocal waiting
        if waiting:
            waiting = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replayed


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimiter:
    """A bucket of tokens per account, in this process; refilled evenly, emptied by calls."""

    MOST_ACCOUNTS = 20_000

    def __init__(self, per_second: float, burst: int) -> None:
        self.per_second = per_second
        self.burst = burst
        self._buckets: dict[str, _Bucket] = {}

    def take(self, account: str) -> int:
        """Take a token; returns 0, or the seconds after which there will be one."""
        moment = monotonic()
        bucket = self._buckets.get(account)
        if bucket is None:
            if len(self._buckets) >= self.MOST_ACCOUNTS:
                self._forget_full(moment)
            bucket = self._buckets[account] = _Bucket(self.burst, moment)
        bucket.tokens = min(self.burst, bucket.tokens + (moment - bucket.at) * self.per_second)
        bucket.at = moment
        if bucket.tokens < 1:
            return max(1, round((1 - bucket.tokens) / self.per_second))
        bucket.tokens -= 1
        return 0

    def headers(self, retry_after_s: int) -> dict[str, str]:
        """What a refused caller is told about the limit."""
        window = max(1, round(self.burst / self.per_second))
        return {
            "Retry-After": str(retry_after_s),
            "RateLimit-Policy": f'"account";q={self.burst};w={window}',
            "RateLimit": f'"account";r=0;t={retry_after_s}',
        }

    def _forget_full(self, moment: float) -> None:
        refill_s = self.burst / self.per_second
        self._buckets = {
            account: bucket
            for account, bucket in self._buckets.items()
            if moment - bucket.at < refill_s
        }
