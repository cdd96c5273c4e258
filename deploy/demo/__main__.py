"""Play a working day in the running demo city and check it: ``python -m deploy.demo``.

Everything goes through the public API, as frontends, loaders and subscribers use it. At the end
the day gives account of itself, id by id; any difference is named and makes the exit code 1. A
second run repeats the same calls with the same keys; only the check-ins of the moment are new.
"""

import asyncio
import os
import sys

import httpx
from pymongo.errors import PyMongoError

from deploy.demo.caller import NotDone
from deploy.demo.city import endpoints, reason
from deploy.demo.play.day import Where, play
from deploy.local.progress import Progress, fail
from deploy.local.settings import LocalSettings


def main() -> int:
    """Play the day; 0 only when everything balances."""
    progress = Progress()
    try:
        differences = asyncio.run(play(_where(LocalSettings()), progress))
    except (NotDone, OSError, httpx.HTTPError, PyMongoError, TimeoutError, ExceptionGroup) as error:
        return fail(f"the day could not be played: {reason(error):.2000}")
    if differences is not None:
        return fail(f"the day does not balance, {differences}")
    progress.say("the day is played and balances")
    return 0


def _where(settings: LocalSettings) -> Where:
    found = endpoints(settings)
    return Where(
        gateway=found["gateway"],
        rabbitmq_url=os.environ.get("SAMBATAN_RABBITMQ_URL", found["rabbitmq"]["url"]),
        mongodb_url=os.environ.get("SAMBATAN_MONGODB_URL", found["mongodb"]),
        home=settings.state,
        password=settings.demo_password.get_secret_value(),
    )


if __name__ == "__main__":
    sys.exit(main())
