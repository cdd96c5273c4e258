"""What became of commands that were answered with 202."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic_core import from_json
from starlette.responses import Response

from contracts.outcome import Problem, Refusal
from contracts.receipts import RECEIPT_QUERIES, ReceiptView
from gateway.call import Call, CallContext
from gateway.desk import Desk
from gateway.problems import ProblemDocument, answers
from gateway.receipts import Noted, Receipt
from kit.messaging.client import Unavailable

router = APIRouter(prefix="/v1/receipts", tags=["receipts"])


@router.get("/{id}", summary="Read a receipt", responses=answers(Receipt))
async def get_receipt(
    receipt_id: Annotated[str, Path(alias="id", max_length=1_000)], call: Call, request: Request
) -> Response:
    """Pending, accepted with its result, refused with its problem, or stuck."""
    desk: Desk = request.app.state.desk
    noted = desk.receipts.read(receipt_id, call.actor.account)
    if noted is None or noted.service not in RECEIPT_QUERIES:
        raise Refusal("not_found")
    view = await _look_up(call, noted)
    receipt = Receipt(
        id=receipt_id,
        status=view.status,
        received_at=noted.received_at,
        result=_record(view.result),
        problem=_told(call, view.problem),
    )
    content = receipt.model_dump_json(exclude_none=True)
    return Response(content, media_type="application/json")


async def _look_up(call: CallContext, noted: Noted) -> ReceiptView:
    """What the service says; while it says nothing the command is pending: it is stored."""
    body = RECEIPT_QUERIES[noted.service](feature=noted.feature, command=noted.command)
    try:
        answer = await call.ask(body)
    except Unavailable:
        return ReceiptView(status="pending")
    if answer.problem is not None or answer.result is None:
        return ReceiptView(status="pending")
    return ReceiptView.model_validate_json(answer.result)


def _record(result: str | None) -> dict[str, Any] | None:
    told = None if result is None else from_json(result)
    return told if isinstance(told, dict) else None


def _told(call: CallContext, problem: Problem | None) -> ProblemDocument | None:
    return None if problem is None else ProblemDocument.model_validate(call.tell_problem(problem))
