"""Who is told of what, in which words, and what stays visible."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from contracts import tasks as told
from contracts.absences import AbsenceDecided, AbsenceRequested
from contracts.attendance import DayLeftIncomplete, DayReminded
from contracts.catalogue import READERS
from contracts.directory import AccountChanged, Assignment
from contracts.envelope import EmployeeId, Grant
from contracts.help_clocks import HelpBreached, HelpEscalated
from contracts.notifications import Choice, ReadRequest
from contracts.overdue_digests import OverdueDigestMade
from contracts.periods import PeriodClosed
from contracts.work_events import TaskAssigned, TaskCommented, TaskCompleted, TaskCreated, TaskFacts
from services.tasks import access
from services.tasks.notifications import model
from services.tasks.notifications.acquaintances import Known
from services.tasks.notifications.kinds import KINDS
from services.tasks.notifications.model import KEPT, Notification, Recipient
from services.tasks.notifications.table import RULES, TABLE
from services.tasks.notifications.visibility import Surroundings
from services.tasks.notifications.wording import STATES, WHAT, say
from services.tasks.own_copies.accounts import Accounts
from services.tasks.own_copies.model import People
from tests.unit.tasks.builders import CITY, PEOPLE, TUESDAY, a_person, a_request, an_actor

TODAY = TUESDAY.date()


def an_account(name, *grants, employee=None, active=True):
    granted = tuple(Grant(role=role, scope=scope) for role, scope in grants)
    return AccountChanged(account=name, employee=employee, active=active, grants=granted)


def with_supervisor(person, supervisor):
    post = person.assignments[0]
    supervised = Assignment.model_validate(
        post.model_dump(by_alias=True) | {"supervisor": supervisor}
    )
    return person.model_copy(update={"assignments": (supervised,)})


ACCOUNTS = Accounts.of(
    [
        an_account("kepala.asker", ("head", "ASKER"), employee="dewi"),
        an_account("kepala.helper", ("head", "HELPER"), employee="hari"),
        an_account("kepala.setda", ("head", "SETDA"), employee="sri"),
        an_account("kepala.other", ("head", "OTHER"), employee="eko"),
        an_account("kepala.lama", ("head", "HELPER"), employee="lama", active=False),
        an_account("budi", ("responder", "HELPER"), employee="budi"),
        an_account("wali", ("head", "PEMKOT"), employee="wali"),
        an_account("loader", ("loader", "*")),
    ]
)
STAFF = People(
    dict(PEOPLE.known)
    | {
        "hari": a_person("hari", "HELPER"),
        "led": with_supervisor(a_person("led", "HELPER"), "ani"),
    }
)
KNOWN = Known(ACCOUNTS, CITY, STAFF)


def help_event(event, **other):
    return event.example().model_copy(
        update={"asking_agency": "ASKER", "receiving_agencies": ("HELPER",)} | other
    )


def who_hears(data):
    found = {}
    for rule in RULES[data.type]:
        for recipient in rule.audience(data, KNOWN):
            found.setdefault(rule.kind, set()).add(recipient.employee)
    return found


ANSWERED = {
    "helping_agency": "HELPER",
    "helping_agencies": ("HELPER",),
    "people_assigned": ("ani", "budi"),
}


@pytest.mark.parametrize(
    ("event", "fields", "expected"),
    [
        (told.HelpRequested, {}, {"help_asked": {"hari", "budi"}}),
        (
            told.HelpRequested,
            {"receiving_agencies": ("SECOND",)},  # no head of its own: the one above
            {"help_asked": {"sri"}},
        ),
        (
            told.HelpRequested,
            {"receiving_agencies": ()},
            {"help_open_call": {"hari", "sri", "eko", "wali"}},
        ),
        (
            told.HelpAccepted,
            ANSWERED,
            {"help_accepted": {"dewi"}, "help_assigned": {"ani", "budi"}},
        ),
        (
            told.HelpAccepted,
            ANSWERED | {"acting_agency": "HELPER"},  # the superior is informed, not asked
            {
                "help_accepted": {"dewi"},
                "help_promised": {"hari"},
                "help_assigned": {"ani", "budi"},
            },
        ),
        (told.HelpCommented, {"mentions": ("ani",)}, {"help_mention": {"ani"}}),
        (told.HelpAsked, {"helping_agency": None}, {"help_question": {"dewi"}}),
        (told.HelpAnswered, ANSWERED, {"help_answered": {"hari", "ani", "budi"}}),
        (told.HelpDeclined, {"responding_agency": "HELPER"}, {"help_declined": {"dewi"}}),
        (told.HelpDelivered, ANSWERED, {"help_delivered": {"dewi"}}),
        (told.HelpReturned, ANSWERED, {"help_returned": {"hari", "ani", "budi"}}),
        (told.HelpExpired, {"people_assigned": ()}, {"help_expired": {"dewi", "hari", "budi"}}),
        (
            told.HelpHandedOn,
            {"receiving_agencies": ("OTHER",), "people_assigned": ()},
            {"help_asked": {"eko"}, "help_handed_on": {"dewi"}},
        ),
    ],
)
def test_help_is_told_to_the_side_it_concerns(event, fields, expected):
    assert who_hears(help_event(event, **fields)) == expected


@pytest.mark.parametrize(
    ("employee", "expected"),
    [
        ("led", {"ani"}),  # the supervisor
        ("ani", {"hari"}),  # none: the head
        ("hari", {"sri"}),  # a head: the one above
        ("stranger", set()),
    ],
)
def test_a_request_waits_for_whoever_decides_about_the_person(employee, expected):
    data = AbsenceRequested.example().model_copy(update={"employee": employee})

    assert who_hears(data).get("approval_waiting", set()) == expected


@pytest.mark.parametrize(
    ("event", "fields", "expected"),
    [
        (HelpBreached, {"agencies": ("HELPER", "ASKER")}, {"help_breached": {"hari", "dewi"}}),
        (
            HelpEscalated,  # the top hears by its digest, if it is to
            {"agencies": ("SETDA", "PEMKOT"), "in_digest": True},
            {"help_escalated": {"sri"}},
        ),
        (
            HelpEscalated,
            {"agencies": ("PEMKOT",), "in_digest": False},
            {"help_escalated": {"wali"}},
        ),
        (
            told.HelpAcceptanceProposed,
            {"acting_agency": "HELPER"},
            {"help_acceptance_waiting": {"hari"}},
        ),
        (
            told.HelpReturned,
            {"helping_agencies": ("HELPER", "OTHER"), "people_assigned": ()},
            {"help_returned": {"hari", "budi", "eko"}},
        ),
    ],
)
def test_clocks_and_shared_help_are_told_to_the_agencies_they_name(event, fields, expected):
    assert who_hears(help_event(event, **fields)) == expected


@pytest.mark.parametrize(
    ("event", "fields", "expected"),
    [
        (TaskCreated, {"assignees": ("ani",)}, {"task_assigned": {"ani"}}),
        (TaskAssigned, {"added": ("budi",)}, {"task_assigned": {"budi"}}),
        (TaskCommented, {"mentions": ("ani", "led")}, {"mention": {"ani", "led"}}),
        (TaskCompleted, {"created_by": "dewi"}, {"task_completed": {"dewi"}}),
        (TaskCompleted, {"created_by": None}, {}),
    ],
)
def test_a_task_is_told_to_those_it_waits_for(event, fields, expected):
    assert who_hears(event.example().model_copy(update=fields)) == expected


def test_the_morning_digest_is_told_to_the_heads_it_was_made_for():
    data = OverdueDigestMade.example().model_copy(update={"agency": "PEMKOT"})

    assert who_hears(data) == {"overdue_digest": {"wali"}}


def test_a_closed_month_is_told_to_the_people_of_its_last_day():
    data = PeriodClosed.example().model_copy(update={"agency": "HELPER", "period": "2026-10"})
    later = data.model_copy(update={"period": "2026-11"})

    assert {"ani", "moved"} <= who_hears(data)["period_closed"]
    assert "moved" not in who_hears(later)["period_closed"]
    assert "dewi" not in who_hears(later)["period_closed"]


def test_a_decision_and_an_incomplete_day_are_told_to_their_person_alone():
    decided = AbsenceDecided.example().model_copy(update={"employee": "ani"})
    day = DayLeftIncomplete.example().model_copy(update={"employee": "ani"})

    assert who_hears(decided) == {"request_decided": {"ani"}}
    assert who_hears(day) == {"day_incomplete": {"ani"}}
    reminder = DayReminded.example().model_copy(update={"employee": "ani"})
    assert who_hears(reminder) == {"day_reminder": {"ani"}}


def test_every_row_has_words_and_its_event_is_bound_to_the_queue():
    bound = {r.queue: set(r.types) for r in READERS}["tasks.notifications.on-events"]

    assert {rule.event.type for rule in TABLE} == bound
    assert {rule.kind for rule in TABLE} == KINDS.keys()


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: f"{rule.event.type} {rule.kind}")
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_row_can_be_said_in_full(rule, language):
    data = rule.event.example()
    if isinstance(data, told.HelpRequestFacts):
        data = help_event(rule.event, helping_agency="HELPER", responding_agency="HELPER")
    if isinstance(data, TaskFacts):
        data = data.model_copy(update={"by": "ani"})
    notification = a_notification(
        kind=rule.kind, resource=rule.resource, facts=rule.facts(data), subject=rule.subject(data)
    )

    text = say(notification, language, title="Judul", city=CITY, people=STAFF)

    assert "—" not in text
    assert "{" not in text
    assert text[0].isupper()


def test_days_and_states_are_said_in_the_language_of_the_reader():
    facts = {"what": "absence", "person": "ani", "date": "2026-12-01", "state": "approved"}
    notification = a_notification(kind="request_decided", resource="absence", facts=facts)

    def said(language):
        return say(notification, language, title=None, city=CITY, people=STAFF)

    assert said("id") == "Permohonan ketidakhadiran Anda untuk 1 Desember 2026 disetujui."
    assert said("en") == "Your absence for 1 December 2026 is approved."
    assert WHAT.keys() >= {rule.resource for rule in TABLE if rule.kind == "request_decided"}
    assert STATES.keys() == {"approved", "rejected", "withdrawn", "revoked"}


def a_notification(**other):
    fields = {
        "id": "n-1",
        "person": "ani",
        "kind": "help_asked",
        "at": TUESDAY,
        "resource": "help_request",
        "subject": "request-1",
        "expires_at": TUESDAY + KEPT,
    }
    return Notification(**(fields | other))


def around(*requests):
    return Surroundings(CITY, STAFF, {each.id: each for each in requests}, {}, TODAY)


def test_a_sensitive_request_is_not_told_to_the_head_above():
    above = an_actor(("head", "SETDA"), employee="sri")
    notification = a_notification(person="sri", heads="SETDA")

    assert around(a_request()).may_see(above, notification)
    assert not around(a_request(sensitive=True)).may_see(above, notification)


@pytest.mark.parametrize(
    ("actor", "capacity", "seen"),
    [
        (an_actor(("employee", "HELPER"), employee="ani"), {}, True),
        (an_actor(("head", "HELPER"), employee="ani"), {"heads": "HELPER"}, True),
        (an_actor(("head", "SETDA"), employee="ani"), {"heads": "HELPER"}, True),
        (an_actor(("employee", "HELPER"), employee="ani"), {"heads": "HELPER"}, False),
        (an_actor(("employee", "HELPER"), employee="ani"), {"supervises": "led"}, True),
        (an_actor(("employee", "HELPER"), employee="budi"), {"supervises": "led"}, False),
    ],
)
def test_who_lost_the_capacity_no_longer_sees_what_they_were_told_in_it(actor, capacity, seen):
    notification = a_notification(resource="absence", person=actor.employee, **capacity)

    assert around().may_see(actor, notification) is seen


def test_the_rights_of_all_accounts_of_a_person_count_together():
    accounts = Accounts.of(
        [
            an_account("kepala.a", ("head", "ASKER"), employee="dua"),
            an_account("kepala.b", ("head", "OTHER"), employee="dua"),
        ]
    )

    assert accounts.as_actor("dua").scopes("head") == ("ASKER", "OTHER")
    assert accounts.belongs_to("kepala.b", "dua")
    assert access.own_inbox(accounts.as_actor("dua")) == "dua"


def test_telling_again_changes_nothing_and_says_nothing():
    first = model.raise_once(a_notification(), None)
    read = model.read(first.state, TUESDAY)
    again = model.raise_once(a_notification(), read)

    assert [event.kind for event in first.events] == ["help_asked"]
    assert (again.state, again.events) == (read, ())


def test_what_was_read_is_not_mailed_and_the_first_reading_counts():
    waiting = model.as_wanted(a_notification(), Choice(kind="help_asked"), TUESDAY)
    later = datetime(2026, 12, 1, tzinfo=UTC)

    read = model.read(model.read(waiting, TUESDAY), later)

    assert waiting.mail == "waiting"
    assert (read.mail, read.read_at) == ("settled", TUESDAY)


def test_who_wants_only_mail_gets_no_sign_in_the_inbox():
    mailed = model.as_wanted(a_notification(), Choice(kind="help_asked", inbox=False), TUESDAY)

    assert (mailed.inbox, mailed.mail) == (False, "waiting")
    assert model.raise_once(mailed, None).events == ()


def test_choices_replace_the_former_ones():
    preferences = model.chosen("ani", {"help_asked": Choice(kind="help_asked", email=False)}).state

    assert preferences.choice("help_asked") == Choice(kind="help_asked", email=False)
    assert preferences.choice("help_open_call") is None


@pytest.mark.parametrize("body", [{}, {"ids": ["0" * 36], "until": "2026-12-01T00:00:00Z"}])
def test_reading_names_ids_or_a_moment(body):
    with pytest.raises(ValueError, match="either ids or until"):
        ReadRequest.model_validate(body)


def test_nobody_is_supervisor_by_a_post_of_another_day():
    ended = with_supervisor(a_person("led", "HELPER", until=date(2026, 11, 20)), "ani")
    known = replace(KNOWN, people=People({"led": ended}))

    assert list(known.deciders(EmployeeId("led"), TODAY)) == []
    assert list(known.deciders(EmployeeId("led"), date(2026, 11, 19))) == [
        Recipient("ani", supervises="led")
    ]
