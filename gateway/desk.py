"""What one gateway process works with: its bus, its keys, its limits."""

import asyncio
from dataclasses import dataclass, field

from pydantic import ValidationError

from contracts.envelope import Actor, Answer
from contracts.identity import Identified, Identify, RecentlyClosed
from contracts.outcome import Refusal
from gateway.bus import Courier, GatewayBus
from gateway.hints.listeners import Hints
from gateway.identity.closed_accounts import ClosedAccounts
from gateway.identity.keys import Keys
from gateway.identity.outside import OutsideTokens
from gateway.identity.tokens import Identity, Tokens
from gateway.limits import RateLimiter
from gateway.metrics import Metrics
from gateway.receipts import ReceiptIds
from gateway.settings import Settings
from kit.clock import now
from kit.files import Files
from kit.ids import new_id
from kit.messaging.client import Unavailable
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
    hints: Hints
    outside: OutsideTokens
    files: Files
    _asking: "asyncio.Task[None] | None" = field(default=None)

    @classmethod
    def of(cls, settings: Settings, *, courier: Courier | None = None) -> "Desk":
        """Put everything in place; nothing connects yet."""
        metrics, keys = Metrics(), Keys.of(settings)
        bus = GatewayBus(settings, metrics, courier=courier)
        closed = ClosedAccounts(metrics, every_s=settings.closed_accounts_every_s)

        async def identify(nip: str) -> Identified | None:
            return await _identify(bus, nip)

        return cls(
            settings=settings,
            metrics=metrics,
            bus=bus,
            tokens=Tokens(keys, settings.access_token_s),
            receipts=ReceiptIds(keys),
            closed=closed,
            limiter=RateLimiter(settings.rate_per_second, settings.rate_burst),
            hints=Hints(settings),
            outside=OutsideTokens(settings, identify, closed.refuses),
            files=Files(settings),
        )

    async def identity(self, token: str) -> Identity:
        """Whoever a token speaks for: one of ours, or of the outside provider; else refused."""
        if self.outside.issued(token):
            return await self.outside.read(token)
        return self.tokens.read(token)

    async def open(self) -> None:
        """Connect, and begin to ask for closed accounts."""
        await self.bus.open()
        self.hints.open()
        self._asking = asyncio.create_task(self.closed.keep_asking(self._recently_closed))

    async def close(self) -> None:
        """Stop asking and disconnect."""
        if self._asking is not None:
            await end(self._asking)
        await self.hints.close()
        await self.bus.close()

    async def _recently_closed(self, body: RecentlyClosed) -> Answer:
        return await self.bus.query(body, actor=SYSTEM, received_at=now(), correlation_id=new_id())


async def _identify(bus: GatewayBus, nip: str) -> Identified | None:
    try:
        answer = await bus.query(
            Identify(nip=nip), actor=SYSTEM, received_at=now(), correlation_id=new_id()
        )
    except (Unavailable, ValidationError) as error:
        raise Refusal("service_unavailable") from error
    if answer.result is not None:
        return Identified.model_validate_json(answer.result)
    if answer.problem is not None and answer.problem.code == "service_unavailable":
        raise Refusal("service_unavailable")
    return None
