"""Digests go out when their hour has come, one per person and day, however many try to send them.

A letter that could not be handed over is tried again; with the server away, all of them are, a
while later. Nothing is forgotten: a notification waits until it was mailed, read, or cannot be
mailed at all, and stays in the inbox anyway.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from functools import partial

from kit.clock import now
from kit.ids import new_id
from kit.logging import get_logger
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause
from rules.working_time import zone
from services.tasks.context import Tasks
from services.tasks.digests.letter import letter
from services.tasks.digests.mailer import Post, Posted, ServerAway
from services.tasks.digests.mailing import Mailing
from services.tasks.digests.model import Digest, next_digest_at, rest_after
from services.tasks.notifications import model
from services.tasks.notifications.model import Notification
from services.tasks.notifications.visibility import surroundings

log = get_logger(__name__)
handlers: Handlers[Tasks] = Handlers()

EVERY_S = 20.0
_STEP_S = 10.0
"""How long a run may take; the lease outlasts it."""


@handlers.every(EVERY_S, "tasks.digests", share=0.5)
async def send_digests(tasks: Tasks) -> None:
    """Send the digests whose hour has come."""
    await send_due(tasks, now())


async def send_due(tasks: Tasks, at: datetime) -> None:
    """Send what is due at a moment, as much as fits into a run."""
    mailing = tasks.mailing
    if mailing is None:
        return
    by_person: defaultdict[str, list[Notification]] = defaultdict(list)
    for stored in await tasks.notifications.to_be_mailed(at):
        by_person[stored.state.person].append(stored.state)
    if not by_person:
        return
    until = time.monotonic() + _STEP_S

    async def work(post: Post) -> None:
        for person, told in by_person.items():
            if time.monotonic() > until:
                return
            await _serve(person, told, _Round(tasks, mailing, post, at))

    try:
        await mailing.mailer.session(work)
    except ServerAway as error:
        log.warning("digests.server_away", reason=str(error), people=len(by_person))


@dataclass(frozen=True, slots=True)
class _Round:
    """What a run works with."""

    tasks: Tasks
    mailing: Mailing
    post: Post
    at: datetime


async def _serve(person: str, told: Sequence[Notification], run: _Round) -> None:
    """Send one person's digest, unless somebody else does or it is over for today."""
    around = await surroundings(run.tasks, told, people=[person])
    here = around.city.zone_of(around.people.agency_of(person, around.today))
    on = run.at.astimezone(zone(here)).date()
    tomorrow = next_digest_at(run.at, here, run.mailing.hour)
    ids = [each.id for each in told]
    ours, digest = await run.tasks.digests.claim(person, on, ids, run.at)
    if not ours:
        await _follow(digest, ids, tomorrow, run.tasks)
        return
    employee = around.people.known.get(person)
    actor = (await run.tasks.directory.accounts()).as_actor(person)
    seen = [each for each in told if around.may_see(actor, each)]
    if employee is None or not employee.active or employee.email is None or not seen:
        posted = Posted("sent", "nothing to send")
    else:
        message = letter(
            person,
            employee.email,
            seen,
            around,
            on=on,
            at=run.at.astimezone(zone(here)),
            sender=run.mailing.sender,
            preferences_url=run.mailing.preferences_url,
        )
        posted = await _post(digest, employee.email, message, run)
    log.info("digest.posted", digest=digest.id, outcome=posted.outcome, reason=posted.reason)
    if posted.outcome == "later":
        await run.tasks.digests.end(digest, "waiting", posted.reason)
        await _postpone(ids, run.at + rest_after(digest.attempts), run.tasks)
        return
    await run.tasks.digests.end(digest, posted.outcome, posted.reason)
    await _follow(replace(digest, state=posted.outcome), ids, tomorrow, run.tasks)


async def _post(digest: Digest, address: str, message: EmailMessage, run: _Round) -> Posted:
    try:
        return await run.post(address, message)
    except ServerAway:
        await run.tasks.digests.end(digest, "waiting", "the mail server is away")
        raise


async def _follow(digest: Digest, ids: Sequence[str], tomorrow: datetime, tasks: Tasks) -> None:
    """Bring the notifications into line with a digest that is over for today."""
    if digest.state in {"sent", "refused"}:
        told = set(digest.ids)
        await _settle([id_ for id_ in ids if id_ in told], tasks)
        await _postpone([id_ for id_ in ids if id_ not in told], tomorrow, tasks)
    elif digest.state == "uncertain":
        await _postpone(ids, tomorrow, tasks)


async def _settle(ids: Iterable[str], tasks: Tasks) -> None:
    changes = (
        tasks.notifications.change(id_, model.mailed, Cause.timer("tasks", "settle", new_id()))
        for id_ in ids
    )
    await asyncio.gather(*changes)


async def _postpone(ids: Iterable[str], to: datetime, tasks: Tasks) -> None:
    changes = (
        tasks.notifications.change(
            id_, partial(model.mail_later, to), Cause.timer("tasks", "postpone", new_id())
        )
        for id_ in ids
    )
    await asyncio.gather(*changes)
