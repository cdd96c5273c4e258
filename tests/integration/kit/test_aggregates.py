"""One command, one document, one write: on the real database, with replicas racing."""

import asyncio
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel

from contracts.attendance import AgencyDayCounted
from contracts.envelope import Actor, AgencyCode
from contracts.outcome import Decision, Refusal
from kit.clock import now
from kit.ids import new_id
from kit.storage.aggregates import Aggregates, Cause, Conflict
from kit.storage.migrations import Index


@dataclass(frozen=True, slots=True)
class Tally:
    """A counter with a field of each kind that documents hold."""

    count: int = 0
    on: date = date(2026, 11, 24)
    share: Decimal = Decimal("0.5000")
    label: str | None = None
    notes: tuple[str, ...] = ()

    def add(self, note):
        """One more."""
        counted = AgencyDayCounted(
            agency=AgencyCode("BKPSDM"), date=self.on, people=self.count + 1, counts={}
        )
        grown = Tally(self.count + 1, self.on, self.share, self.label, (*self.notes, note))
        return Decision(grown, (counted,))


class TallyView(BaseModel):
    """The counter as callers see it."""

    count: int


def a_cause(id_=None, body_hash="hash"):
    id_ = id_ or new_id()
    return Cause(id_, id_, Actor(account="tester"), now(), body_hash)


def view(stored):
    return TallyView(count=stored.state.count)


def adding(note="x"):
    return lambda tally: (tally or Tally()).add(note)


@pytest.fixture
async def open_tallies(open_store):
    """Opens the tallies as one more replica sees them."""

    async def open_one(**more):
        store = open_store(**more)
        tallies = Aggregates(
            store,
            "tallies",
            Tally,
            indexes=[Index([("label", 1)], unique=True, partial={"label": {"$type": "string"}})],
        )
        await store.migrate()
        return tallies

    return open_one


async def test_state_comes_back_as_it_was_written(open_tallies):
    tallies = await open_tallies()
    id_ = new_id()

    await tallies.change(id_, adding("gotong-royong 🤝"), a_cause())

    stored = await tallies.get(id_)
    assert stored.state == Tally(1, notes=("gotong-royong 🤝",))
    assert (stored.version, stored.sequence, stored.mark) == (1, 1, f"{id_}@1")


async def test_the_same_command_gives_the_same_verdict_and_acts_once(open_tallies):
    tallies = await open_tallies()
    id_, cause = new_id(), a_cause()

    first = await tallies.change(id_, adding(), cause, answer=view, status=201)
    await tallies.change(id_, adding(), a_cause())
    again = await tallies.change(id_, adding(), cause, answer=view, status=201)

    assert again == first
    assert (await tallies.get(id_)).state.count == 2


async def test_the_same_command_with_another_body_is_refused(open_tallies):
    tallies = await open_tallies()
    id_, cause = new_id(), a_cause()
    await tallies.change(id_, adding(), cause)

    with pytest.raises(Refusal, match="idempotency_key_reused"):
        await tallies.change(id_, adding(), a_cause(cause.id, "another"))


async def test_the_same_command_cannot_act_on_two_documents(open_tallies):
    tallies = await open_tallies()
    first, second, cause = new_id(), new_id(), a_cause()

    verdict = await tallies.change(first, adding(), cause, answer=view)
    again = await tallies.change(second, adding(), cause, answer=view)

    assert again == verdict
    assert await tallies.get(second) is None


async def test_replicas_that_race_lose_no_change(open_tallies):
    replicas = [await open_tallies() for _ in range(3)]
    id_ = new_id()

    await asyncio.gather(
        *(replicas[n % 3].change(id_, adding(str(n)), a_cause()) for n in range(30))
    )

    stored = await replicas[0].get(id_)
    assert stored.state.count == stored.version == stored.sequence == 30
    assert sorted(stored.state.notes, key=int) == [str(n) for n in range(30)]


async def test_one_command_sent_to_two_replicas_at_once_acts_once(open_tallies):
    one, other = await open_tallies(), await open_tallies()
    for _ in range(20):
        id_, cause = new_id(), a_cause()

        verdicts = await asyncio.gather(
            one.change(id_, adding(), cause, answer=view),
            other.change(id_, adding(), cause, answer=view),
        )

        assert verdicts[0] == verdicts[1]
        assert (await one.get(id_)).state.count == 1


async def test_a_refusal_leaves_the_document_alone(open_tallies):
    tallies = await open_tallies()
    id_ = new_id()
    await tallies.change(id_, adding(), a_cause())

    def refuse(_):
        raise Refusal("forbidden")

    with pytest.raises(Refusal, match="forbidden"):
        await tallies.change(id_, refuse, a_cause())
    assert (await tallies.get(id_)).version == 1


async def test_if_match_names_the_version_that_stands(open_tallies):
    tallies = await open_tallies()
    id_ = new_id()
    await tallies.change(id_, adding(), a_cause())

    with pytest.raises(Refusal) as refused:
        await tallies.change(id_, adding(), a_cause(), if_match=7)
    assert refused.value.problem.facts == {"version": 1}
    await tallies.change(id_, adding(), a_cause(), if_match=1)


async def test_a_business_key_that_is_taken_is_a_conflict(open_tallies):
    tallies = await open_tallies()
    label = new_id()

    def labelled(_):
        return Decision(Tally(label=label))

    await tallies.change(new_id(), labelled, a_cause())
    with pytest.raises(Conflict):
        await tallies.change(new_id(), labelled, a_cause())


async def test_what_must_be_there_before_is_there_before(open_store, open_tallies):
    tallies, notes = await open_tallies(), open_store().collection("before")
    id_ = new_id()

    async def slowly():
        await asyncio.sleep(0.05)
        assert await tallies.get(id_) is None
        await notes.insert_one({"_id": id_})

    await tallies.change(id_, adding(), a_cause(), before=slowly())

    assert await notes.find_one({"_id": id_})
    assert (await tallies.get(id_)).version == 1


async def test_if_what_must_be_there_before_fails_nothing_is_written(open_tallies):
    tallies, id_ = await open_tallies(), new_id()

    async def fail():
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="disk"):
        await tallies.change(id_, adding(), a_cause(), before=fail())
    assert await tallies.get(id_) is None


async def test_without_receipts_a_change_that_changes_nothing_is_not_written(open_store):
    store = open_store()
    tallies = Aggregates(store, "sums", Tally, receipts=False)
    await store.migrate()
    id_ = new_id()

    def at_least(count):
        return lambda tally: Decision(Tally(max(count, tally.count if tally else 0)))

    for count in (2, 1, 2, 3):
        await tallies.change(id_, at_least(count), a_cause())

    stored = await tallies.get(id_)
    assert (stored.state.count, stored.version) == (3, 2)


async def test_without_receipts_replicas_that_race_lose_no_change(open_store):
    replicas = []
    for _ in range(2):
        store = open_store()
        replicas.append(Aggregates(store, "sums", Tally, receipts=False))
        await store.migrate()
    id_ = new_id()

    await asyncio.gather(
        *(replicas[n % 2].change(id_, adding(str(n)), a_cause()) for n in range(20))
    )

    stored = await replicas[0].get(id_)
    assert stored.state.count == stored.version == stored.sequence == 20


async def test_pages_go_through_all_of_a_list_once(open_tallies):
    tallies = await open_tallies()
    label = new_id()
    ids = [f"{label}-{n:02d}" for n in range(23)]
    for id_ in ids:
        await tallies.change(id_, adding(), a_cause())

    seen, cursor = [], None
    while True:
        query = {"_id": {"$regex": f"^{label}"}}
        page, cursor = await tallies.page(query, sort="-count", limit=5, cursor=cursor)
        seen += [stored.id for stored in page]
        if cursor is None:
            break

    assert sorted(seen) == ids


@pytest.mark.parametrize("cursor", ["x", "e30", "////", "W10", "AAAA"])
async def test_a_cursor_that_we_did_not_make_is_refused(open_tallies, cursor):
    tallies = await open_tallies()

    with pytest.raises(Refusal, match="validation_failed"):
        await tallies.page({}, cursor=cursor)


async def test_the_other_driver_reads_and_writes_the_same(open_tallies):
    motor, pymongo = await open_tallies(), await open_tallies(mongodb_driver="pymongo")
    id_ = new_id()

    await motor.change(id_, adding("a"), a_cause())
    await pymongo.change(id_, adding("b"), a_cause())

    assert (await motor.get(id_)).state.notes == (await pymongo.get(id_)).state.notes == ("a", "b")
    counted = await pymongo.collection.aggregate([{"$match": {"_id": id_}}, {"$count": "n"}])
    assert counted == [{"n": 1}]
