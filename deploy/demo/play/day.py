"""The played day from beginning to end."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.demo.caller import Caller, NotDone
from deploy.demo.play import (
    arrivals,
    attlog,
    checks,
    ending,
    live_check_ins,
    live_help,
    recorded_help,
    subscriber,
    workday,
)
from deploy.demo.play.cast import CITY_HALL, Cast, Person, gather
from deploy.demo.play.deeds import Company, Player
from deploy.demo.play.ending import Row
from deploy.demo.play.inside import Inside
from deploy.demo.play.workday import Workday
from deploy.local.progress import Progress

_KNOWN_WITHIN_S = 60.0
_ASKED_ABOUT = 60


@dataclass(frozen=True, slots=True)
class Where:
    """The running system: its gateway, its own servers, the subscriber's files, the password."""

    gateway: str
    rabbitmq_url: str
    mongodb_url: str
    home: Path
    password: str


@dataclass(frozen=True, slots=True)
class Played:
    """What happened, in words, and whose scores are to be computed again."""

    rows: list[Row]
    scored: list[str]


async def play(where: Where, progress: Progress) -> str | None:
    """Play the day, give the account of it; the differences found, or None."""
    day = workday.most_recent(workday.today())
    progress.say(f"the played day is {day.on:%A %d %B %Y}")
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(base_url=where.gateway, timeout=60, limits=limits) as http:
        company = Company(where.gateway, where.password, http)
        outside = (await company.player("jabar")).caller
        feed, queue = await subscriber.open_both(outside, where.home)
        try:
            played = await _scenes(company, day, progress)
            account = await _account(
                where, company, played, day=day, feed=feed, queue=queue, progress=progress
            )
        finally:
            await queue.close()
        hall = await (await company.player("admin")).caller.get("/v1/presence", office=CITY_HALL)
    rows = [*played.rows, ending.presence_row(hall)]
    rows.append(ending.events_row(feed.ids, feed.pages, queue.now))
    balance = [("Account" if not place else "", text) for place, text in enumerate(account.lines)]
    print(ending.table(where.gateway, where.home, where.password, [*rows, *balance]))
    return account.told() if account.differences else None


async def _scenes(company: Company, day: Workday, progress: Progress) -> Played:
    admin, loader = await company.player("admin"), await company.player("loader")
    cast = await gather(admin.caller, day.on)
    by_machine = attlog.users(cast)
    with progress.step(f"waiting until every service knows the {len(cast.people)} people"):
        await _wait_known(admin.caller, day, cast)
    others = _others(cast, by_machine)
    with progress.step(f"{len(others)} people arrive, move and leave"):
        turnout = await arrivals.play(loader, day, arrivals.script(day, cast, others))
    with progress.step(f"attlog.dat of machine {attlog.SERIAL}"):
        file = await attlog.play(admin, loader, day, attlog.export(day, cast, by_machine))
    with progress.step(f"{len(recorded_help.EPISODES)} help requests of that day"):
        imported = await recorded_help.play(loader, day, cast)
    with progress.step("one help request now, through all its states"):
        live = await live_help.play(company, cast)
    with progress.step(f"{live_check_ins.MANY} people check in now"):
        now = await live_check_ins.play(company, cast, live_check_ins.chosen(cast))
    rows = [
        *ending.turnout_rows(day, turnout, file),
        *ending.help_rows(imported, live),
        ending.live_row(now),
    ]
    return Played(rows, _three(imported, turnout))


def _others(cast: Cast, by_machine: Sequence[Person]) -> list[Person]:
    known = {person.id for person in by_machine}
    return [person for person in cast.people if person.id not in known]


def _three(imported: Sequence[dict[str, object]], turnout: arrivals.Turnout) -> list[str]:
    """Somebody who helped, somebody who was late, somebody who was in time."""
    helpers = imported[0]["people_assigned"]
    if not isinstance(helpers, list) or not helpers:
        raise NotDone("nobody was put on the first help request")
    helper = str(helpers[0]["id"])
    in_time = [each for each in turnout.in_time if each != helper]
    late = [each for each in turnout.late_people if each != helper]
    return [helper, *(late or in_time[1:])[:1], *in_time[:1]]


async def _wait_known(admin: Caller, day: Workday, cast: Cast) -> None:
    """The directory's news reach the others in their own time; after a first start, wait."""
    deadline = asyncio.get_running_loop().time() + _KNOWN_WITHIN_S
    span = {"from": day.on.isoformat(), "to": day.on.isoformat()}

    async def known(path: str) -> None:
        while (await admin.call("GET", path, params=span)).status_code != httpx.codes.OK:
            if asyncio.get_running_loop().time() > deadline:
                raise NotDone(f"{path} is not known within {_KNOWN_WITHIN_S:.0f} s")
            await asyncio.sleep(0.25)

    some = cast.people[:: max(1, len(cast.people) // _ASKED_ABOUT)]
    paths = [f"/v1/employees/{one.id}/{part}" for one in some for part in ("days", "scorecard")]
    await admin.each(paths, known)


async def _account(
    where: Where,
    company: Company,
    played: Played,
    *,
    day: Workday,
    feed: subscriber.Feed,
    queue: subscriber.Queue,
    progress: Progress,
) -> checks.Account:
    account = checks.Account()
    admin: Player = await company.player("admin")
    async with Inside(where.rabbitmq_url, where.mongodb_url) as inside:
        with progress.step("waiting until everything has settled"):
            await checks.wait_settled(inside, day, progress)
        with progress.step("giving account, id by id"):
            await checks.documents(account, company.book, inside)
            await checks.events(account, inside, feed, queue)
            await checks.dead_letters(account, inside)
            await checks.score(account, admin.caller, played.scored, day.period)
    return account
