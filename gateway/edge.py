"""The outermost ring: request ids, the access log, the figures, and the last catch of a bug."""

from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.arrival import Arrival, note_arrival
from gateway.metrics import Metrics
from gateway.problems import refuse
from kit.logging import get_logger

_UNLOGGED = frozenset({"/health/live", "/health/ready", "/metrics"})
_NOSNIFF = (b"x-content-type-options", b"nosniff")
_NO_STORE = (b"cache-control", b"no-store")

log = get_logger(__name__)


class Edge:
    """Every request passes here first; answers leave with their id."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._series: dict[tuple[str, str, int], Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the arrival, let the rest work, and write down what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        arrival = note_arrival(scope)
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _complete(message["headers"], arrival, scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            log.exception("request.failed", correlation_id=arrival.request_id)
            if status:
                raise  # half an answer has left: the server must cut the connection
            await refuse(arrival, "internal_error")(scope, receive, answer)
            del error
        finally:
            self._write_down(scope, arrival, status, perf_counter() - started)

    def _write_down(self, scope: Scope, arrival: Arrival, status: int, seconds: float) -> None:
        if scope["path"] in _UNLOGGED:
            return
        route = getattr(scope.get("route"), "path", "unmatched")
        key = (scope["method"], route, status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self._metrics.requests.labels(*map(str, key))
        series.observe(seconds)
        facts = {} if arrival.code is None else {"code": arrival.code}
        log.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1_000, 1),
            correlation_id=arrival.request_id,
            **facts,
        )


def _complete(
    headers: list[tuple[bytes, bytes]], arrival: Arrival, path: str
) -> list[tuple[bytes, bytes]]:
    more = [*headers, (b"x-request-id", arrival.request_id.encode()), _NOSNIFF]
    if path.startswith("/v1/") and not any(name == b"cache-control" for name, _ in headers):
        more.append(_NO_STORE)  # what people see of each other stays out of shared caches
    return more
