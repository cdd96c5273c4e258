"""Receipts: every service answers what became of a command, without a handler of its own."""

from contracts.envelope import Query, QueryBody
from contracts.receipts import GetReceipt, ReceiptView
from kit.messaging.handlers import Handlers
from kit.storage.store import Store


def receipt_answers(service: str) -> Handlers[Store]:
    """The handler of ``<service>.get_receipt``."""
    handlers: Handlers[Store] = Handlers()

    @handlers.answers(QueryBody.registry[f"{service}.get_receipt"])
    async def get_receipt(query: Query[GetReceipt], store: Store) -> ReceiptView:
        """Accepted with its result, refused with its problem, stuck, or pending."""
        verdict = await store.receipt(query.body.command)
        if verdict is None:
            stuck = await store.is_stuck(query.body.command)
            return ReceiptView(status="stuck" if stuck else "pending")
        return ReceiptView(
            status="accepted" if verdict.accepted else "refused",
            result=verdict.result,
            problem=verdict.problem,
        )

    return handlers
