"""Accounts closed, or whose rights changed, since their tokens were signed.

The list is asked for every few seconds. While the directory does not answer, the list of before is
kept and tokens are judged by it: an access token outlives its account by its own few minutes at
most, which is what it would do without this list.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import time

from pydantic import ValidationError

from contracts.envelope import Answer
from contracts.identity import ClosedAccounts as Answered
from contracts.identity import RecentlyClosed
from gateway.metrics import Metrics
from kit.clock import now
from kit.logging import get_logger
from kit.messaging.client import Unavailable

LOOK_BACK = timedelta(minutes=10)

log = get_logger(__name__)

Ask = Callable[[RecentlyClosed], Awaitable[Answer]]


class ClosedAccounts:
    """From when on the tokens of an account are refused."""

    def __init__(self, metrics: Metrics, *, every_s: float) -> None:
        self._since: dict[str, int] = {}
        self._every_s = every_s
        self._answered_at = time()
        metrics.closed_accounts_age.set_function(lambda: time() - self._answered_at)

    def refuses(self, account: str, rights_as_of: int) -> bool:
        """Whether rights read at that moment (ms since 1970) are no longer the account's."""
        closed_at = self._since.get(account)
        return closed_at is not None and rights_as_of < closed_at

    async def keep_asking(self, ask: Ask) -> None:
        """Ask again and again, until cancelled."""
        while True:
            await self.refresh(ask)
            await asyncio.sleep(self._every_s)

    async def refresh(self, ask: Ask) -> None:
        """Take in the list as it is now; where there is no answer, go by the former one."""
        try:
            answer = await ask(RecentlyClosed(since=now() - LOOK_BACK))
            told = Answered.model_validate_json(answer.result or "")
        except (Unavailable, ValidationError) as error:
            log.info("closed_accounts.not_answered", reason=type(error).__name__)
            return
        self._remember({item.account: round(item.at.timestamp() * 1_000) for item in told.items})
        self._answered_at = time()

    def _remember(self, told: dict[str, int]) -> None:
        """Add what is new; forget only what no living token is older than.

        A list that misses an account (read in the middle of a write, or from a replica that is
        behind) opens nothing again.
        """
        oldest = round((now() - LOOK_BACK).timestamp() * 1_000)
        kept = {account: at for account, at in self._since.items() if at >= oldest}
        newer = {account: max(at, kept.get(account, at)) for account, at in told.items()}
        self._since = kept | newer
