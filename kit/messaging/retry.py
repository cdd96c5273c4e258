"""What happens to a message that could not be handled (messaging.md, *When something fails*).

A copy goes to the next retry tier, confirmed, and only then the message is acknowledged: a crash
between the two gives a duplicate, which readers absorb, and never a loss. After the last tier it is
rejected into its dead queue.
"""

from typing import Any

from aio_pika import IncomingMessage

from kit.messaging.link import Link
from kit.messaging.topology import RETRY_SECONDS, retry_exchange

ATTEMPT = "x-attempt"
_BROKER_HEADERS = ("x-death", "x-first-death", "x-last-death", "x-delivery-count", "x-stream")


def attempt_of(message: IncomingMessage) -> int:
    """How often the message has been through a retry tier."""
    value: Any = (message.headers or {}).get(ATTEMPT, 0)
    return value if isinstance(value, int) else 0


async def try_later(message: IncomingMessage, queue: str, link: Link) -> bool:
    """Send the message round the next tier; False (and dead) after the last."""
    attempt = attempt_of(message)
    if attempt >= len(RETRY_SECONDS):
        await message.reject(requeue=False)
        return False
    exchange = retry_exchange(RETRY_SECONDS[attempt])
    await link.publish(exchange, queue, message.body, copied_properties(message, attempt + 1))
    await message.ack()
    return True


def copied_properties(message: IncomingMessage, attempt: int) -> dict[str, Any]:
    """The message's own properties without what the broker added on the way."""
    headers = {
        key: value
        for key, value in (message.headers or {}).items()
        if not key.startswith(_BROKER_HEADERS)
    }
    return {
        "message_id": message.message_id,
        "message_type": message.type,
        "correlation_id": message.correlation_id,
        "app_id": message.app_id,
        "content_type": message.content_type,
        "headers": headers | {ATTEMPT: attempt},
    }
