"""Dead letters: what could not be handled is kept, shown, and replayed or discarded by a person."""

import argparse
from typing import TYPE_CHECKING, Any

from aio_pika import IncomingMessage

from kit.clock import now
from kit.ids import derived_id, new_id
from kit.messaging.link import Link
from kit.messaging.retry import copied_properties

if TYPE_CHECKING:
    from kit.storage.connection import Document
    from kit.storage.store import Store


def letter_of(message: IncomingMessage, queue: str) -> "Document":
    """What is kept of a dead message; a redelivery of it is the same letter."""
    properties = copied_properties(message, 0)
    key = derived_id(queue, message.message_id or new_id(), message.body.hex()[:64])
    return {
        "_id": key,
        "queue": queue,
        "message_id": message.message_id,
        "type": message.type,
        "body": message.body.decode("utf-8", "replace"),
        "properties": {k: v for k, v in properties.items() if v is not None},
    }


async def replay(store: "Store", link: Link, letter_id: str, who: str) -> bool:
    """Give a waiting letter back to its queue; False if there is none of that id."""
    letter = await store.dead_letters.find_one({"_id": letter_id, "state": "waiting"})
    if letter is None:
        return False
    properties: dict[str, Any] = {**letter["properties"], "headers": {"x-attempt": 0}}
    await link.publish("", letter["queue"], letter["body"].encode(), properties)
    await _settle(store, letter_id, "replayed", who, "")
    return True


async def discard(store: "Store", letter_id: str, who: str, reason: str) -> bool:
    """Set a waiting letter aside for good, with a reason."""
    return await _settle(store, letter_id, "discarded", who, reason)


async def _settle(store: "Store", letter_id: str, state: str, who: str, reason: str) -> bool:
    settled = {"state": state, "by": who, "reason": reason, "settled_at": now()}
    query = {"_id": letter_id, "state": "waiting"}
    return await store.dead_letters.update_one(query, {"$set": settled}) == 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The operator's command line: list, show, replay, discard."""
    parser.add_argument("action", choices=["list", "show", "replay", "discard"])
    parser.add_argument("letter", nargs="?", help="the letter's id")
    parser.add_argument("--by", default="operator", help="who decides, for the record")
    parser.add_argument("--reason", default="", help="why it is discarded")


async def run(store: "Store", url: str, arguments: argparse.Namespace) -> int:
    """Carry out the operator's command; returns the exit code."""
    if arguments.action == "list":
        for letter in await store.dead_letters.find({}, sort=[("at", -1)], limit=200):
            print(letter["_id"], letter["state"], letter["queue"], letter["type"], letter["at"])
        return 0
    if not arguments.letter:
        print("name the letter's id (see: dead-letters list)")
        return 2
    if arguments.action == "show":
        print(await store.dead_letters.find_one({"_id": arguments.letter}))
        return 0
    if arguments.action == "discard":
        if not arguments.reason:
            print("--reason is required")
            return 2
        found = await discard(store, arguments.letter, arguments.by, arguments.reason)
    else:
        link = Link(url, "dead-letters")
        await link.start()
        await link.wait_up()
        found = await replay(store, link, arguments.letter, arguments.by)
        await link.stop()
    print("done" if found else "no waiting letter of that id")
    return 0 if found else 1
