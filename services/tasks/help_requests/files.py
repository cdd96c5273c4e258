"""Files that belong to a help request: claimed before it takes them, given back if it does not."""

from collections.abc import Sequence
from typing import Any

from contracts.envelope import Command
from contracts.outcome import FieldError, Refusal
from services.tasks.context import Tasks
from services.tasks.uploads.model import Attachment, Owner


async def claim(request: str, upload: str, command: Command[Any], tasks: Tasks) -> Attachment:
    """Let a file of the caller belong to the request."""
    return await tasks.uploads.claim(upload, Owner("help_request", request), command)


async def claim_all(
    request: str, uploads: Sequence[str], command: Command[Any], tasks: Tasks
) -> tuple[Attachment, ...]:
    """All of these files, or none: the refusal says which one is not the caller's to give."""
    claimed: list[Attachment] = []
    for place, upload in enumerate(uploads):
        try:
            claimed.append(await claim(request, upload, command, tasks))
        except Refusal as refusal:
            await give_back(request, claimed, command, tasks)
            raise _at(refusal, f"/attachments/{place}") from refusal
    return tuple({each.id: each for each in claimed}.values())


async def give_back(
    request: str, claimed: Sequence[Attachment], command: Command[Any], tasks: Tasks
) -> None:
    """Release files that the request did not take after all."""
    stored = await tasks.requests.get(request)
    taken = {each.id for each in stored.state.attachments} if stored else set()
    for each in claimed:
        if each.id not in taken:
            await tasks.uploads.release(each.id, Owner("help_request", request), command)


def _at(refusal: Refusal, pointer: str) -> Refusal:
    problem = refusal.problem
    errors = tuple(FieldError(pointer=pointer, detail=each.detail) for each in problem.errors)
    return Refusal(problem.code, errors=errors, **problem.facts)
