"""The first administrator: without one, nobody could make any account over the API.

``python -m services.directory bootstrap`` reads the password from ``SAMBATAN_DEMO_PASSWORD`` or, if
that is not set, from standard input. It changes nothing where an administrator exists already. The
event of the new account lies in its outbox until the service runs.
"""

import asyncio
import sys

from pydantic import Field, SecretStr

from contracts.envelope import Actor, Grant
from kit.clock import now
from kit.ids import derived_id
from kit.storage.aggregates import Cause
from kit.storage.store import Store
from services.directory.accounts.model import create
from services.directory.context import Directory
from services.directory.settings import Settings

ADMINISTRATOR = "admin"
_SHORTEST = 10


class BootstrapSettings(Settings):
    """The service's settings and the first password."""

    password: SecretStr | None = Field(None, validation_alias="SAMBATAN_DEMO_PASSWORD")


def main() -> None:
    """Run the sub-command; never returns."""
    sys.exit(asyncio.run(_run(BootstrapSettings())))


async def _run(settings: BootstrapSettings) -> int:
    password = settings.password.get_secret_value() if settings.password else sys.stdin.readline()
    store = Store("directory", settings)
    try:
        await store.wait_available()
        made = await bootstrap(Directory.over(store), password.rstrip("\n"))
    except ValueError as error:
        print(f"bootstrap: {error}", file=sys.stderr)  # noqa: T201  # a command-line tool
        return 2
    finally:
        await store.close()
    print(f"bootstrap: {ADMINISTRATOR} {'created' if made else 'exists'}")  # noqa: T201
    return 0


async def bootstrap(directory: Directory, password: str) -> bool:
    """Make the first administrator; False where it is there already."""
    if len(password) < _SHORTEST:
        raise ValueError(f"the first password needs at least {_SHORTEST} characters")
    known = await directory.accounts.get(ADMINISTRATOR)
    if known is None:
        id_ = derived_id("directory", "bootstrap")
        cause = Cause(id_, id_, Actor(account="system:bootstrap"), now())
        await directory.accounts.change(
            ADMINISTRATOR,
            lambda account: create(
                account,
                ADMINISTRATOR,
                employee=None,
                grants=(Grant(role="admin"),),
                at=cause.at,
            ),
            cause,
        )
    if not await directory.passwords.holders([ADMINISTRATOR]):
        hash_ = await directory.hashing.make(password)
        await directory.passwords.give([ADMINISTRATOR], hash_, at=now())
        return True
    return known is None
