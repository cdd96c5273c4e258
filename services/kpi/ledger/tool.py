"""The operator's tool: ``python -m services.kpi ledger export|verify|restore``.

An export is a file of lines (one fact each, canonical) that ends with its seal. Restoring puts
back the facts that are missing, after the file has been verified; what is there stays.
"""

import argparse
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from kit.ids import new_id
from kit.storage.aggregates import Cause
from kit.storage.store import Store
from services.kpi.ledger.exporting import (
    Broken,
    Seal,
    Sealed,
    facts_in,
    last_line,
    line_of,
    verified,
)
from services.kpi.ledger.model import Fact
from services.kpi.ledger.seals import Seals
from services.kpi.ledger.store import Facts
from services.kpi.own_copies.store import OwnCopies
from services.kpi.periods.model import Period

_AT_ONCE = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The operator's command line."""
    actions = parser.add_subparsers(dest="action", required=True)
    for name, says in (
        ("export", "write the facts of a month to a file, and seal it"),
        ("verify", "check that a file is what its seal says"),
        ("restore", "put the facts of a file back that the ledger lacks"),
    ):
        action = actions.add_parser(name, help=says)
        action.add_argument("file", type=Path)
        if name == "export":
            action.add_argument("--period", required=True, help="a month, as 2026-11")


async def run(store: Store, arguments: argparse.Namespace) -> int:
    """Carry out the operator's command; returns the exit code."""
    try:
        if arguments.action == "export":
            sealed = await export(store, arguments.period, arguments.file)
        elif arguments.action == "verify":
            with arguments.file.open("rb") as file:
                sealed = verified(file)
        else:
            sealed = await restore(store, arguments.file)
    except Broken as broken:
        print(f"{arguments.file}: {broken}")
        return 1
    print(f"{sealed.period}: {sealed.facts} facts, sha256 {sealed.sha256}")
    return 0


async def export(store: Store, month: str, path: Path) -> Sealed:
    """Write the facts of a month in order, and the seal; the seal is announced too."""
    seal = Seal(month)
    with path.open("wb") as file:
        async for fact in _facts_of(store, Period.of(month)):
            line = line_of(fact)
            seal.add(line)
            file.write(line)
        file.write(last_line(seal.sealed()))
    id_ = new_id()
    cause = Cause.derived(Cause.timer("kpi", "seal", id_), month)
    await Seals(store).seal(seal.sealed(), cause)
    return seal.sealed()


async def restore(store: Store, path: Path) -> Sealed:
    """Verify a file, then put its facts into the ledger and mark them for the scorecards."""
    with path.open("rb") as file:
        sealed = verified(file)
    ledger = Facts(store)
    with path.open("rb") as file:
        for portion in _portions(facts_in(file)):
            await ledger.keep(portion)
    return sealed


async def _facts_of(store: Store, period: Period) -> AsyncIterator[Fact]:
    """Every fact that counts in a period, by agency and date."""
    ledger = Facts(store)
    agencies = sorted((await OwnCopies(store).tree()).codes())
    cursor: str | None = None
    while True:
        page, cursor = await ledger.page_of_agencies(
            agencies, period, limit=_AT_ONCE, cursor=cursor
        )
        for fact in page:
            yield fact
        if cursor is None:
            return


def _portions(facts: Iterator[Fact]) -> Iterator[Sequence[Fact]]:
    portion: list[Fact] = []
    for fact in facts:
        portion.append(fact)
        if len(portion) == _AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion
