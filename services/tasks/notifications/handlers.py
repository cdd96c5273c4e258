"""Events become notifications; people list them, read them, and choose what they want to hear."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from contracts import notifications as asked
from contracts.directory import EmployeeChanged
from contracts.envelope import Answer, Command, Event, Query, Verdict
from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.ids import derived_id
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Cause, Stored
from services.tasks import access
from services.tasks.context import Tasks
from services.tasks.digests.model import next_digest_at
from services.tasks.notifications import model
from services.tasks.notifications.acquaintances import Known
from services.tasks.notifications.kinds import KINDS
from services.tasks.notifications.messages import preferences_view, shown
from services.tasks.notifications.model import KEPT, Inbox, Notification, Preferences, Recipient
from services.tasks.notifications.table import RULES, Rule
from services.tasks.notifications.visibility import surroundings
from services.tasks.own_copies.model import People

handlers: Handlers[Tasks] = Handlers()

_PAGE = 500


@handlers.reads("tasks.notifications.on-events")
async def tell_people(events: Sequence[Event[Any]], tasks: Tasks) -> None:
    """Tell everybody whom an event concerns, once, if they may see it and want to hear of it."""
    await asyncio.gather(*(_tell(event, tasks) for event in events))


async def _tell(event: Event[Any], tasks: Tasks) -> None:
    if getattr(event.data, "imported", False) or event.time + KEPT < now():
        return  # history taken over from elsewhere is no news
    known = Known(
        await tasks.directory.accounts(),
        await tasks.directory.city(),
        await _people_about(event, tasks),
    )
    told = [
        _notification(event, rule, recipient)
        for rule in RULES.get(event.type, ())
        for recipient in _each_once(rule.audience(event.data, known))
        if not known.accounts.belongs_to(_account(event), recipient.employee)
    ]
    around = await surroundings(tasks, told)
    seen = [one for one in told if around.may_see(known.accounts.as_actor(one.person), one)]
    choices = await tasks.choices.get_many(one.person for one in seen)
    people = await tasks.directory.people(one.person for one in seen)

    async def give(one: Notification) -> None:
        choice = _choice(one, choices.get(one.person))
        if choice.inbox or choice.email:
            mail_at = _mail_at(one.person, people, known, tasks)
            wanted = model.as_wanted(one, choice, mail_at)
            cause = Cause.derived(event, one.id)
            decide = partial(model.raise_once, wanted)
            await tasks.notifications.change(one.id, decide, cause)

    await asyncio.gather(*(give(one) for one in seen))


async def _people_about(event: Event[Any], tasks: Tasks) -> People:
    """The people an audience is looked for among: everybody of an agency, or whom it is about."""
    if any(rule.whole_agency for rule in RULES.get(event.type, ())):
        return await _everybody_of(event.data.agency, tasks)
    about = getattr(event.data, "employee", None)
    return await tasks.directory.people([about] if about else [])


async def _everybody_of(agency: str, tasks: Tasks) -> People:
    found: list[EmployeeChanged] = []
    cursor: str | None = None
    while True:
        page, cursor = await tasks.directory.people_of([agency], limit=_PAGE, cursor=cursor)
        found += page
        if cursor is None:
            return People({each.employee: each for each in found})


def _choice(told: Notification, stored: Stored[Preferences] | None) -> asked.Choice:
    own = stored.state.choice(told.kind) if stored else None
    return own or KINDS[told.kind].default


def _mail_at(person: str, people: People, known: Known, tasks: Tasks) -> datetime | None:
    """When the person's next digest goes out; None where none can be sent to them."""
    employee = people.known.get(person)
    if tasks.mailing is None or employee is None or employee.email is None:
        return None
    moment = now()
    zone_name = known.city.zone_of(people.agency_of(person, moment.date()))
    return next_digest_at(moment, zone_name, tasks.mailing.hour)


@handlers.answers(asked.ListNotifications)
async def list_notifications(
    query: Query[asked.ListNotifications], tasks: Tasks
) -> asked.InboxPage:
    """What the caller was told and may still see, newest first."""
    person, body = access.own_inbox(query.actor), query.body
    if body.paging.sort not in (None, "-at"):
        raise Refusal.invalid("/sort", "must be -at")
    _must_be_kinds(body.kind, "/kind")
    found, next_cursor = await tasks.notifications.listed(
        person,
        unread=body.unread,
        kinds=body.kind,
        limit=body.paging.limit,
        cursor=body.paging.cursor,
    )
    told = [stored.state for stored in found]
    around = await surroundings(tasks, told)
    return asked.InboxPage(
        items=tuple(
            shown(one, around, query.language) for one in told if around.may_see(query.actor, one)
        ),
        next_cursor=next_cursor,
        unread=await tasks.notifications.unread(person),
    )


@handlers.handles(asked.MarkNotificationsRead)
async def mark_notifications_read(
    command: Command[asked.MarkNotificationsRead], tasks: Tasks
) -> Verdict:
    """Note what was read; ids of other people's notifications are passed over."""
    person, body, at = access.own_inbox(command.actor), command.body, command.received_at

    def answer(stored: Stored[Inbox]) -> asked.InboxRead:
        return asked.InboxRead(read_at=stored.state.read_at, version=stored.version)

    verdict = await tasks.inboxes.change(
        person, partial(model.marked_read, person, at), command, answer=answer
    )
    # after the verdict stands, and again if it is repeated: to mark twice changes nothing
    if body.until is not None:
        ids = await tasks.notifications.unread_until(person, body.until)
    else:
        ids = await tasks.notifications.own(person, body.ids)
    await asyncio.gather(*(_mark(id_, command, tasks) for id_ in ids))
    return verdict


async def _mark(id_: str, command: Command[asked.MarkNotificationsRead], tasks: Tasks) -> None:
    def decide(known: Notification | None) -> Decision[Notification]:
        if known is None:
            raise Refusal("not_found")
        return Decision(model.read(known, command.received_at))

    await tasks.notifications.change(id_, decide, Cause.derived(command, id_))


@handlers.answers(asked.GetNotificationPreferences)
async def get_notification_preferences(
    query: Query[asked.GetNotificationPreferences], tasks: Tasks
) -> Answer:
    """Every kind there is and how the caller hears of it."""
    stored = await tasks.choices.get(access.own_inbox(query.actor))
    view = preferences_view(stored, query.language)
    return Answer(result=view.model_dump_json(), version=view.version)


@handlers.handles(asked.PutNotificationPreferences)
async def put_notification_preferences(
    command: Command[asked.PutNotificationPreferences], tasks: Tasks
) -> Verdict:
    """Keep the choices that differ from the default, in place of the former ones."""
    person, body = access.own_inbox(command.actor), command.body
    _must_be_kinds([choice.kind for choice in body.items], "/items")
    choices = {choice.kind: choice for choice in body.items}

    def decide(known: Preferences | None) -> Decision[Preferences]:
        if known is not None and not body.if_match:
            raise Refusal("version_conflict")  # chosen meanwhile
        return model.chosen(person, choices)

    return await tasks.choices.change(
        person,
        decide,
        command,
        answer=partial(preferences_view, language="id"),
        if_match=body.if_match or None,
    )


def _notification(event: Event[Any], rule: Rule, recipient: Recipient) -> Notification:
    subject = rule.subject(event.data)
    origin = subject if rule.once else event.id
    return Notification(
        id=derived_id("notification", origin, rule.kind, recipient.employee),
        person=recipient.employee,
        kind=rule.kind,
        at=event.time,
        resource=rule.resource,
        subject=subject,
        expires_at=event.time + KEPT,
        facts=rule.facts(event.data),
        heads=recipient.heads,
        supervises=recipient.supervises,
    )


def _each_once(recipients: Iterable[Recipient]) -> Iterable[Recipient]:
    """Nobody is told twice of the same; the first capacity counts."""
    found: dict[str, Recipient] = {}
    for recipient in recipients:
        found.setdefault(recipient.employee, recipient)
    return found.values()


def _account(event: Event[Any]) -> str:
    """Who did it; whoever did it for another is no less the one who knows."""
    return (event.actor or "").partition(":")[0]


def _must_be_kinds(kinds: Iterable[str], pointer: str) -> None:
    unknown = sorted(set(kinds) - KINDS.keys())
    if unknown:
        raise Refusal.invalid(pointer, f"{', '.join(unknown)}: one of {', '.join(KINDS)}")
