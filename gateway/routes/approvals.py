"""Approvals over HTTP: what waits for the caller, and many decisions at once."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.approvals import ApprovalView, DecideRequest, Decisions, ListApprovals
from contracts.paging import Page
from gateway.batches import BatchView, told
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/approvals", tags=["approvals"])

_PATIENCE_S = 10.0


@router.get("", summary="List what waits for you", responses=answers(Page[ApprovalView]))
async def list_approvals(call: Call, wanted: Annotated[ListApprovals, Query()]) -> Response:
    """Every sort of request that you may decide about, the oldest first."""
    return await call.query(wanted)


@router.post("/decide", summary="Decide about many requests", responses=answers(BatchView))
async def decide_requests(call: Call, body: Decisions) -> BatchView:
    """Approve or reject up to 200 requests; a verdict each, in the order of the items."""
    commands = [DecideRequest(**item.model_dump()) for item in body.items]
    return told(call, await call.commands(commands, _PATIENCE_S))
