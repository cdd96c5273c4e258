"""Receipts: what became of a command that was answered with 202."""

from typing import Literal

from contracts.envelope import CommandId, QueryBody, Value
from contracts.outcome import Problem
from contracts.services import SERVICES


class GetReceipt(QueryBody):
    """Ask a service what became of a command; registered once per service."""

    feature: str
    command: CommandId


class ReceiptView(Value):
    """``stuck`` means that a person has to look; ``result`` is JSON text of the answer."""

    status: Literal["pending", "accepted", "refused", "stuck"]
    result: str | None = None
    problem: Problem | None = None


def _declare(service: str) -> type[GetReceipt]:
    class GetServiceReceipt(GetReceipt, name=f"{service}.get_receipt"):
        """Ask this service what became of a command."""

    GetServiceReceipt.__qualname__ = f"GetReceipt[{service}]"
    return GetServiceReceipt


RECEIPT_QUERIES: dict[str, type[GetReceipt]] = {service: _declare(service) for service in SERVICES}
