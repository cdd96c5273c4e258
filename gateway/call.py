"""One authenticated call: who asks, and how its commands and queries become HTTP answers."""

import asyncio
import re
from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic_core import from_json
from starlette.responses import Response

from contracts.envelope import (
    Actor,
    Answer,
    CommandBody,
    CommandId,
    EmployeeId,
    QueryBody,
    Verdict,
)
from contracts.identity import MayActFor, MayActForAnswer
from contracts.outcome import FieldError, Problem, Refusal
from gateway.arrival import Arrival, arrival_of
from gateway.desk import Desk
from gateway.identity.deputies import HEADER, acting_for
from gateway.identity.tokens import Identity
from gateway.problems import document, respond
from gateway.receipts import PendingReceipt
from kit.ids import derived_id, new_id
from kit.messaging.client import Unavailable

MOST_AT_ONCE = 64
"""Commands of one call that are on the bus at a time."""

_BEARER = "bearer "
_KEY = re.compile(r"[\x20-\x7e]{1,200}")
_ETAG = re.compile(r'"(\d{1,15})"')
_MARK = re.compile(r"[\x21-\x7e]{1,300}@\d{1,15}")
_PERSON = re.compile(r"[A-Za-z0-9-]{1,40}")
_PLACE = re.compile(r"\{(\w+)\}")


class CallContext:
    """What a route needs to know about its caller, and the ways to have work done."""

    __slots__ = (
        "_arrival",
        "_body",
        "_delegated",
        "_delegator",
        "_desk",
        "_identity",
        "_key",
        "_request",
        "actor",
        "language",
        "received_at",
    )

    def __init__(self, request: Request, arrival: Arrival, desk: Desk, identity: Identity) -> None:
        self._request = request
        self._arrival = arrival
        self._desk = desk
        self._identity = identity
        self._key: str | None = None
        self._body: str | None = None
        self._delegator: EmployeeId | None = None
        self._delegated: MayActForAnswer | None = None
        self.actor = identity.actor
        self.received_at = arrival.received_at
        self.language = arrival.language

    @property
    def session(self) -> str:
        """The session the token belongs to."""
        return self._identity.session

    @property
    def correlation_id(self) -> str:
        """The request id, which every message of this call carries."""
        return self._arrival.request_id

    async def act_for(self, delegator: EmployeeId) -> None:
        """Act for this person from here on; refused without a delegation that is in force."""
        answer = await self.ask(MayActFor(employee=delegator))
        if answer.result is None:
            raise Refusal("forbidden")
        given = MayActForAnswer.model_validate_json(answer.result)
        if not given.allowed:
            raise Refusal("forbidden")
        self._delegator, self._delegated = delegator, given

    def _actor_for(self, service: str) -> Actor:
        if self._delegator is None or self._delegated is None:
            return self.actor
        return acting_for(self.actor, self._delegator, self._delegated, service)

    async def command(self, body: CommandBody, *, location: str | None = None) -> Response:
        """Have a change made; 201 or 200 with its result, its problem, or 202 with a receipt.

        ``location`` is where a created resource is found; ``{field}`` takes a field of the result.
        """
        verdict = await self._send(body, derived_id(self.actor.account, self.key), None)
        if isinstance(verdict, PendingReceipt):
            return self._pending(verdict)
        return self.tell_verdict(verdict, location=location)

    async def commands(
        self, bodies: Sequence[CommandBody], patience_s: float
    ) -> list[Verdict | PendingReceipt]:
        """Have many changes made, each with a verdict of its own, in the order of the bodies.

        The ids derive from the caller's key and the place in the list; what could not be sent is
        ``service_unavailable`` in its place.
        """
        gate = asyncio.Semaphore(MOST_AT_ONCE)
        deadline = asyncio.get_running_loop().time() + patience_s

        async def send(index: int, body: CommandBody) -> Verdict | PendingReceipt:
            command = derived_id(self.actor.account, self.key, index)
            async with gate:
                left = max(0.05, deadline - asyncio.get_running_loop().time())
                try:
                    return await self._send(body, command, left)
                except Unavailable:
                    problem = Problem(code="service_unavailable")
                    return Verdict(command=CommandId(command), status=503, problem=problem)

        return list(await asyncio.gather(*(send(*item) for item in enumerate(bodies))))

    async def query(self, body: QueryBody) -> Response:
        """Have a view answered: 200 with its result, or its problem."""
        return self.tell(await self.ask(body))

    async def ask(self, body: QueryBody, *, deadline_s: float | None = None) -> Answer:
        """The answer itself, for routes that shape it; raises ``Unavailable``."""
        return await self._desk.bus.query(
            body,
            actor=self._actor_for(body.service),
            received_at=self.received_at,
            correlation_id=self.correlation_id,
            after=self._after(),
            language=self.language,
            deadline_s=deadline_s,
        )

    def tell(self, answer: Answer) -> Response:
        """An answer as HTTP tells it."""
        if answer.problem is not None:
            return respond(self._arrival, answer.problem)
        headers: dict[str, str] = {}
        if answer.version is not None:
            headers["ETag"] = f'"{answer.version}"'
        if answer.behind:
            headers["X-Behind"] = "true"
        result = answer.result or ""
        content = b64decode(result) if answer.base64 else result.encode()
        return Response(content, answer.status, headers=headers, media_type=answer.media_type)

    def tell_verdict(self, verdict: Verdict, *, location: str | None = None) -> Response:
        """A verdict as HTTP tells it."""
        if verdict.problem is not None:
            return respond(self._arrival, verdict.problem)
        headers: dict[str, str] = {}
        if verdict.version is not None:
            headers["ETag"] = f'"{verdict.version}"'
        if verdict.written is not None:
            headers["X-Written"] = verdict.written
        if location is not None and verdict.status in {201, 202}:
            headers["Location"] = _place(location, verdict.result)
        if verdict.result is None:
            return Response(status_code=204, headers=headers)
        return Response(
            verdict.result, verdict.status, headers=headers, media_type="application/json"
        )

    def tell_problem(self, problem: Problem) -> dict[str, Any]:
        """A problem as plain data, for answers that hold several."""
        return document(problem, self.language, self.correlation_id)

    def if_match(self) -> int:
        """The version the caller has seen; without it, 428."""
        version = self.optional_if_match()
        if version is None:
            raise Refusal("version_required")
        return version

    def optional_if_match(self) -> int | None:
        """The version the caller has seen, where it says one."""
        told = self._arrival.header(b"if-match")
        if told is None:
            return None
        if (found := _ETAG.fullmatch(told.strip())) is None:
            raise Refusal("version_conflict")  # no version of ours ever looked like this
        return int(found[1])

    @property
    def key(self) -> str:
        """The Idempotency-Key; made up where the caller sent none."""
        if self._key is None:
            self._key = self._read_key()
        return self._key

    def _read_key(self) -> str:
        told = self._arrival.header(b"idempotency-key")
        if told is None:
            return new_id()
        if not _KEY.fullmatch(told):
            raise _unreadable(self._arrival, "Idempotency-Key", _KEY_RULE)
        return told

    def _after(self) -> str | None:
        told = self._arrival.header(b"x-written")
        if told is None:
            return None
        if not _MARK.fullmatch(told):
            raise _unreadable(self._arrival, "X-Written", _MARK_RULE)
        return told

    async def _send(
        self, body: CommandBody, command: str, patience_s: float | None
    ) -> Verdict | PendingReceipt:
        verdict = await self._desk.bus.command(
            body,
            command_id=command,
            body_hash=self._body_hash(),
            actor=self._actor_for(body.feature.partition(".")[0]),
            received_at=self.received_at,
            correlation_id=self.correlation_id,
            trace_parent=self._arrival.trace_parent,
            patience_s=patience_s,
        )
        if verdict is not None:
            return verdict
        receipt = self._desk.receipts.write(
            feature=body.feature,
            command=CommandId(command),
            account=self.actor.account,
            received_at=self.received_at,
        )
        return PendingReceipt(id=receipt, received_at=self.received_at)

    def body_is(self, *digests: str) -> None:
        """What stands for the body of a call that read it as a stream, when a key is repeated."""
        self._body = " ".join(digests)

    def _body_hash(self) -> str:
        scope = self._request.scope
        said = sha256(f"{scope['method']} {scope['path']}?".encode())
        said.update(scope["query_string"])
        said.update(b"\n")
        said.update(self._arrival.body if self._body is None else self._body.encode())
        return said.hexdigest()

    @staticmethod
    def _pending(receipt: PendingReceipt) -> Response:
        headers = {"Location": f"/v1/receipts/{receipt.id}"}
        content = receipt.model_dump_json()
        return Response(content, 202, headers=headers, media_type="application/json")


_KEY_RULE = {
    "id": "1 sampai 200 karakter ASCII yang dapat dicetak",
    "en": "must be 1 to 200 printable ASCII characters",
}
_MARK_RULE = {
    "id": "harus berbentuk <id>@<urutan>, seperti yang dijawab X-Written",
    "en": "must look like <id>@<sequence>, as X-Written was answered",
}


_PERSON_RULE = {"id": "id seorang pegawai", "en": "must be the id of an employee"}


def _unreadable(arrival: Arrival, header: str, rule: dict[str, str]) -> Refusal:
    error = FieldError(pointer=f"/header/{header}", detail=rule[arrival.language])
    return Refusal("validation_failed", errors=(error,))


def _place(location: str, result: str | None) -> str:
    if "{" not in location or result is None:
        return location
    fields = from_json(result)
    return _PLACE.sub(lambda place: str(fields.get(place[1], "")), location)


async def authenticate(request: Request) -> CallContext:
    """Find out who asks; refuse who cannot prove it, and who asks too often."""
    arrival = arrival_of(request.scope)
    desk: Desk = request.app.state.desk
    told = arrival.header(b"authorization") or ""
    if told[: len(_BEARER)].lower() != _BEARER:
        raise Refusal("token_invalid")
    identity = await desk.identity(told[len(_BEARER) :].strip())
    account = identity.actor.account
    if desk.closed.refuses(account, identity.rights_as_of):
        raise Refusal("token_invalid")
    arrival.account = account
    if wait_s := desk.limiter.take(account):
        raise Refusal("rate_limited", retry_after_s=wait_s)
    call = CallContext(request, arrival, desk, identity)
    if (delegator := arrival.header(HEADER)) is not None:
        if not _PERSON.fullmatch(delegator):
            raise _unreadable(arrival, "X-On-Behalf-Of", _PERSON_RULE)
        await call.act_for(EmployeeId(delegator))
    return call


Call = Annotated[CallContext, Depends(authenticate)]
"""What every route takes but those that need no account."""
