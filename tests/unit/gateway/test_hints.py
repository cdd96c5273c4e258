"""Which event is a hint for whom, and what a slow listener is told."""

import pytest

from contracts import tasks
from contracts.absences import AbsenceRequested
from contracts.attendance import DayChanged
from contracts.directory import AccountChanged
from contracts.envelope import Actor, Event, Grant
from contracts.kpi import ScorecardChanged
from contracts.notifications import NotificationRaised
from contracts.periods import PeriodClosed
from contracts.work_events import TaskCreated
from gateway.hints.listeners import MOST_WAITING, Hint, Hints, Listener
from gateway.hints.table import TABLE, rows_by_type
from gateway.settings import Settings
from kit.clock import now

ROWS = rows_by_type()


def an_actor(*grants, employee=None, account="somebody"):
    granted = tuple(Grant(role=role, scope=scope) for role, scope in grants)
    return Actor(account=account, employee=employee, grants=granted)


HELP = {
    "helping_agencies": ("HELPER",),
    "asking_agency": "ASKER",
    "receiving_agencies": ("HELPER",),
    "helping_agency": "HELPER",
    "people_assigned": ("ani",),
}


@pytest.mark.parametrize(
    ("event", "fields", "actor", "concerns"),
    [
        (tasks.HelpAccepted, HELP, an_actor(("head", "ASKER")), True),
        (tasks.HelpAccepted, HELP, an_actor(("head", "HELPER")), True),
        (tasks.HelpAccepted, HELP, an_actor(employee="ani"), True),
        (tasks.HelpAccepted, HELP, an_actor(employee="budi"), False),
        (tasks.HelpAccepted, HELP, an_actor(("head", "PEMKOT")), False),  # it may be sensitive
        (tasks.HelpAccepted, HELP, an_actor(("admin", "*")), False),
        (tasks.HelpAccepted, HELP, an_actor(("employee", "ASKER")), False),
        (DayChanged, {"employee": "ani"}, an_actor(employee="ani"), True),
        (DayChanged, {"employee": "ani", "agency": "A"}, an_actor(("head", "A")), False),
        (ScorecardChanged, {"employee": "ani"}, an_actor(employee="budi"), False),
        (AbsenceRequested, {"employee": "ani", "agency": "A"}, an_actor(("head", "A")), True),
        (AbsenceRequested, {"employee": "ani", "agency": "A"}, an_actor(("head", "B")), False),
        (AbsenceRequested, {"employee": "ani", "agency": "A"}, an_actor(employee="ani"), True),
        (NotificationRaised, {"employee": "ani"}, an_actor(employee="ani"), True),
        (NotificationRaised, {"employee": "ani"}, an_actor(("head", "*")), False),
        (TaskCreated, {"assignees": ("ani",)}, an_actor(employee="ani"), True),
        (TaskCreated, {"assignees": ("ani",)}, an_actor(employee="budi"), False),
        (TaskCreated, {"agency": "A"}, an_actor(("head", "A")), True),
        (TaskCreated, {"agency": "A", "private": True}, an_actor(("head", "A")), False),
        (PeriodClosed, {"agency": "A"}, an_actor(("head", "A")), True),
        (PeriodClosed, {"agency": "A"}, an_actor(("employee", "A")), False),
        (AccountChanged, {"account": "somebody"}, an_actor(), True),
        (AccountChanged, {"account": "other"}, an_actor(), False),
    ],
)
def test_a_hint_concerns_those_who_would_see_it(event, fields, actor, concerns):
    data = event.example().model_copy(update=fields)

    assert ROWS[event.type].concerns(data, actor) is concerns


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.resource)
def test_nobody_without_person_or_rights_is_told_anything(row):
    strangers = (an_actor(account=""), an_actor(("subscriber", "*"), account=""))

    for event in row.types:
        assert not any(row.concerns(event.example(), stranger) for stranger in strangers)


@pytest.fixture
def hints():
    return Hints(Settings(rabbitmq_url="amqp://nobody@127.0.0.1:1", signing_key="k" * 32))


def an_event(data, subject, sequence):
    return (
        Event(
            id="e", source="s", type=data.type, subject=subject, time=now(), sequence=sequence,
            correlationid="c", causationid="c", data=data,
        ).model_dump_json(by_alias=True).encode()
    )  # fmt: skip


async def test_listeners_hear_what_concerns_them_newest_state_once(hints):
    day = DayChanged.example().model_copy(update={"employee": "ani"})
    with (
        hints.listening(an_actor(employee="ani")) as ani,
        hints.listening(an_actor(employee="budi")) as budi,
    ):
        for sequence in (1, 3, 2):
            hints.hear(day.type, an_event(day, "ani:2026-11-24", sequence))
        hints.hear(day.type, b"not an event")

        heard = await ani.take(0)
        nothing = await budi.take(0)

    assert heard == (False, [Hint(resource="day", id="ani:2026-11-24", version=3)])
    assert nothing == (False, [])
    assert await ani.take(0) == (False, [])
    assert hints.listeners == 0


async def test_what_is_too_much_or_lost_makes_one_look_at_everything():
    listener = Listener(an_actor(employee="ani"))

    for place in range(MOST_WAITING + 1):
        listener.offer(Hint(resource="day", id=str(place), version=1))
    listener.offer(Hint(resource="day", id="last", version=1))

    assert await listener.take(0) == (True, [Hint(resource="day", id="last", version=1)])
    assert await listener.take(0) == (False, [])
