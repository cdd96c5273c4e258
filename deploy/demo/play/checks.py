"""The account at the end: everything answered is there, and every way shows the same events."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from contracts.catalogue import EVENTS
from deploy.demo.caller import Caller, NotDone
from deploy.demo.play import scores
from deploy.demo.play.deeds import Deed, Kind
from deploy.demo.play.inside import Inside
from deploy.demo.play.subscriber import Feed, Ids, Queue, settle
from deploy.demo.play.workday import Workday
from deploy.local.progress import Progress

_SETTLES_WITHIN_S = 240.0
_DELIVERED_WITHIN_S = 30.0
_LOOKS = 3
_PAUSE_S = 0.5
_SHOWN = 10
_REFUSAL_FIELDS = ("code",)
_PUBLIC = sorted(name for name, data in EVENTS.items() if data.public is not None)


@dataclass(slots=True)
class Account:
    """What balances, in words, and every difference that was found."""

    lines: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def take(self, what: str, found: Sequence[str]) -> None:
        """Note the outcome of a check."""
        self.lines.append(what if not found else f"NOT: {what}")
        self.differences += found

    def told(self) -> str:
        """The differences for the person at the terminal, the first of them by name."""
        first = "\n  ".join(self.differences[:_SHOWN])
        more = len(self.differences) - _SHOWN
        rest = f"\n  … and {more} more" if more > 0 else ""
        return f"{len(self.differences)} differences:\n  {first}{rest}"


async def wait_settled(inside: Inside, day: Workday, progress: Progress) -> None:
    """Wait until nothing is under way any more; say what stays if that never comes."""
    loop = asyncio.get_running_loop()
    deadline, said = loop.time() + _SETTLES_WITHIN_S, loop.time()
    quiet = 0
    while quiet < 2:
        waiting = await inside.unsettled(day)
        quiet = 0 if waiting else quiet + 1
        if waiting and loop.time() > deadline:
            raise NotDone(f"not settled after {_SETTLES_WITHIN_S:.0f} s: {'; '.join(waiting)}")
        if waiting and loop.time() > said + 5:
            said = loop.time()
            progress.say(f"  still under way: {'; '.join(waiting)}")
        await asyncio.sleep(_PAUSE_S)


async def documents(account: Account, book: Sequence[Deed], inside: Inside) -> None:
    """Every acceptance has its document with the receipt, every refusal its stored receipt."""
    by_kind: dict[Kind, dict[str, Deed]] = defaultdict(dict)
    for deed in book:
        by_kind[deed.kind][deed.command] = deed
    for kind, deeds in by_kind.items():
        accepted = [deed for deed in deeds.values() if deed.result is not None]
        refused = [deed for deed in deeds.values() if deed.problem is not None]
        missing = await _without_document(kind, accepted, inside)
        account.take(f"{len(accepted)} accepted {kind.name} commands have their document", missing)
        if refused:
            lost = await _without_receipt(kind, refused, inside)
            account.take(f"{len(refused)} refused {kind.name} commands have their receipt", lost)


async def _without_document(kind: Kind, deeds: Sequence[Deed], inside: Inside) -> list[str]:
    fields = ("receipts.command", *(("punches.id",) if kind.part else ()))
    ids = (deed.document for deed in deeds)
    found = await inside.documents(kind.service, kind.collection, ids, fields)
    wrong = []
    for deed in deeds:
        document = found.get(deed.document, {})
        receipts = {receipt["command"] for receipt in document.get("receipts", ())}
        parts = {part["id"] for part in document.get("punches", ())}
        if deed.command not in receipts or (kind.part and deed.part not in parts):
            what = "no receipt in" if document else "no document"
            wrong.append(f"{kind.name} {deed.part or ''} {deed.command}: {what} {deed.document}")
    return wrong


async def _without_receipt(kind: Kind, deeds: Sequence[Deed], inside: Inside) -> list[str]:
    ids = (deed.command for deed in deeds)
    found = await inside.documents(kind.service, "refusals", ids, _REFUSAL_FIELDS)
    return [
        f"{kind.name} {deed.command}: refused with {deed.code}, the receipt says "
        f"{found.get(deed.command, {}).get('code')}"
        for deed in deeds
        if found.get(deed.command, {}).get("code") != deed.code
    ]


async def events(account: Account, inside: Inside, feed: Feed, queue: Queue) -> None:
    """Aggregates, log, feed and queue tell of the same events, type by type, id by id.

    They are read one after the other: what somebody else does meanwhile is a difference only if it
    is still one a moment later.
    """
    for _ in range(_LOOKS):
        outcome = await _compare_ways(inside, feed, queue)
        if not any(found for _, found in outcome):
            break
        await asyncio.sleep(_PAUSE_S)
    for what, found in outcome:
        account.take(what, found)


async def _compare_ways(inside: Inside, feed: Feed, queue: Queue) -> list[tuple[str, list[str]]]:
    log, said, twice = await _read_log(inside)
    await settle(feed, queue, patience_s=_DELIVERED_WITHIN_S)
    again = [f"{id_} is in the feed twice" for id_ in feed.repeated]
    foreign = [f"{name} in the feed is not public" for name in feed.ids if name not in _PUBLIC]
    total = sum(len(ids) for ids in feed.ids.values())
    return [
        (f"{sum(map(len, said.values()))} events are in the log once", twice),
        ("every event an aggregate counts is in the log", await _unsaid(inside, said)),
        ("the feed shows public types only, and no event twice", [*again, *foreign]),
        (
            f"log and feed hold the same {total} public events",
            [text for type_ in _PUBLIC for text in _unequal(type_, "log", log, "feed", feed.ids)],
        ),
        (
            f"feed and queue hold the same {total} public events",
            [
                text
                for type_ in _PUBLIC
                for text in _unequal(type_, "feed", feed.ids, "queue", queue.ids)
            ],
        ),
    ]


async def _read_log(inside: Inside) -> tuple[Ids, dict[tuple[str, str], set[int]], list[str]]:
    public: Ids = defaultdict(set)
    said: dict[tuple[str, str], set[int]] = defaultdict(set)
    twice = []
    async for event in inside.log():
        sequences = said[event["source"], event["subject"]]
        if event["sequence"] in sequences:
            twice.append(f"{event['source']} {event['subject']} #{event['sequence']} {event['id']}")
        sequences.add(event["sequence"])
        public[event["type"]].add(event["id"])
    return public, said, twice


async def _unsaid(inside: Inside, said: dict[tuple[str, str], set[int]]) -> list[str]:
    """Events that aggregates have counted and the log does not hold, and the other way round."""
    found, left = [], set(said)
    async for source, id_, last in inside.sequences():
        known = said.get((source, id_), set())
        left.discard((source, id_))
        found += [
            f"{source} {id_} #{n} is not in the log" for n in range(1, last + 1) if n not in known
        ]
        found += [f"{source} {id_} #{n} is in the log only" for n in known if n > last]
    return found + [
        f"{source} {id_} is in the log and no aggregate" for source, id_ in sorted(left)
    ]


def _unequal(type_: str, one: str, here: Ids, other: str, there: Ids) -> list[str]:
    mine, theirs = here.get(type_, set()), there.get(type_, set())
    lacking = [
        f"{type_} {id_} is in the {one}, not in the {other}" for id_ in sorted(mine - theirs)
    ]
    return lacking + [
        f"{type_} {id_} is in the {other}, not in the {one}" for id_ in sorted(theirs - mine)
    ]


async def dead_letters(account: Account, inside: Inside) -> None:
    """No message was given up."""
    account.take("no message lies among the dead letters", await inside.dead_letters())


async def score(account: Account, admin: Caller, people: Iterable[str], period: str) -> None:
    """Scores follow from exported facts alone."""
    chosen = list(dict.fromkeys(people))
    found = await scores.differences(admin, chosen, period)
    account.take(f"{len(chosen)} scores follow from their exported facts", found)
