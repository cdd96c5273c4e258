"""Punches that other systems captured."""

from fastapi import APIRouter
from pydantic import Field

from contracts.attendance import ImportPunch
from contracts.envelope import Value
from contracts.outcome import Refusal
from gateway.batches import BatchView, told
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["imports"])

_PATIENCE_S = 25.0


class PunchImport(Value):
    """Up to 500 punches, each of any past moment."""

    items: tuple[ImportPunch, ...] = Field(min_length=1, max_length=500)


@router.post(
    "/v1/imports/punches",
    summary="Import punches of other systems",
    responses=answers(BatchView),
)
async def import_punches(body: PunchImport, call: Call) -> BatchView:
    """For accounts with the right ``import:punches``; verdicts in the order of the items."""
    _needs_the_right(call)
    return told(call, await call.commands(body.items, _PATIENCE_S))


def _needs_the_right(call: Call) -> None:
    """The services check it again; refusing here spares five hundred refusals."""
    if not call.actor.has("loader"):
        raise Refusal("forbidden")
