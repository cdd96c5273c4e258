"""Recorded help requests of other systems over HTTP."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from contracts.help_requests import ImportHelpRequest, ImportHelpRequests
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
    """Bring in up to a hundred recorded requests with their steps; a status for each."""
    bodies = [ImportHelpRequest(item=item) for item in body.items]
    outcomes = await call.commands(bodies, PATIENCE_S)
    return JSONResponse(told(call, outcomes).model_dump(mode="json", exclude_none=True))
