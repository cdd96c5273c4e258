"""Calling a webhook: one request, one address, no redirects, nothing read but the status."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Protocol

import httpx

from services.subscriptions.deliveries.addresses import Allowed, NotAllowed, chosen, target_of

_LONGEST_REST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call; ``gone`` asks not to be called again."""

    delivered: bool
    ms: int
    status: int | None = None
    reason: str | None = None
    gone: bool = False
    rest: timedelta = timedelta(0)


class Poster(Protocol):
    """Who calls webhooks."""

    async def check(self, url: str) -> None:
        """Raise :class:`NotAllowed` unless this URL may be called."""
        ...

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """Call it; whatever happens is an outcome."""
        ...


class HttpPoster:
    """Calls over HTTP. A name is looked up once per call, and exactly that address is called."""

    def __init__(
        self, allowed: Allowed, timeout_s: float, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self._allowed = allowed
        self._timeout_s = timeout_s
        # no connection is kept: it was proved for one name, another name may have the same address
        self._client = httpx.AsyncClient(
            verify=True if tls is None else tls,
            timeout=timeout_s,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def check(self, url: str) -> None:
        """Raise :class:`NotAllowed` unless this URL may be called."""
        target = target_of(url, self._allowed)
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._address_of(target.host, target.port)
        except (OSError, TimeoutError):
            raise NotAllowed("the host cannot be found") from None

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """Call it; whatever happens is an outcome."""
        began = perf_counter()
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._send(url, headers, body)
        except NotAllowed as error:
            return Outcome(False, _ms(began), reason=str(error))
        except TimeoutError:
            return Outcome(False, _ms(began), reason=f"no answer within {self._timeout_s:g} s")
        except socket.gaierror:
            return Outcome(False, _ms(began), reason="the host cannot be found")
        except (httpx.HTTPError, OSError) as error:
            return Outcome(False, _ms(began), reason=f"not reached ({type(error).__name__})")
        status = response.status_code
        if response.is_success:
            return Outcome(True, _ms(began), status)
        return Outcome(
            False,
            _ms(began),
            status,
            f"answered {status}",
            gone=status == httpx.codes.GONE,
            rest=_retry_after(response),
        )

    async def close(self) -> None:
        """Close what is open."""
        await self._client.aclose()

    async def _send(self, url: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        target = target_of(url, self._allowed)
        address = await self._address_of(target.host, target.port)
        host = f"[{address}]" if ":" in address else address
        request = self._client.build_request(
            "POST",
            f"{target.scheme}://{host}:{target.port}{target.path}",
            headers={"host": target.authority, **headers},
            content=body,
            extensions={"sni_hostname": target.host},
        )
        response = await self._client.send(request, stream=True)
        await response.aclose()  # the status is the answer
        return response

    async def _address_of(self, host: str, port: int) -> str:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return chosen((str(entry[4][0]) for entry in found), self._allowed)


def _ms(began: float) -> int:
    return round((perf_counter() - began) * 1_000)


def _retry_after(response: httpx.Response) -> timedelta:
    told = response.headers.get("retry-after", "")
    seconds = int(told) if told.isdigit() and len(told) < 7 else 0  # days at most
    return min(timedelta(seconds=seconds), _LONGEST_REST)
