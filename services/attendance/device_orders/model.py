"""The orders of one machine: given, sent, answered; pure.

An order is one line of the protocol: what comes from people is cleaned of tabs and line ends, which
would begin another field or another order. Nothing here deletes records or runs programs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.devices import OrderDevice, OrderKind, OrderState
from contracts.outcome import Decision, Refusal

AGAIN_AFTER = timedelta(minutes=10)
"""A machine that says nothing for so long is sent the order again."""
MOST_SENT = 3
"""So often an order is sent before it is given up."""
MOST_WAITING = 100
_KEPT = 500
_AT_ONCE, _CHARACTERS_AT_ONCE = 200, 40_000

_RESULT = re.compile(r"(?:^|[&\n])ID=([0-9]{1,9})&?\n?Return=(-?[0-9]{1,9})")
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class Order:
    """One order; ``result`` is what the machine returned, 0 for good."""

    number: int
    kind: OrderKind
    text: str
    state: OrderState
    ordered_by: str
    ordered_at: datetime
    sent: int = 0
    sent_at: datetime | None = None
    finished_at: datetime | None = None
    result: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the machine still has to do it."""
        return self.state in {"waiting", "sent"}

    def is_due(self, at: datetime) -> bool:
        """Whether the machine is to be sent it now."""
        silent = self.sent_at is not None and at - self.sent_at >= AGAIN_AFTER
        return self.state == "waiting" or (self.state == "sent" and silent)


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of a machine, oldest first; the finished ones of long ago are dropped."""

    serial: str
    last: int = 0
    orders: tuple[Order, ...] = ()

    def given(self, kind: OrderKind, text: str, *, by: str, at: datetime) -> "Decision[Orders]":
        """One more order."""
        waiting = sum(order.is_open for order in self.orders)
        if waiting >= MOST_WAITING:
            raise Refusal("wrong_state", state=f"{waiting} open orders", action="order", allowed=[])
        order = Order(self.last + 1, kind, text, "waiting", by, at)
        return Decision(Orders(self.serial, self.last + 1, _kept((*self.orders, order))))

    def due(self, at: datetime) -> tuple[Order, ...]:
        """What to send now, in order, as much as a machine takes at once."""
        chosen: list[Order] = []
        size = 0
        for order in self.orders:
            if order.is_due(at):
                size += len(order.text) + 20
                if len(chosen) == _AT_ONCE or size > _CHARACTERS_AT_ONCE:
                    break
                chosen.append(order)
        return tuple(chosen)

    def sent(self, at: datetime) -> "Decision[Orders]":
        """What is due is on its way; what was sent often enough without an answer has failed."""
        due = {order.number for order in self.due(at)}
        orders = tuple(_sent(order, at) if order.number in due else order for order in self.orders)
        return Decision(replace(self, orders=orders))

    def answered(self, results: Mapping[int, int], at: datetime) -> "Decision[Orders]":
        """The machine reports results by number; unknown and finished ones say nothing."""
        orders = tuple(
            _finished(order, results[order.number], at)
            if order.is_open and order.number in results
            else order
            for order in self.orders
        )
        return Decision(replace(self, orders=orders))


def order_text(asked: OrderDevice, first: str, last: str) -> str:
    """The order in the protocol's words; ``first`` and ``last`` are on the machine's clock."""
    match asked.kind:
        case "info":
            return "INFO"
        case "check":
            return "CHECK"
        case "query_lines":
            return f"DATA QUERY ATTLOG StartTime={first}\tEndTime={last}"
        case "update_user":
            name = _NOT_PLAIN.sub(" ", asked.name_shown or "").strip()
            return f"DATA UPDATE USERINFO PIN={asked.pin}\tName={name}\tPri=0"
        case "delete_user":
            return f"DATA DELETE USERINFO PIN={asked.pin}"


def results_of(text: str) -> dict[int, int]:
    """Numbers and results in a report: ``ID=…&Return=…`` a line, or on lines of their own."""
    found = _RESULT.findall(text.replace("\r", ""))
    return {int(number): int(result) for number, result in found}


def _sent(order: Order, at: datetime) -> Order:
    if order.sent >= MOST_SENT:
        return replace(order, state="failed", finished_at=at)
    return replace(order, state="sent", sent=order.sent + 1, sent_at=at)


def _finished(order: Order, result: int, at: datetime) -> Order:
    return replace(order, state="done" if result >= 0 else "failed", finished_at=at, result=result)


def _kept(orders: tuple[Order, ...]) -> tuple[Order, ...]:
    surplus = len(orders) - _KEPT
    if surplus <= 0:
        return orders
    finished = [order.number for order in orders if not order.is_open][:surplus]
    return tuple(order for order in orders if order.number not in finished)
