"""Publishing into the subscribers' queues, one event after the other, each confirmed."""

import asyncio
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from kit.messaging.link import Link, NotSent, Unknown
from kit.messaging.topology import PUBLIC_VHOST
from services.subscriptions.log.model import Placed

_UP_S = 5.0


class Refused(Exception):
    """The event is not taken now; it says why, and how long to wait at least.

    ``final`` asks not to be tried again.
    """

    def __init__(
        self, reason: str, *, at_least: timedelta = timedelta(0), final: bool = False
    ) -> None:
        super().__init__(reason)
        self.at_least = at_least
        self.final = final


class Outlet(Protocol):
    """Where deliveries go."""

    async def put(self, queue: str, placed: Placed, cursor: str) -> None:
        """Store one event in the queue; :class:`Refused` if that is not certain."""
        ...


class QueueOutlet:
    """The virtual host for outsiders; connected when the first delivery needs it."""

    def __init__(self, rabbitmq_url: str) -> None:
        parts = urlsplit(rabbitmq_url)
        self._url = urlunsplit(parts._replace(path=f"/{PUBLIC_VHOST}"))
        self._link: Link | None = None
        self._starting = asyncio.Lock()

    async def put(self, queue: str, placed: Placed, cursor: str) -> None:
        """Store one event in the queue; :class:`Refused` if that is not certain."""
        link = await self._standing()
        body = placed.text.encode()
        properties = {
            "message_id": placed.id,
            "message_type": placed.type,
            "app_id": "sambatan",
            "content_type": "application/cloudevents+json",
            "headers": {"x-cursor": cursor},
        }
        try:
            await link.publish("", queue, body, properties)
        except NotSent as error:
            raise Refused(str(error)) from error
        except Unknown as error:
            raise Refused(f"the outcome is not known ({error})") from error

    async def close(self) -> None:
        """Close the connection."""
        if self._link is not None:
            await self._link.stop()

    async def _standing(self) -> Link:
        async with self._starting:
            if self._link is None:
                self._link = Link(self._url, "subscriptions.outlet")
                await self._link.start()
        try:
            async with asyncio.timeout(_UP_S):
                await self._link.wait_up()
        except TimeoutError:
            raise Refused("the broker is away") from None
        return self._link
