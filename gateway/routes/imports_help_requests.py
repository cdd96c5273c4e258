"""Recorded help requests of other systems over HTTP."""

from fastapi import APIRouter
from starlette.responses import Response

from contracts.help_requests import ImportHelpRequest, ImportHelpRequests
from contracts.outcome import Refusal
from gateway.batches import BatchView, told
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["imports"])

PATIENCE_S = 20.0


@router.post(
    "/v1/imports/help-requests",
    summary="Import recorded help requests",
    responses=answers(BatchView),
)
async def import_help_requests(call: Call, body: ImportHelpRequests) -> Response:
    """For accounts with the right to import: recorded requests with their steps, a status each."""
    if not call.actor.has("loader"):
        raise Refusal("forbidden")  # the service checks it again; this spares a hundred refusals
    bodies = [ImportHelpRequest(item=item) for item in body.items]
    outcomes = await call.commands(bodies, PATIENCE_S)
    return Response(told(call, outcomes).model_dump_json(), media_type="application/json")
