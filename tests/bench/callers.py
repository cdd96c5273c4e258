"""Who calls: the people of the measured city, and tokens for them.

Tokens are signed here with the gateway's own module and its own key. Signing in 6,000 people would
measure the password hash; what a check-in costs, the verification of its token, stays the same.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from gateway.identity.keys import Keys
from gateway.identity.tokens import Tokens
from gateway.settings import Settings
from kit.ids import derived_id

_LIFETIME_S = 3_600
ADMIN = Actor(account="admin", grants=(Grant(role="admin"),))
OTHER_GOVERNMENT = Actor(account="provinsi", grants=(Grant(role="subscriber"),))


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who can check in."""

    account: str
    employee: str
    agency: str

    @property
    def actor(self) -> Actor:
        """The person as the gateway knows them after a sign-in."""
        grant = Grant(role="employee", scope=self.agency)
        return Actor(
            account=self.account,
            employee=EmployeeId(self.employee),
            agency=AgencyCode(self.agency),
            grants=(grant,),
        )


class Mint:
    """Signs access tokens as the gateway does."""

    def __init__(self, signing_key: str) -> None:
        settings = Settings.model_validate(
            {"SAMBATAN_RABBITMQ_URL": "amqp://127.0.0.1", "signing_key": signing_key}
        )
        self._tokens = Tokens(Keys.of(settings), _LIFETIME_S)

    def token_for(self, actor: Actor) -> str:
        """A fresh token; no two are equal, so each is verified once."""
        moment = round(time.time() * 1_000)
        session = derived_id(actor.account, time.perf_counter_ns())
        return self._tokens.sign(actor, session=session, rights_as_of=moment)

    def tokens_for(self, callers: Sequence[Caller]) -> list[str]:
        """A fresh token for each."""
        return [self.token_for(caller.actor) for caller in callers]


def check_in_id(account: str, key: str) -> str:
    """The id that the check-in with this key will have, known before anybody is asked."""
    return derived_id(derived_id(account, key), "punch")
