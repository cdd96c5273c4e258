"""Digests by a real mail server that is also away, full, choosy or gone in the middle."""

import asyncio
import dataclasses
import itertools
import ssl
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP

from contracts.corrections import CorrectionDecided
from contracts.directory import AccountChanged
from contracts.envelope import Event, Grant
from kit.clock import now
from kit.ids import new_id
from kit.storage.store import Store
from services.tasks.app import tasks_of
from services.tasks.digests.handlers import send_due
from services.tasks.digests.mailer import SmtpMailer
from services.tasks.digests.mailing import Mailing
from services.tasks.digests.model import next_digest_at
from services.tasks.notifications import model
from services.tasks.notifications.handlers import tell_people
from tests.unit.tasks.builders import CITY, a_person

_numbers = itertools.count(1)


class MailServer:
    """A mail server that keeps what it takes and answers as it is told."""

    def __init__(self):
        self.letters = []
        self.answers = {}
        self.hang_up_at_data = False
        self.port = 0
        self._server = None

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802  # as the library asks
        message = message_from_bytes(envelope.content, policy=default)
        self.letters.append((envelope.rcpt_tos[0], message))
        if self.hang_up_at_data:
            server.transport.abort()
        return "250 OK"

    @property
    def addresses(self):
        return [address for address, _ in self.letters]

    async def start(self):
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="mail.test", loop=loop), "127.0.0.1", self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()


@pytest.fixture
async def server():
    found = MailServer()
    await found.start()
    yield found
    await found.stop()


@pytest.fixture
async def replicas(servers, settings, server):
    """Two processes of the service on one new database, without a broker."""
    own = settings.model_copy(
        update={
            "mongodb_database": servers.database(f"digests_{next(_numbers)}"),
            "smtp_host": "127.0.0.1",
            "smtp_port": server.port,
            "smtp_tls": "none",
            "smtp_timeout_s": 5.0,
        }
    )
    mailing = Mailing(6, SmtpMailer(own), "sambatan@example.go.id", "https://example.go.id/me")
    stores = [Store("tasks", own) for _ in range(2)]
    found = [dataclasses.replace(tasks_of(store, own), mailing=mailing) for store in stores]
    await stores[0].migrate()
    for agency in CITY.agencies.values():
        await found[0].directory.keep(an_event(agency, agency.code))
    yield found
    for store in stores:
        await store.close()


def an_event(data, subject):
    return Event(
        id=new_id(), source="test", type=data.type, subject=subject, time=now(), sequence=1,
        correlationid=new_id(), causationid=new_id(), data=data,
    )  # fmt: skip


async def know(tasks, person, *, email):
    """A person of the city with an account and an address."""
    known = a_person(person, "HELPER").model_copy(update={"email": email})
    account = AccountChanged(
        account=person,
        employee=person,
        active=True,
        grants=(Grant(role="employee", scope="HELPER"),),
    )
    await tasks.directory.keep(an_event(known, person))
    await tasks.directory.keep(an_event(account, person))
    await asyncio.sleep(0)


async def decide(tasks, person, count=1):
    """So many decisions about a person's requests."""
    for _ in range(count):
        data = CorrectionDecided.example().model_copy(
            update={"employee": person, "correction": new_id(), "agency": "HELPER"}
        )
        await tell_people([an_event(data, data.correction)], tasks)


def mornings(days=0):
    """A minute after the digest's hour, so many days ahead."""
    return next_digest_at(now(), "Asia/Jakarta", 6) + timedelta(days=days, minutes=1)


async def mail_of(tasks, person):
    found = await tasks.notifications.find({"person": person})
    return sorted(each.state.mail for each in found)


async def test_one_letter_a_day_with_what_is_unread(replicas, server):
    tasks = replicas[0]
    await know(tasks, "ani", email="ani@example.go.id")
    await decide(tasks, "ani", 3)
    first = (await tasks.notifications.find({"person": "ani"}))[0]
    read = model.read(first.state, now())
    await tasks.notifications.collection.update_one(
        {"_id": first.id}, {"$set": {"read_at": read.read_at, "mail": read.mail, "mail_at": None}}
    )

    await send_due(tasks, now())
    before_its_hour = list(server.letters)
    await send_due(tasks, mornings())
    await send_due(tasks, mornings() + timedelta(hours=2))

    ((address, message),) = server.letters
    assert (before_its_hour, address) == ([], "ani@example.go.id")
    assert message["Subject"].startswith("Sambatan: 2 hal untuk Anda")
    assert message["List-Unsubscribe"] == "<https://example.go.id/me>"
    assert message.get_content().count("Permohonan koreksi Anda") == 2
    assert await mail_of(tasks, "ani") == ["settled"] * 3
    await send_due(tasks, mornings(1))
    assert len(server.letters) == 1


async def test_two_processes_and_many_tries_send_one_letter_per_person(replicas, server):
    people = [f"person-{place}" for place in range(8)]
    for person in people:
        await know(replicas[0], person, email=f"{person}@example.go.id")
        await decide(replicas[0], person)
    for tasks in replicas:
        await tasks.directory.city()

    await asyncio.gather(*(send_due(tasks, mornings()) for tasks in replicas * 3))

    assert sorted(server.addresses) == sorted(f"{person}@example.go.id" for person in people)


async def test_with_the_server_away_everything_is_kept_and_sent_later_once(replicas, server):
    tasks = replicas[0]
    await know(tasks, "ani", email="ani@example.go.id")
    await decide(tasks, "ani", 2)
    await server.stop()

    await send_due(tasks, mornings())
    kept = await mail_of(tasks, "ani")
    await server.start()
    await send_due(tasks, mornings() + timedelta(minutes=5))
    await send_due(tasks, mornings() + timedelta(minutes=6))

    assert kept == ["waiting", "waiting"]
    assert server.addresses == ["ani@example.go.id"]


async def test_a_full_mailbox_is_tried_again_and_a_wrong_address_is_not(replicas, server):
    tasks = replicas[0]
    for person in ("ani", "budi", "eko"):
        await know(tasks, person, email=f"{person}@example.go.id")
        await decide(tasks, person)
    server.answers = {"ani@example.go.id": "452 full", "budi@example.go.id": "550 unknown"}

    await send_due(tasks, mornings())
    await send_due(tasks, mornings() + timedelta(seconds=30))
    after_refusals = list(server.addresses)
    server.answers = {}
    await send_due(tasks, mornings() + timedelta(minutes=2))
    await send_due(tasks, mornings(1))

    assert after_refusals == ["eko@example.go.id"]
    assert server.addresses == ["eko@example.go.id", "ani@example.go.id"]
    assert await mail_of(tasks, "budi") == ["settled"]


async def test_a_letter_whose_fate_is_unknown_is_not_sent_twice(replicas, server):
    tasks = replicas[0]
    await know(tasks, "ani", email="ani@example.go.id")
    await decide(tasks, "ani")
    server.hang_up_at_data = True

    await send_due(tasks, mornings())
    server.hang_up_at_data = False
    await send_due(tasks, mornings() + timedelta(hours=3))
    today = len(server.letters)
    await send_due(tasks, mornings(1))

    assert (today, len(server.letters)) == (1, 2)
    first, second = (message["Message-ID"] for _, message in server.letters)
    assert first != second
    assert await mail_of(tasks, "ani") == ["settled"]


async def test_what_a_dead_process_had_begun_goes_into_the_next_day(replicas, server):
    tasks, other = replicas
    await know(tasks, "ani", email="ani@example.go.id")
    await decide(tasks, "ani")
    (waiting,) = await tasks.notifications.find({"person": "ani"})
    ours, _ = await tasks.digests.claim("ani", mornings().date(), [waiting.id], mornings())

    await send_due(other, mornings() + timedelta(minutes=1))
    await send_due(other, mornings() + timedelta(minutes=30))
    today = list(server.letters)
    await send_due(other, mornings(1))

    assert (ours, today) == (True, [])
    assert server.addresses == ["ani@example.go.id"]


async def test_without_an_address_or_a_wish_nothing_waits(replicas, server):
    tasks = replicas[0]
    await know(tasks, "ani", email=None)
    await decide(tasks, "ani")
    silent = dataclasses.replace(tasks, mailing=None)
    await know(tasks, "budi", email="budi@example.go.id")
    await decide(silent, "budi")

    await send_due(tasks, mornings())

    assert server.letters == []
    assert await mail_of(tasks, "ani") == await mail_of(tasks, "budi") == ["unwanted"]


async def test_a_server_that_cannot_prove_its_name_gets_nothing(replicas, settings, server):
    tasks = replicas[0]
    await know(tasks, "ani", email="ani@example.go.id")
    await decide(tasks, "ani")
    strict = settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_tls": "starttls"}
    )
    mailer = SmtpMailer(strict, tls=ssl.create_default_context())
    careful = dataclasses.replace(tasks, mailing=dataclasses.replace(tasks.mailing, mailer=mailer))

    await send_due(careful, mornings())

    assert server.letters == []
    assert await mail_of(tasks, "ani") == ["waiting"]
