"""The account that the played day gives at its end."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

from deploy.demo.play import checks
from deploy.demo.play.checks import Account
from deploy.demo.play.deeds import CHECK_IN, Deed, key_of, tally

PUBLIC = "tasks.help_request.requested.v1"


class AnInside:
    """What lies behind the gateway, given by hand."""

    def __init__(
        self,
        stored: dict[str, dict[str, dict[str, Any]]] | None = None,
        sequences: Iterable[tuple[str, str, int]] = (),
        log: Iterable[dict[str, Any]] = (),
    ) -> None:
        self._stored, self._sequences, self._log = stored or {}, sequences, log

    async def documents(
        self, service: str, collection: str, ids: Iterable[str], fields: Iterable[str]
    ) -> dict[str, dict[str, Any]]:
        kept = self._stored.get(f"{service}.{collection}", {})
        return {id_: kept[id_] for id_ in ids if id_ in kept}

    async def sequences(self) -> AsyncIterator[tuple[str, str, int]]:
        for each in self._sequences:
            yield each

    async def log(self) -> AsyncIterator[dict[str, Any]]:
        for each in self._log:
            yield each


class AWay:
    """A feed or a queue that has brought these events."""

    def __init__(self, *ids: str, repeated: tuple[str, ...] = ()) -> None:
        self.ids = {PUBLIC: set(ids)}
        self.repeated = list(repeated)

    async def read_on(self) -> None:
        return


def an_event(id_: str, sequence: int, subject: str = "h1") -> dict[str, Any]:
    source = "tasks.help_requests"
    return {"id": id_, "type": PUBLIC, "source": source, "subject": subject, "sequence": sequence}


def an_acceptance(command: str, punch: str) -> Deed:
    return Deed(CHECK_IN, command, "key", result={"id": punch, "day": {"id": "e1:2026-11-23"}})


def a_refusal(command: str) -> Deed:
    return Deed(CHECK_IN, command, "key", problem={"code": "already_checked_in"})


async def documents(*deeds: Deed, **stored: dict[str, Any]) -> list[str]:
    account = Account()
    kept = {"attendance.days": stored.get("days", {}), "attendance.refusals": stored["refusals"]}
    await checks.documents(account, deeds, AnInside(kept))  # type: ignore[arg-type]  # a fake port
    return account.differences


async def events(inside: AnInside, feed: AWay, queue: AWay) -> list[str]:
    account = Account()
    await checks.events(account, inside, feed, queue)  # type: ignore[arg-type]  # fake ports
    return account.differences


async def test_what_is_there_balances() -> None:
    day = {"receipts": [{"command": "c1"}], "punches": [{"id": "p1"}]}

    found = await documents(
        an_acceptance("c1", "p1"),
        a_refusal("c2"),
        days={"e1:2026-11-23": day},
        refusals={"c2": {"code": "already_checked_in"}},
    )

    assert found == []


async def test_an_acceptance_without_its_document_is_named() -> None:
    found = await documents(an_acceptance("c1", "p1"), refusals={})

    assert found == ["check-in p1 c1: no document e1:2026-11-23"]


async def test_a_document_without_the_punch_is_named() -> None:
    day = {"receipts": [{"command": "c1"}], "punches": []}

    found = await documents(an_acceptance("c1", "p1"), days={"e1:2026-11-23": day}, refusals={})

    assert len(found) == 1


async def test_a_refusal_without_its_receipt_is_named() -> None:
    found = await documents(a_refusal("c2"), refusals={})

    assert len(found) == 1
    assert "c2" in found[0]


async def test_the_same_events_everywhere_balance() -> None:
    inside = AnInside(
        sequences=[("tasks.help_requests", "h1", 2)], log=[an_event("a", 1), an_event("b", 2)]
    )

    assert await events(inside, AWay("a", "b"), AWay("a", "b")) == []


async def test_an_event_that_one_way_lacks_is_named(monkeypatch: Any) -> None:
    async def at_once(*_: Any, **__: Any) -> None:
        return

    monkeypatch.setattr(checks, "settle", at_once)
    inside = AnInside(
        sequences=[("tasks.help_requests", "h1", 3)], log=[an_event("a", 1), an_event("b", 2)]
    )

    found = await events(inside, AWay("a", "b"), AWay("a"))

    assert found == [
        "tasks.help_requests h1 #3 is not in the log",
        f"{PUBLIC} b is in the feed, not in the queue",
    ]


async def test_an_event_that_is_there_twice_is_named() -> None:
    inside = AnInside(
        sequences=[("tasks.help_requests", "h1", 1)], log=[an_event("a", 1), an_event("a", 1)]
    )

    found = await events(inside, AWay("a", repeated=("a",)), AWay("a"))

    assert len(found) == 2


def test_only_the_first_differences_are_told_by_name() -> None:
    account = Account()
    account.take("all are there", [f"difference {n}" for n in range(30)])

    assert "30 differences" in account.told()
    assert "… and 20 more" in account.told()
    assert account.lines == ["NOT: all are there"]


def test_a_key_is_made_from_what_is_sent() -> None:
    assert key_of("2026-11-23", "moves", body={"a": 1, "b": 2}) == key_of(
        "2026-11-23", "moves", body={"b": 2, "a": 1}
    )
    assert key_of("2026-11-23", body={"a": 1}) != key_of("2026-11-23", body={"a": 2})


def test_deeds_are_counted_by_their_outcome() -> None:
    assert tally([an_acceptance("c1", "p1"), a_refusal("c2"), a_refusal("c3")]) == (
        1,
        {"already_checked_in": 2},
    )
