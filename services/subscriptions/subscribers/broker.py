"""The broker's management interface: queues and users for outsiders, in a host of their own.

A subscriber's user may read its own queue and nothing else: no exchange, no other queue.
"""

from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import httpx

from kit.errors import Transient
from kit.messaging.topology import PUBLIC_VHOST, agency_queue

_TIMEOUT_S = 5.0


class PublicBroker(Protocol):
    """Makes and removes what a subscriber needs at the broker; each step may be repeated."""

    async def give(self, name: str, password: str) -> None:
        """Make the queue and its user; an older user of the name and its connections end."""
        ...

    async def remove(self, name: str) -> None:
        """Remove the user and the queue."""
        ...


class ManagementApi:
    """RabbitMQ's management HTTP interface."""

    def __init__(self, url: str, *, own_user: str) -> None:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        self._client = httpx.AsyncClient(
            base_url=f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}/api",
            auth=(unquote(parts.username or ""), unquote(parts.password or "")),
            timeout=_TIMEOUT_S,
        )
        self._own_user = own_user
        self._host_stands = False

    async def give(self, name: str, password: str) -> None:
        """Make the queue and its user; an older user of the name and its connections end."""
        await self._prepare_host()
        queue = agency_queue(name)
        await self._put(
            f"/queues/{_HOST}/{queue.name}", {"durable": True, "arguments": queue.arguments}
        )
        await self._delete(f"/users/{queue.name}")
        await self._put(f"/users/{queue.name}", {"password": password, "tags": ""})
        own_queue = f"^{queue.name.replace('.', chr(92) + '.')}$"
        await self._put(
            f"/permissions/{_HOST}/{queue.name}",
            {"configure": "^$", "write": "^$", "read": own_queue},
        )

    async def remove(self, name: str) -> None:
        """Remove the user and the queue."""
        queue = agency_queue(name).name
        await self._delete(f"/users/{queue}")
        await self._delete(f"/queues/{_HOST}/{queue}")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _prepare_host(self) -> None:
        if self._host_stands:
            return
        await self._put(f"/vhosts/{_HOST}", {})
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        await self._put(f"/permissions/{_HOST}/{quote(self._own_user, safe='')}", everything)
        self._host_stands = True

    async def _put(self, path: str, body: dict[str, Any]) -> None:
        await self._call("PUT", path, body)

    async def _delete(self, path: str) -> None:
        await self._call("DELETE", path, None)

    async def _call(self, method: str, path: str, body: dict[str, Any] | None) -> None:
        try:
            response = await self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise Transient(f"the broker's management: {type(error).__name__}") from error
        gone = method == "DELETE" and response.status_code == httpx.codes.NOT_FOUND
        if response.is_error and not gone:
            raise Transient(f"the broker's management: {response.status_code} for {method}")


_HOST = quote(PUBLIC_VHOST, safe="")
