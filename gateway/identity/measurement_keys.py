"""Keys of systems that measure: good for the routes that take measurements, and for no other.

A call with such a key is not one of an account: the key is looked up for each call, so that a
revoked one ends at once, and what it may feed is decided where measurements are taken.
"""

from time import time
from typing import Annotated

from fastapi import Depends, Request

from contracts.envelope import Actor
from contracts.measurements import KeyUsed, UseKey
from contracts.outcome import Refusal
from gateway.arrival import arrival_of
from gateway.call import CallContext, authenticate
from gateway.desk import Desk
from gateway.identity.tokens import Identity
from kit.ids import new_id

PREFIX = "smk_"
_BEARER = "bearer "
_LIVES_S = 60.0


async def authenticate_or_key(request: Request) -> CallContext:
    """Whoever an account's token speaks for, or the system a key was issued to."""
    arrival = arrival_of(request.scope)
    told = arrival.header(b"authorization") or ""
    token = told[len(_BEARER) :].strip()
    if told[: len(_BEARER)].lower() != _BEARER or not token.startswith(PREFIX):
        return await authenticate(request)
    if len(token) > 200:
        raise Refusal("token_invalid")
    desk: Desk = request.app.state.desk
    answer = await desk.bus.query(
        UseKey(key=token),
        actor=Actor(account="system:gateway"),
        received_at=arrival.received_at,
        correlation_id=arrival.request_id,
        after=None,
        language=arrival.language,
        deadline_s=None,
    )
    if answer.problem is not None or answer.result is None:
        raise Refusal("token_invalid")
    account = KeyUsed.model_validate_json(answer.result).account
    arrival.account = account
    if wait_s := desk.limiter.take(account):
        raise Refusal("rate_limited", retry_after_s=wait_s)
    moment = time()
    identity = Identity(Actor(account=account), new_id(), int(moment * 1_000), moment + _LIVES_S)
    return CallContext(request, arrival, desk, identity)


CallOrKey = Annotated[CallContext, Depends(authenticate_or_key)]
"""What routes take that measure."""
