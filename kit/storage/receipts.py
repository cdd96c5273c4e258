"""Receipts: the verdict of a command, inside the document that it changed.

A verdict repeats the whole answer, and an answer often the whole aggregate; so it is kept
compressed, or a document with many changes would grow with their square.
"""

import zlib
from datetime import timedelta

from contracts.envelope import CommandId, Verdict
from contracts.outcome import Refusal
from kit.clock import now
from kit.storage.connection import Document

KEPT = 32
KEPT_FOR = timedelta(hours=24)
_FAST = 1


def receipt_of(command: str, body_hash: str, verdict: Verdict) -> Document:
    """What is kept of a command; of a change that no caller waits for, only that it happened."""
    text = verdict.model_dump_json() if body_hash else None
    return {
        "command": command,
        "body_hash": body_hash,
        "at": now(),
        "verdict": None if text is None else zlib.compress(text.encode(), _FAST),
    }


def with_receipt(document: Document | None, receipt: Document) -> list[Document]:
    """The document's receipts and this one: all of a day, and at least 32."""
    kept = list((document or {}).get("receipts", ()))
    if len(kept) >= KEPT:
        recent = [one for one in kept if one["at"] > receipt["at"] - KEPT_FOR]
        kept = recent if len(recent) >= KEPT else kept[-KEPT + 1 :]
    return [*kept, receipt]


def find_receipt(document: Document, command: str) -> Document | None:
    """The document's receipt of a command."""
    return next((one for one in document.get("receipts", ()) if one["command"] == command), None)


def verdict_of(receipt: Document) -> Verdict:
    """The verdict that a receipt states."""
    kept = receipt["verdict"]
    if kept is None:
        return Verdict(command=CommandId(receipt["command"]), status=200)
    return Verdict.model_validate_json(zlib.decompress(kept))


def repeat(receipt: Document, body_hash: str) -> Verdict:
    """The verdict again, for the same body; refuses another one under the same key."""
    if receipt["body_hash"] != body_hash:
        raise Refusal("idempotency_key_reused")
    return verdict_of(receipt)
