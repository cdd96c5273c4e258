"""A machine at the gateway: who it says it is, from where it calls, and its messages to the bus."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from hashlib import sha256
from typing import Annotated, Any, Self

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from contracts.device_lines import MOST_LINES, NoteOperations, StoreLines
from contracts.device_views import DeviceMet
from contracts.devices import MeetDevice, Occasion, RecordOrderResults
from contracts.envelope import Actor, CommandBody
from contracts.outcome import Problem, Refusal
from gateway.arrival import Arrival, arrival_of
from gateway.desk import Desk
from gateway.machines.lines import CHUNK_TIMEOUT_S, as_text, lines_of
from kit.ids import new_id

_SERIAL = re.compile(r"[A-Za-z0-9\-]{1,40}")
_MOST_BYTES = 256 * 1024
_AT_ONCE = 4
"""Messages of one upload that are on the bus at a time."""
_OPERATION = "OPLOG"
"""The lines of the operation log that are let in; users and templates are not."""
_RESULT_BYTES = 16_000
_Message = Callable[[tuple[str, ...]], CommandBody]


class Machine:
    """What a route needs to know about the machine that calls, and the ways to take what it has."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._arrival: Arrival = arrival_of(request.scope)
        self._desk: Desk = request.app.state.desk
        self.serial = self._serial()
        self.now = self._arrival.received_at

    def parameter(self, name: str) -> str:
        """A parameter, trimmed; names may have strayed spaces, and case does not matter."""
        for key, value in self._request.query_params.multi_items():
            if key.strip().lower() == name.lower():
                return value.strip()
        return ""

    async def meet(self, occasion: Occasion) -> DeviceMet:
        """What is there for this machine; refused where it may not call."""
        body = MeetDevice(
            serial=self.serial,
            address=self._address(),
            occasion=occasion,
            info=as_text(self.parameter("INFO").encode())[:400] or None,
        )
        answer = await self._desk.bus.query(
            body,
            actor=self._actor,
            received_at=self.now,
            correlation_id=self._arrival.request_id,
        )
        _admitted(answer.problem)
        return DeviceMet.model_validate_json(answer.result or "")

    async def store_lines(self, stamp: str) -> int:
        """Have every line stored; how many there were. Returns only when all are safe."""
        limited = as_text(stamp.encode())[:40] or None
        return await self._send_all(
            lambda lines: StoreLines(serial=self.serial, lines=lines, stamp=limited), ""
        )

    async def note_operations(self) -> int:
        """Have what was done at the machine stored; templates and names are read over."""
        return await self._send_all(
            lambda lines: NoteOperations(serial=self.serial, lines=lines), _OPERATION
        )

    async def record_results(self) -> None:
        """Have the results of orders stored; of a long report only its beginning."""
        text = bytearray()
        async for piece in self._pieces():
            text += piece[: max(0, _RESULT_BYTES - len(text))]
        told = "\n".join(as_text(line) for line in bytes(text).split(b"\n"))
        await self._send(RecordOrderResults(serial=self.serial, text=told))

    async def read_over(self) -> None:
        """Take the body without keeping any of it: photos and templates end here."""
        async for _ in self._pieces():
            pass

    async def _send_all(self, message: _Message, beginning: str) -> int:
        """Send the lines that begin so; how many lines there were in all."""
        count = 0
        async with _Shipment(lambda lines: self._send(message(lines))) as shipment:
            try:
                async for lines in lines_of(self._request.stream()):
                    count += len(lines)
                    for line in lines:
                        if line.startswith(beginning):
                            await shipment.add(line)
            except (TimeoutError, ClientDisconnect):
                raise Refusal("malformed") from None
        return count

    async def _send(self, body: CommandBody) -> None:
        """Stored, or stored in the broker and not looked at yet: both are safe."""
        verdict = await self._desk.bus.command(
            body,
            command_id=new_id(),
            body_hash=sha256(body.model_dump_json().encode()).hexdigest(),
            actor=self._actor,
            received_at=self.now,
            correlation_id=self._arrival.request_id,
            trace_parent=self._arrival.trace_parent,
        )
        if verdict is not None:
            _admitted(verdict.problem)

    async def _pieces(self) -> AsyncIterator[bytes]:
        stream = self._request.stream()
        while True:
            try:
                async with asyncio.timeout(CHUNK_TIMEOUT_S):
                    piece = await anext(stream, None)
            except (TimeoutError, ClientDisconnect):
                raise Refusal("malformed") from None
            if piece is None:
                return
            yield piece

    @property
    def _actor(self) -> Actor:
        return Actor(account=f"device:{self.serial}")

    def _serial(self) -> str:
        told = self.parameter("SN")
        if not _SERIAL.fullmatch(told):
            raise Refusal("device_unknown")
        return told

    def _address(self) -> str | None:
        """From where the machine calls, if that is known.

        The server puts the forwarded address in place when a trusted proxy states it. Where none is
        trusted and one states it all the same, the connection is the proxy's and tells nothing.
        """
        client = self._request.client
        forwarded = self._arrival.header(b"x-forwarded-for") is not None
        if client is None or (forwarded and not self._desk.settings.trusted_proxies):
            return None
        return client.host


def _admitted(problem: Problem | None) -> None:
    """Whatever else went wrong is no fault of the machine: it keeps its records, and repeats."""
    if problem is not None:
        unknown = problem.code == "device_unknown"
        raise Refusal("device_unknown" if unknown else "service_unavailable")


class _Shipment:
    """Lines on their way as messages of a bounded size, a few at a time.

    Leaving waits until all have arrived, and raises what the first one met that did not.
    """

    def __init__(self, send: Callable[[tuple[str, ...]], Coroutine[Any, Any, None]]) -> None:
        self._send = send
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._under_way: list[asyncio.Task[None]] = []
        self._lines: list[str] = []
        self._size = 0

    async def add(self, line: str) -> None:
        """One more line; waits while enough is under way."""
        self._lines.append(line)
        self._size += len(line.encode())
        if len(self._lines) >= MOST_LINES or self._size >= _MOST_BYTES:
            await self._ship()

    async def _ship(self) -> None:
        await self._room.acquire()
        lines, self._lines, self._size = tuple(self._lines), [], 0
        task = asyncio.create_task(self._send(lines))
        task.add_done_callback(lambda _: self._room.release())
        self._under_way.append(task)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None and self._lines:
            await self._ship()
        outcomes = await asyncio.gather(*self._under_way, return_exceptions=True)
        if error is None:
            for outcome in outcomes:
                if outcome is not None:
                    raise outcome


async def _arrive(request: Request) -> Machine:
    """The machine that calls; ``device_unknown`` where it does not say which it is."""
    return Machine(request)


Calling = Annotated[Machine, Depends(_arrive)]
"""What every route of the protocol takes."""
