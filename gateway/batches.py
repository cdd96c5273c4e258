"""Answers that hold a verdict for each of many items."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import from_json

from contracts.envelope import Verdict
from gateway.call import Call
from gateway.receipts import PendingReceipt


class ItemView(BaseModel):
    """What became of one item: its result, its problem, or the receipt to ask for."""

    status: Literal["accepted", "refused", "pending"]
    result: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None
    receipt: str | None = None


class BatchView(BaseModel):
    """What became of each item, in the order they were sent."""

    items: list[ItemView]


def told(call: Call, verdicts: Sequence[Verdict | PendingReceipt]) -> BatchView:
    """The verdicts as the caller sees them."""
    return BatchView(items=[_item(call, verdict) for verdict in verdicts])


def _item(call: Call, verdict: Verdict | PendingReceipt) -> ItemView:
    if isinstance(verdict, PendingReceipt):
        return ItemView(status="pending", receipt=verdict.id)
    if verdict.problem is not None:
        return ItemView(status="refused", problem=call.tell_problem(verdict.problem))
    return ItemView(status="accepted", result=from_json(verdict.result) if verdict.result else None)
