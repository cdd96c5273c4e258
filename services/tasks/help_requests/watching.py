"""The clocks of a help request under watch: warned, breached, taken upward, each once.

Every change of a request passes through :func:`keep_watch`, so what is watched always follows the
state and the hours in force. Hours that move a due moment leave a line and an event.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts import help_clocks
from contracts.envelope import AgencyCode
from contracts.help_terms import HelpSign
from contracts.outcome import Decision
from services.tasks.help_requests.happening import Outcome, facts, timed
from services.tasks.help_requests.model import Happening, HelpRequest
from services.tasks.help_requests.transitions import is_final
from services.tasks.own_copies.model import City
from services.tasks.service_levels.clock import Clock, Reason, explain
from services.tasks.service_levels.targets import Terms
from services.tasks.service_levels.watches import BREACH, WARNING, ClockName, Watch, watched


@dataclass(frozen=True, slots=True)
class _Counting:
    """A clock that counts, for whom, and by which terms."""

    name: ClockName
    agency: AgencyCode | None
    clock: Clock
    terms: Terms


def keep_watch(before: HelpRequest | None, decided: Outcome, city: City, at: datetime) -> Outcome:
    """The outcome of a decision with its clocks under watch, and what other hours have moved."""
    events = decided.events
    moved = () if before is None else moved_clocks(before, city)
    request = _with_watches(_with_timer(decided.state, city), city)
    if moved and not is_final(request.state):
        moment = max(at, request.changed_at)
        line = _line(request, moment, "hours-changed", None, tuple(_moves(moved)))
        request = replace(request, timeline=(*request.timeline, line))
        events += tuple(
            _stated(request, new, help_clocks.HelpRescheduled, due_before=old.due)
            for old, new in moved
        )
    return Decision(request, events)


def moved_clocks(request: HelpRequest, city: City) -> tuple[tuple[Watch, Watch], ...]:
    """The clocks whose due moment the hours of now put elsewhere, before and after."""
    pairs = ((old, new) for old in request.watches for new in _watches(request, city))
    return tuple(
        (old, new)
        for old, new in pairs
        if old.is_of(new) and not new.stopped and old.due != new.due
    )


def take_step(request: HelpRequest, city: City, at: datetime) -> Outcome:
    """The next step that has come by this moment is taken; nothing, if the hours put it off."""
    come = [
        watch
        for watch in _watches(request, city)
        if watch.next_at is not None and watch.next_at <= at
    ]
    if not come:
        return Decision(request)
    watch = min(come, key=lambda each: (each.next_at or at, each.taken))
    step, crossed = watch.step or WARNING, watch.next_at or at
    taken = replace(watch, taken=step + 1, step=None, next_at=None)
    counting = next(each for each in _counting(request) if _is_of(each, watch))
    schedule = city.schedule_of(watch.agency or request.asking_agency)
    line = _line(
        request,
        max(crossed, request.changed_at),
        _SIGNS.get(step, "escalation"),
        watch.agency,
        explain(counting.clock, crossed, schedule, rule=f"{watch.clock}_minutes"),
    )
    others = tuple(each for each in request.watches if not each.is_of(watch))
    stepped = replace(request, watches=(*others, taken), timeline=(*request.timeline, line))
    told = _told(stepped, watch, step, city)
    event = _stated(
        stepped,
        taken,
        _EVENTS.get(step, help_clocks.HelpEscalated),
        crossed_at=crossed,
        terms=counting.terms,
        step=max(0, step - BREACH),
        agencies=told,
        in_digest=step > BREACH and _is_top(told, city),
    )
    return Decision(stepped, (event,))


_SIGNS: dict[int, HelpSign] = {WARNING: "warning", BREACH: "breach"}
_EVENTS: dict[int, type[help_clocks.HelpStepFacts]] = {
    WARNING: help_clocks.HelpWarned,
    BREACH: help_clocks.HelpBreached,
}


def _with_timer(request: HelpRequest, city: City) -> HelpRequest:
    """The timer of the state by the hours of now."""
    return timed(request, city.schedule_of(request.asking_agency))


def _with_watches(request: HelpRequest, city: City) -> HelpRequest:
    watches = _watches(request, city)
    moments = [watch.next_at for watch in watches if watch.next_at is not None]
    if request.timer_at is not None:
        moments.append(request.timer_at)
    return replace(
        request,
        watches=watches,
        digests=_digests(request, watches, city),
        rings_at=min(moments, default=None),
    )


def _watches(request: HelpRequest, city: City) -> tuple[Watch, ...]:
    """Every clock as it stands by the hours of now, with the steps that were taken before."""
    found = []
    for each in _counting(request):
        schedule = city.schedule_of(each.agency or request.asking_agency)
        steps = each.terms.steps(
            each.clock.target_minutes, levels_above=_levels_above(request, each.agency, city)
        )
        fresh = Watch(each.name, each.agency, each.clock.since, 0, None)
        taken = next((old.taken for old in request.watches if old.is_of(fresh)), 0)
        found.append(watched(each.name, each.agency, each.clock, steps, schedule, taken=taken))
    return tuple(found)


def _counting(request: HelpRequest) -> Iterator[_Counting]:
    """The clocks of a request: of everybody who owes a word, then of who owes the work."""
    if request.state == "withdrawn":
        return
    if request.responding_agency is not None:
        agency = request.responding_agency
        clock = replace(request.response_clock_of(agency), stopped_at=request.responded_at)
        yield _Counting("response", agency, clock, request.terms_of(agency))
    else:
        waiting: list[AgencyCode | None] = [*request.responders]
        for agency_ in waiting or ([None] if request.to_anyone else []):
            clock = replace(request.response_clock_of(agency_), stopped_at=request.ended_at)
            yield _Counting("response", agency_, clock, request.terms_of(agency_))
    if (completion := request.completion_clock()) is not None:
        helping = request.helping_agency
        yield _Counting("completion", helping, completion, request.terms_of(helping))


def _is_of(counting: _Counting, watch: Watch) -> bool:
    mine = (counting.name, counting.agency, counting.clock.since)
    return mine == (watch.clock, watch.agency, watch.since)


def _levels_above(request: HelpRequest, agency: AgencyCode | None, city: City) -> int:
    """How many levels there are above both agencies; a sensitive request goes to none of them."""
    if request.sensitive:
        return 0
    paths = (city.tree.path(code) for code in (request.asking_agency, agency) if code)
    return max(len(path) for path in paths) - 1


def _told(request: HelpRequest, watch: Watch, step: int, city: City) -> tuple[AgencyCode, ...]:
    """The agencies whose heads are to hear: who holds the ball, both, then level by level."""
    holding = (watch.agency,) if watch.agency else ()
    if step == WARNING:
        return holding or (request.asking_agency,)
    both = dict.fromkeys((*holding, request.asking_agency))
    if step == BREACH:
        return tuple(both)
    level = step - BREACH
    paths = (city.tree.path(code) for code in both)
    return tuple(dict.fromkeys(AgencyCode(path[min(level, len(path) - 1)]) for path in paths))


def _is_top(agencies: tuple[AgencyCode, ...], city: City) -> bool:
    return any(city.tree.parent(code) is None for code in agencies)


def _digests(
    request: HelpRequest, watches: tuple[Watch, ...], city: City
) -> tuple[AgencyCode, ...]:
    """The tops in whose daily digest the request stands: escalated as far, and still not done."""
    if is_final(request.state):
        return ()
    found: dict[AgencyCode, None] = {}
    for watch in watches:
        running = watch.clock == "completion" or request.responding_agency is None
        if not running or watch.taken <= BREACH + 1 or request.delivered_at is not None:
            continue
        told = _told(request, watch, watch.taken - 1, city)
        found.update({code: None for code in told if city.tree.parent(code) is None})
    return tuple(found)


def _moves(moved: tuple[tuple[Watch, Watch], ...]) -> Iterator[Reason]:
    for old, new in moved:
        fact = f"due {old.due.isoformat()}" if old.due else "due unknown"
        result = new.due.isoformat() if new.due else "unknown"
        yield Reason(f"{new.clock}_due", (*((new.agency,) if new.agency else ()), fact), result)


def _line(
    request: HelpRequest,
    at: datetime,
    sign: HelpSign,
    agency: AgencyCode | None,
    explanation: tuple[Reason, ...],
) -> Happening:
    return Happening(
        at=at,
        action=sign,
        before=request.state,
        after=request.state,
        account="system:tasks",
        agency=agency,
        explanation=explanation,
    )


def _stated(
    request: HelpRequest,
    watch: Watch,
    type_: type[help_clocks.HelpClockFacts],
    *,
    terms: Terms | None = None,
    **other: Any,
) -> Any:
    """The event: where the request stands, and what became of this clock."""
    return facts(
        request,
        type_,
        clock=watch.clock,
        holding_agency=watch.agency,
        clock_due=watch.due,
        target_minutes=watch.target,
        service_levels=(terms or request.terms_of(watch.agency)).version,
        **other,
    )
