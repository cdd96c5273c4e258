"""What a file of people asks of the directory: per person, posts and account, or why not.

A person's rows stand or fall together: half a transfer would put somebody in two places.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from contracts.envelope import Grant
from contracts.people import RejectedRow
from services.directory import access
from services.directory.imports.rows import PostRow, Reading


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the directory knows of the things that a file names."""

    missing_agencies: set[str]
    known_keys: set[str]
    nip_holders: Mapping[str, str]
    account_holders: Mapping[str, str | None]
    id_of: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """What the file says of one person."""

    key: str
    rows: tuple[PostRow, ...]

    @property
    def first(self) -> PostRow:
        """The row that the particulars are taken from; all agree."""
        return self.rows[0]

    @property
    def posts(self) -> tuple[PostRow, ...]:
        """The rows by first day; a main post without an end ends before the next main one."""
        ordered = sorted(self.rows, key=lambda row: row.from_)
        begins = [row.from_ for row in ordered if row.main]
        ends = {day: later - timedelta(days=1) for day, later in pairwise(begins) if later > day}
        return tuple(
            row.model_copy(update={"until": ends[row.from_]})
            if row.main and row.until is None and row.from_ in ends
            else row
            for row in ordered
        )

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The rights of the person's account: those of the file, or ``employee`` of the posts."""
        stated = tuple(grant for row in self.rows for grant in row.roles)
        return stated or tuple(Grant(role="employee", scope=row.agency) for row in self.rows[:1])


@dataclass(slots=True)
class Plan:
    """The people who can be taken over and the rows that cannot."""

    people: dict[str, PersonPlan]
    rejected: list[RejectedRow] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many rows can be taken."""
        return sum(len(person.rows) for person in self.people.values())

    def drop(
        self, person: PersonPlan, reasons: Iterable[RejectedRow], *, broken: int | None = None
    ) -> None:
        """Leave a person out; rows without a reason of their own name the one that has."""
        stated = list(reasons)
        named = {reason.row for reason in stated}
        first = min(named) if broken is None else broken
        self.rejected += stated
        self.rejected += [
            _bad(row, "key", f"row {first} of the same person is not allowed")
            for row in person.rows
            if row.row not in named
        ]
        del self.people[person.key]


def plan(reading: Reading, surroundings: Surroundings) -> Plan:
    """Sort the rows by person and leave out everybody of whom something is wrong."""
    by_key: dict[str, list[PostRow]] = {}
    for row in reading.rows:
        by_key.setdefault(row.key, []).append(row)
    made = Plan({key: PersonPlan(key, tuple(rows)) for key, rows in by_key.items()})
    made.rejected += reading.rejected
    twice = _shared(made.people.values())
    for person in list(made.people.values()):
        problems = [*_disagreements(person), *_unknown(person, surroundings)]
        problems += _taken(person, surroundings, twice)
        broken = reading.broken.get(person.key)
        if problems or broken is not None:
            made.drop(person, problems, broken=broken)
    _drop_unsupervised(made, surroundings)
    return made


def _bad(row: PostRow, column: str, detail: str) -> RejectedRow:
    return RejectedRow(row=row.row, column=column, detail=detail)


def _shared(people: Iterable[PersonPlan]) -> set[str]:
    """The NIPs and user names that several people of the file claim."""
    counted = Counter(
        claim
        for person in people
        for claim in {person.first.nip, person.first.username}
        if claim is not None
    )
    return {claim for claim, times in counted.items() if times > 1}


def _disagreements(person: PersonPlan) -> list[RejectedRow]:
    columns = ("nip", "name", "employment", "username", "email")
    return [
        _bad(row, column, f"differs from row {person.first.row} of the same person")
        for row in person.rows[1:]
        for column, one, other in zip(
            columns, row.particulars, person.first.particulars, strict=True
        )
        if one != other
    ]


def _unknown(person: PersonPlan, surroundings: Surroundings) -> list[RejectedRow]:
    problems: list[RejectedRow] = []
    for row in person.rows:
        if row.agency in surroundings.missing_agencies:
            problems.append(_bad(row, "agency", f"there is no agency {row.agency}"))
        if row.supervisor == row.key:
            problems.append(_bad(row, "supervisor", "must be the key of another person"))
        problems += [
            _bad(row, "roles", problem)
            for grant in row.roles
            if (problem := access.scope_problem(grant, surroundings.missing_agencies))
        ]
        if row.roles and row.username is None:
            problems.append(_bad(row, "username", "is needed where roles are given"))
    return problems


def _taken(person: PersonPlan, surroundings: Surroundings, twice: set[str]) -> list[RejectedRow]:
    first, id_ = person.first, surroundings.id_of(person.key)
    problems: list[RejectedRow] = []
    if first.nip in twice or surroundings.nip_holders.get(first.nip or "", id_) != id_:
        problems.append(_bad(first, "nip", f"{first.nip} belongs to another person"))
    if (
        first.username in twice
        or surroundings.account_holders.get(first.username or "", id_) != id_
    ):
        problems.append(_bad(first, "username", f"{first.username} belongs to somebody else"))
    return problems


def _drop_unsupervised(made: Plan, surroundings: Surroundings) -> None:
    """Supervisors must be known or come with the file; leaving one out may orphan others."""
    while True:
        known = surroundings.known_keys | made.people.keys()
        orphans = {
            person.key: [
                _bad(row, "supervisor", f"there is no person with the key {row.supervisor}")
                for row in person.rows
                if row.supervisor is not None and row.supervisor not in known
            ]
            for person in made.people.values()
        }
        found = {key: reasons for key, reasons in orphans.items() if reasons}
        if not found:
            return
        for key, reasons in found.items():
            made.drop(made.people[key], reasons)
