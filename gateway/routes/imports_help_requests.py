"""Recorded help requests of other systems over HTTP."""

from fastapi import APIRouter
from pydantic_core import from_json
from starlette.responses import JSONResponse, Response

from contracts.envelope import Verdict
from contracts.help_requests import ImportHelpRequest, ImportHelpRequests
from contracts.help_views import ImportedHelpRequestsView
from gateway.call import Call, CallContext
from gateway.problems import answers
from gateway.receipts import PendingReceipt

router = APIRouter(tags=["imports"])

PATIENCE_S = 20.0


@router.post(
    "/v1/imports/help-requests",
    summary="Import recorded help requests",
    responses=answers(ImportedHelpRequestsView),
)
async def import_help_requests(call: Call, body: ImportHelpRequests) -> Response:
    """Bring in up to a hundred recorded requests with their steps; a status for each."""
    bodies = [ImportHelpRequest(item=item) for item in body.items]
    outcomes = await call.commands(bodies, PATIENCE_S)
    return JSONResponse({"items": [_item(call, outcome) for outcome in outcomes]})


def _item(call: CallContext, outcome: Verdict | PendingReceipt) -> dict[str, object]:
    if isinstance(outcome, PendingReceipt):
        return {"status": "pending", "receipt": f"/v1/receipts/{outcome.id}"}
    if outcome.problem is not None:
        return {"status": "refused", "problem": call.tell_problem(outcome.problem)}
    return {"status": "accepted", "result": from_json(outcome.result or "null")}
