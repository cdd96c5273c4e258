"""A caller of the public HTTP API who waits for receipts and repeats what may not have arrived."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

import httpx

T = TypeVar("T")

_AT_ONCE = 16
_PATIENCE_S = 120.0
_PAUSE_S = 0.25
_RENEW_BELOW_S = 60
_ATTEMPTS = 20
_TOO_EARLY = (429, 503)


class NotDone(Exception):
    """The system refused what the demo needs; the text says what and why."""


class Caller:
    """One account at the gateway; renews its own session."""

    def __init__(self, gateway: str, *, http: httpx.AsyncClient | None = None) -> None:
        """Callers may share connections: ``http`` is then closed by whoever made it."""
        self._http = http or httpx.AsyncClient(base_url=gateway, timeout=30)
        self._session: dict[str, Any] = {}
        self._expires_at = 0.0

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def sign_in(self, username: str, password: str) -> bool:
        """Whether the account and its password are there."""
        answer = await self._send(
            "POST", "/v1/session", json={"username": username, "password": password}
        )
        if answer.status_code == 401:
            return False
        self._keep(_good(answer))
        return True

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        """A view."""
        return _good(await self.call("GET", path, params=query))

    async def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """A whole list, page by page."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = await self.get(
                path, limit=200, **query, **({"cursor": cursor} if cursor else {})
            )
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    async def do(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **body: Any
    ) -> dict[str, Any]:
        """A change, carried out; waits for its receipt where the answer is 202."""
        answer = await self.call(method, path, headers=dict(headers or {}), **body)
        if answer.status_code != 202:
            return _good(answer)
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                receipt = await self.get(answer.headers["Location"])
                if receipt["status"] == "accepted":
                    result: dict[str, Any] = receipt["result"]
                    return result
                if receipt["status"] != "pending":
                    raise NotDone(f"{method} {path}: {receipt}")
                await asyncio.sleep(_PAUSE_S)

    async def each(self, things: Iterable[T], work: Callable[[T], Awaitable[Any]]) -> None:
        """Work on many things, a few at a time."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(thing: T) -> None:
            async with gate:
                await work(thing)

        async with asyncio.TaskGroup() as group:
            for thing in things:
                group.create_task(one(thing))

    async def call(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """The answer as it is, refusals included."""
        await self._renew()
        sent = {"Authorization": f"Bearer {self._session['access_token']}", "Accept-Language": "en"}
        return await self._send(method, path, headers=sent | (headers or {}), **more)

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send; what may not have arrived is repeated, which its key makes harmless."""
        answer: httpx.Response | None = None
        for _ in range(_ATTEMPTS):
            try:
                answer = await self._http.request(method, path, **more)
            except httpx.TransportError as error:
                failure: Exception = error
                await asyncio.sleep(_PAUSE_S)
                continue
            if answer.status_code not in _TOO_EARLY:
                return answer
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
        if answer is None:
            raise NotDone(f"the gateway does not answer: {failure}") from failure
        return answer

    async def _renew(self) -> None:
        if asyncio.get_running_loop().time() < self._expires_at - _RENEW_BELOW_S:
            return
        body = {"refresh_token": self._session["refresh_token"]}
        self._keep(_good(await self._send("POST", "/v1/session/refresh", json=body)))

    def _keep(self, session: dict[str, Any]) -> None:
        self._session = session
        self._expires_at = asyncio.get_running_loop().time() + session["expires_in"]


def _good(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise NotDone(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
        )
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found
