"""What the routes of requests for a decision share."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from contracts.envelope import CommandBody, EmployeeId
from contracts.outcome import Refusal
from contracts.requests import NoteOf
from gateway.call import CallContext

Id = Annotated[str, Path(alias="id", min_length=1, max_length=64)]
ME = "me"


async def decide(
    call: CallContext, command: Callable[..., CommandBody], id_: str, body: NoteOf
) -> Response:
    """The command of a decision: the request in the path, the note, the version in If-Match."""
    return await call.command(command(id=id_, note=body.note, if_match=call.optional_if_match()))


def for_whom(call: CallContext, employee: str | None) -> str | None:
    """Whose request it is; ``me`` and nobody are the person behind the account."""
    return call.actor.employee if employee in {None, ME} else employee


def people(call: CallContext, wanted: Sequence[str]) -> tuple[str, ...]:
    """The people of a filter; ``me`` is the person behind the account."""
    if ME in wanted and call.actor.employee is None:
        raise Refusal("not_found")
    return tuple(str(call.actor.employee) if one == ME else one for one in wanted)


def the_person(call: CallContext, text: str) -> EmployeeId:
    """The person named in the path; ``me`` is the person behind the account, if there is one."""
    if text != ME:
        return EmployeeId(text)
    if call.actor.employee is None:
        raise Refusal("not_found")
    return call.actor.employee
