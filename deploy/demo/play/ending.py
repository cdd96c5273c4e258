"""What the person at the terminal reads at the end."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.demo.play.arrivals import Turnout
from deploy.demo.play.deeds import Deed, tally
from deploy.demo.play.live_help import Outcome
from deploy.demo.play.workday import Workday

Row = tuple[str, str]


def turnout_rows(day: Workday, turnout: Turnout, file: Mapping[str, Any]) -> list[Row]:
    """How people came on the played day."""
    return [
        (
            f"{day.on:%A %d %B %Y}",
            (
                f"{turnout.arrived} arrivals through the loader, {turnout.late} late, "
                f"{turnout.elsewhere} at another agency's office"
            ),
        ),
        (
            "",
            (
                f"{turnout.repeats} double taps told as such, {turnout.moved} moves, "
                f"{turnout.left} departures"
            ),
        ),
        (
            "attlog.dat",
            (
                f"{file['lines']} lines: {file['stored']} stored, {file['duplicates']} twice, "
                f"{len(file['unreadable'])} unreadable, {len(file['unmapped'])} unknown PIN"
            ),
        ),
    ]


def help_rows(imported: Sequence[Mapping[str, Any]], live: Outcome) -> list[Row]:
    """How agencies helped each other."""
    declined = sum(one["state"] == "declined" for one in imported)
    late = sum(one["service_level"]["response"]["state"] == "breached" for one in imported)
    number, rating = live.request["number"], live.request["rating"]
    return [
        ("Help that day", f"{len(imported)} requests, {declined} declined, {late} answered late"),
        (
            f"Help now {number}",
            (
                f"{len(live.actions)} steps to {live.request['state']} with {rating} of 5; "
                f"assignment record {live.record_bytes // 1024} KiB"
            ),
        ),
    ]


def live_row(deeds: Sequence[Deed]) -> Row:
    """The check-ins of this moment."""
    accepted, refused = tally(deeds)
    again = refused.get("already_checked_in", 0)
    return "Check-ins now", f"{accepted} recorded, {again} known already"


def presence_row(hall: Mapping[str, Any]) -> Row:
    """How full the city hall is now."""
    return "", f"{hall['present']} of {hall['capacity']} seats in the city hall are taken"


def events_row(feed: Mapping[str, set[str]], pages: int, received: int) -> Row:
    """What the subscriber read."""
    total = sum(len(ids) for ids in feed.values())
    return (
        "Subscriber jabar",
        (
            f"{total} public events of {len(feed)} types in {pages} feed pages; "
            f"{received} new ones from its queue"
        ),
    )


def table(gateway: str, home: Path, password: str, rows: Sequence[Row]) -> str:
    """Where to go next, and what just happened."""
    where: list[Row] = [
        ("Gateway", gateway),
        ("API docs", f"{gateway}/docs   events: {gateway}/asyncapi"),
        ("Accounts", "admin, auditor, operator, jabar, loader, p0001 …"),
        ("", "kepala.<agency> and pegawai.<agency>, e.g. kepala.bkpsdm, pegawai.dinkes"),
        ("Password", password),
    ]
    then: list[Row] = [
        ("Stop", "make down   (make reset also forgets the data)"),
        ("Logs", str(home / "logs")),
    ]
    blocks = (where, list(rows), then)
    width = max(len(name) for block in blocks for name, _ in block)
    lines = ["\n".join(f"  {name:{width}}  {text}" for name, text in block) for block in blocks]
    rule = "─" * 78
    return f"\n{rule}\n" + "\n\n".join(lines) + f"\n{rule}"
