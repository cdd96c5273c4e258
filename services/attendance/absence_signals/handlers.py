"""Thresholds of absence are signalled to those who must look, with the source of the rule."""

from datetime import date

from contracts.absence_signals import AbsenceSignal, AbsenceSignals, ListAbsenceSignals
from contracts.envelope import Query
from contracts.outcome import Refusal
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage import pages
from services.attendance import access
from services.attendance.absence_signals.model import (
    FIRST_THRESHOLD,
    TEXTS,
    Signal,
    longest_run,
    signal_of,
)
from services.attendance.access_log.store import Scope
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person

handlers: Handlers[Attendance] = Handlers()

_MOST_DAYS = 1_000


@handlers.answers(ListAbsenceSignals)
async def list_absence_signals(
    query: Query[ListAbsenceSignals], attendance: Attendance
) -> AbsenceSignals:
    """Who has reached a threshold in a year; what follows is decided by a person, not here."""
    body, tree = query.body, await attendance.copies.tree()
    access.may_read_recaps(query.actor, body.agency, tree)
    if not await attendance.copies.knows_agency(body.agency):
        raise Refusal("not_found")
    first, last = date(body.year, 1, 1), date(body.year, 12, 31)
    seen = Scope(agency=body.agency, exact=body.exact, first=first, last=last)
    await attendance.access_log.note(query.actor, "recap", seen)
    agencies = frozenset({body.agency}) if body.exact else tree.below(body.agency)
    absent = await attendance.absent_days.of(agencies, body.year)
    reached = {id_: dates for id_, dates in absent.items() if len(dates) >= FIRST_THRESHOLD}
    people = await attendance.copies.people.get_many(sorted(reached))
    order = sorted((f"{_MOST_DAYS - len(reached[id_]):04}", id_) for id_ in people)
    if body.paging.cursor is not None:
        behind = pages.decode(body.paging.cursor)
        order = [key for key in order if key > behind]
    shown = order[: body.paging.limit]
    return AbsenceSignals(
        agency=body.agency,
        year=body.year,
        items=tuple(
            [
                await _signal(attendance, people[id_], reached[id_], last, query.language)
                for _, id_ in shown
            ]
        ),
        next_cursor=pages.encode(*shown[-1]) if len(order) > len(shown) else None,
        as_of=now(),
    )


async def _signal(
    attendance: Attendance, person: Person, dates: list[date], last: date, language: str
) -> AbsenceSignal:
    between = await attendance.days.between(person.id, dates[0], dates[-1])
    in_a_row = longest_run(stored.state.status for stored in between)
    found = signal_of(days=len(dates), in_a_row=in_a_row, employment=person.employment)
    signal = found or Signal(len(dates), in_a_row, None, "")
    text = TEXTS[signal.level]
    return AbsenceSignal(
        person=person.shown(min(last, now().date())),
        days=signal.days,
        in_a_row=signal.in_a_row,
        level=signal.level,
        law=signal.law,
        text=text.en if language == "en" else text.id,
        first=dates[0],
        last=dates[-1],
    )
