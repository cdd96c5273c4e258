"""What one gateway process works with: its bus, its keys, its limits."""

import asyncio
from dataclasses import dataclass, field

from contracts.envelope import Actor, Answer
from contracts.identity import RecentlyClosed
from gateway.bus import Courier, GatewayBus
from gateway.identity.closed_accounts import ClosedAccounts
from gateway.identity.keys import Keys
from gateway.identity.tokens import Tokens
from gateway.limits import RateLimiter
from gateway.metrics import Metrics
from gateway.receipts import ReceiptIds
from gateway.settings import Settings
from kit.clock import now
from kit.ids import new_id
from kit.tasks import end

SYSTEM = Actor(account="system:gateway")
ANONYMOUS = Actor(account="anonymous")


@dataclass(slots=True)
class Desk:
    """Everything that outlives a request."""

    settings: Settings
    metrics: Metrics
    bus: GatewayBus
    tokens: Tokens
    receipts: ReceiptIds
    closed: ClosedAccounts
    limiter: RateLimiter
    _asking: "asyncio.Task[None] | None" = field(default=None)

    @classmethod
    def of(cls, settings: Settings, *, courier: Courier | None = None) -> "Desk":
        """Put everything in place; nothing connects yet."""
        metrics, keys = Metrics(), Keys.of(settings)
        return cls(
            settings=settings,
            metrics=metrics,
            bus=GatewayBus(settings, metrics, courier=courier),
            tokens=Tokens(keys, settings.access_token_s),
            receipts=ReceiptIds(keys),
            closed=ClosedAccounts(metrics, every_s=settings.closed_accounts_every_s),
            limiter=RateLimiter(settings.rate_per_second, settings.rate_burst),
        )

    async def open(self) -> None:
        """Connect, and begin to ask for closed accounts."""
        await self.bus.open()
        self._asking = asyncio.create_task(self.closed.keep_asking(self._recently_closed))

    async def close(self) -> None:
        """Stop asking and disconnect."""
        if self._asking is not None:
            await end(self._asking)
        await self.bus.close()

    async def _recently_closed(self, body: RecentlyClosed) -> Answer:
        return await self.bus.query(body, actor=SYSTEM, received_at=now(), correlation_id=new_id())
