"""Counting afterwards, in the databases themselves: is everything there, once, and nothing else?

What callers were told is one side of the account; days, presence, facts, scorecards, the log of
events and the outboxes are the other. The books are read with the owner's credentials and by
nothing of the product's own storage code.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient

from contracts.attendance import DayChanged
from contracts.services import SERVICES
from contracts.tasks import HelpAccepted, HelpConfirmed, HelpDeclined

Document = dict[str, Any]

_FACTS = {DayChanged.type, HelpAccepted.type, HelpDeclined.type, HelpConfirmed.type}
_SCORES = (
    ("kpi", "facts_to_score"),
    ("kpi", "facts_to_score_for_agencies"),
    ("kpi", "months_to_score_for_city"),
)
_COUNTS = (("attendance", "agency_day_marks"), ("attendance", "device_line_marks"))
_SHOWN = 5
_QUIET_PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as the log of events has it."""

    id: str
    type: str
    subject: str
    sequence: int
    source: str


class Books:
    """The databases of one system, read from outside."""

    def __init__(self, mongodb_url: str) -> None:
        self._client: MongoClient[Document] = MongoClient(mongodb_url, tz_aware=True)
        self._types: Counter[str] = Counter()
        self._read_to = 0
        self._known_aggregates: list[tuple[str, str]] = []

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def collection(self, service: str, name: str) -> Any:
        """A collection of a service."""
        return self._client[f"sambatan_{service}"][name]

    def count(self, service: str, name: str) -> int:
        """How many documents a collection has."""
        return int(self.collection(service, name).count_documents({}))

    def outboxes(self) -> list[str]:
        """The services of which some event has perhaps not been published yet."""
        return [one for one in SERVICES if self.collection(one, "outbox").find_one({}, {"_id": 1})]

    def unscored(self) -> list[str]:
        """The collections that name facts which some scorecard has not taken in."""
        return self._named(_SCORES)

    def marks(self) -> list[str]:
        """The collections that say of anything that it must be computed again."""
        return self._named((*_SCORES, *_COUNTS))

    def _named(self, collections: Iterable[tuple[str, str]]) -> list[str]:
        return [
            f"{service}.{name}"
            for service, name in collections
            if self.collection(service, name).find_one({}, {"_id": 1})
        ]

    def dead_letters(self) -> int:
        """How many messages nobody could handle."""
        return sum(self.count(service, "dead_letters") for service in SERVICES)

    def punches(self) -> Counter[str]:
        """The ids of all recorded check-ins of people, with how often each is there."""
        return self._punches(of_machines=False)

    def scans(self) -> Counter[str]:
        """The same of machines' lines."""
        return self._punches(of_machines=True)

    def _punches(self, *, of_machines: bool) -> Counter[str]:
        fields = {"punches.id": 1, "punches.device": 1}
        days = self.collection("attendance", "days").find({}, fields)
        return Counter(
            punch["id"]
            for day in days
            for punch in day["punches"]
            if (punch.get("device") is not None) is of_machines
        )

    def logged_types(self) -> Counter[str]:
        """How many events of which type the log has; reads only what is new since the last time."""
        new = self.collection("subscriptions", "log").find(
            {"last": {"$gt": self._read_to}}, {"entries.type": 1, "last": 1}
        )
        for segment in new:
            self._read_to = max(self._read_to, segment["last"])
            self._types.update(entry["type"] for entry in segment["entries"])
        return self._types

    def log(self) -> tuple[list[Logged], list[str]]:
        """Every event of the log, and what is wrong with its positions."""
        events: list[Logged] = []
        wrong: list[str] = []
        end = 0
        for segment in self.collection("subscriptions", "log").find({}).sort("_id", 1):
            if segment["_id"] != end + 1:
                wrong.append(f"log: position {end} is followed by {segment['_id']}")
            end = segment["_id"] + len(segment["entries"]) - 1
            if segment["last"] != end:
                wrong.append(f"log: the segment at {segment['_id']} says it ends elsewhere")
            events += map(_logged, segment["entries"])
        return events, wrong

    def aggregates(self) -> Iterator[tuple[str, str, int]]:
        """Every aggregate of every service: its source, its id, and how many events it had."""
        for service, name in self._aggregates():
            found = self.collection(service, name).find({}, {"sequence": 1})
            for document in found:
                yield f"{service}.{name}", document["_id"], document["sequence"]

    def _aggregates(self) -> list[tuple[str, str]]:
        if not self._known_aggregates:
            self._known_aggregates = [
                (service, name)
                for service in SERVICES
                for name in sorted(self._client[f"sambatan_{service}"].list_collection_names())
                if self.collection(service, name).find_one(
                    {"outbox": {"$exists": True}}, {"_id": 1}
                )
            ]
        return self._known_aggregates


def quiet(books: Books) -> None:
    """Wait for the counts that are taken now and then; what is left is found by ``differences``."""
    deadline = time.monotonic() + _QUIET_PATIENCE_S
    while (books.marks() or books.outboxes()) and time.monotonic() < deadline:
        time.sleep(0.5)


def differences(books: Books, accepted: Collection[str], uncertain: Collection[str]) -> list[str]:
    """Everything in which the books differ from what callers were told; empty is what is wanted."""
    events, wrong = books.log()
    parts: list[Callable[[], Iterable[str]]] = [
        lambda: _punches(books.punches(), accepted, uncertain),
        lambda: _events(books, events),
        lambda: _facts(books, events),
        lambda: _scores(books),
        lambda: (f"outbox not empty: {name}" for name in books.outboxes()),
        lambda: (f"marks not empty: {name}" for name in books.marks()),
    ]
    return [*wrong, *(line for part in parts for line in part())]


def _logged(entry: Document) -> Logged:
    event = json.loads(entry["event"])
    return Logged(entry["id"], entry["type"], event["subject"], event["sequence"], event["source"])


def _punches(
    found: Counter[str], accepted: Collection[str], uncertain: Collection[str]
) -> Iterator[str]:
    yield from _some("accepted and not recorded", set(accepted) - found.keys())
    yield from _some("recorded twice", {id_ for id_, times in found.items() if times > 1})
    unasked = found.keys() - set(accepted) - set(uncertain)
    yield from _some("recorded though nobody was told so", unasked)


def _events(books: Books, events: list[Logged]) -> Iterator[str]:
    """Every aggregate's events are in the log: each number from 1 on, each once."""
    ids = Counter(event.id for event in events)
    yield from _some("twice in the log", {id_ for id_, times in ids.items() if times > 1})
    numbers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        numbers[event.source, event.subject].append(event.sequence)
    incomplete = {
        f"{source} {id_}: {sorted(numbers[source, id_])} of {sequence}"
        for source, id_, sequence in books.aggregates()
        if sorted(numbers[source, id_]) != list(range(1, sequence + 1))
    }
    yield from _some("events missing from the log, or too many", incomplete)


def _facts(books: Books, events: list[Logged]) -> Iterator[str]:
    facts = {one["_id"] for one in books.collection("kpi", "facts").find({}, {"_id": 1})}
    wanted = {event.id for event in events if event.type in _FACTS}
    yield from _some("in the log and no fact", wanted - facts)
    yield from _some("a fact and not in the log", facts - wanted)


def _scores(books: Books) -> Iterator[str]:
    """Every day that is over is on its person's card with what the day says now."""
    cards = books.collection("kpi", "employee_cards").find({}, {"entries": 1})
    entries = {card["_id"]: card["entries"] for card in cards}
    days = books.collection("attendance", "days").find(
        {"working_day": True, "punches.0": {"$exists": True}}
    )
    wrong = set()
    for day in days:
        if day["status"] == "open":
            continue
        card = entries.get(f"{day['employee']}:{day['date'][:7]}", {})
        entry = card.get(day["_id"])
        says = [day["status"], True, day["late_minutes"], day["first_in"] is not None]
        if entry is None or json.loads(entry["row"] or "null")[:4] != says:
            wrong.add(day["_id"])
    yield from _some("scorecards are behind", wrong)


def _some(what: str, which: Collection[str]) -> Iterator[str]:
    if which:
        shown = ", ".join(sorted(which)[:_SHOWN])
        yield f"{what}: {len(which)} ({shown}{' …' if len(which) > _SHOWN else ''})"
