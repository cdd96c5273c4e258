"""Help requests as views: moments in the asking agency's zone, people by name, actions by right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from contracts.envelope import Actor
from contracts.help_views import (
    ChangeView,
    ClockView,
    DifferenceView,
    ExplanationView,
    HelpCommentsView,
    HelpCommentView,
    HelpRequestView,
    PartView,
    ProposalView,
    ServiceLevelView,
    TimelineItemView,
    TimelineView,
    WorkView,
)
from contracts.people import PersonView
from contracts.uploads import AttachmentView
from rules.working_time import zone
from services.tasks import access
from services.tasks.help_requests.model import FieldValue, Happening, HelpRequest, Part
from services.tasks.own_copies.model import City, People
from services.tasks.service_levels.clock import Clock, Reading, read


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks, when, and what is known of city and people."""

    actor: Actor
    at: datetime
    city: City
    people: People


def people_of(request: HelpRequest) -> set[str]:
    """Everybody whose name a view of the request may need."""
    ids = {*request.participants, *request.people_assigned}
    ids |= {happening.by for happening in request.timeline if happening.by}
    ids |= {person for each in request.awaiting_approval for person in each.people}
    ids |= {each.by for each in request.awaiting_approval if each.by}
    ids |= {person for happening in request.timeline for person in happening.people}
    return {str(each) for each in ids}


def view(request: HelpRequest, version: int, onlooker: Onlooker) -> HelpRequestView:
    """The request as this caller sees it."""
    local, person = _writers(request, onlooker)
    return HelpRequestView(
        id=request.id,
        number=request.number,
        state=request.state,
        asking_agency=request.asking_agency,
        to_anyone=request.to_anyone,
        area=request.area,
        mode=request.mode,
        receiving_agencies=request.receiving_agencies,
        declined_agencies=request.declined_agencies,
        helping_agency=request.helping_agency,
        title=request.title,
        description=request.description,
        skills=request.skills,
        people=request.people,
        due=local(request.due),
        priority=request.priority,
        sensitive=request.sensitive,
        requested_at=local(request.requested_at),
        requested_by=person(request.requested_by) if request.requested_by else None,
        people_assigned=tuple(person(each) for each in request.people_assigned),
        helping_agencies=request.helping_agencies,
        parts=tuple(_part(each, request, local, person) for each in request.parts),
        people_missing=request.people_missing,
        awaiting_approval=tuple(
            ProposalView(
                agency=each.agency,
                people=tuple(person(one) for one in each.people),
                proposed_by=person(each.by) if each.by else None,
                at=local(each.at),
                rule=each.rule,
            )
            for each in request.awaiting_approval
            if access.sees_proposal(onlooker.actor, each.agency, onlooker.city.tree)
        ),
        attachments=tuple(
            AttachmentView(
                id=each.id,
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                at=local(each.at),
                by=each.by,
            )
            for each in request.attachments
        ),
        comments=len(request.comments),
        assignment_number=request.assignment_number,
        question=request.question,
        work=tuple(
            WorkView(
                person=person(each.by) if each.by else None,
                at=local(each.at),
                minutes=each.minutes,
                note=each.note,
            )
            for each in request.work
        ),
        worked_minutes=sum(each.minutes for each in request.work),
        summary=request.summary,
        links=request.links,
        rating=request.rating,
        thanks=request.thanks,
        confirmed_by_silence=request.confirmed_by_silence,
        response_minutes=request.response_minutes,
        imported=request.imported,
        service_level=service_level(request, onlooker.at, onlooker.city),
        actions=access.permitted(onlooker.actor, request, onlooker.city.tree, onlooker.at),
        version=version,
    )


def _part(
    part: Part,
    request: HelpRequest,
    local: Callable[[datetime], datetime],
    person: Callable[[str], PersonView],
) -> PartView:
    return PartView(
        agency=part.agency,
        people=tuple(person(each) for each in part.people),
        accepted_at=local(part.accepted_at),
        assignment_number=request.number_of(part),
        delivered_at=local(part.delivered_at) if part.delivered_at else None,
        summary=part.summary,
        links=part.links,
    )


def service_level(request: HelpRequest, at: datetime, city: City) -> ServiceLevelView:
    """Both clocks, by the working hours of the agency that has to move."""
    response = _reading(request.response_clock(), request, at, city)
    if response and response.state == "met" and request.responded_at is None:
        response = None  # it ended before anybody had to answer
    completion = _reading(request.completion_clock(), request, at, city)
    here = city.zone_of(request.asking_agency)
    return ServiceLevelView(
        response=_clock(response, here),
        completion=_clock(completion, here),
        holder=request.holder,
    )


def timeline(request: HelpRequest, onlooker: Onlooker) -> TimelineView:
    """Everything that happened, oldest first."""
    local, person = _writers(request, onlooker)
    return TimelineView(items=tuple(_item(each, local, person) for each in request.timeline))


def comments(request: HelpRequest, onlooker: Onlooker) -> HelpCommentsView:
    """What was said, oldest first."""
    local, person = _writers(request, onlooker)
    return HelpCommentsView(
        items=tuple(
            HelpCommentView(
                at=local(each.at),
                person=person(each.by) if each.by else None,
                agency=each.agency,
                text=each.note,
                mentions=tuple(person(one) for one in each.people),
            )
            for each in request.comments
        )
    )


def difference(
    request: HelpRequest, missed: Sequence[Happening], onlooker: Onlooker
) -> list[dict[str, Any]]:
    """What somebody with an older version has missed, as a version conflict tells it."""
    local, person = _writers(request, onlooker)
    views = (
        DifferenceView(
            at=local(each.at),
            actor=person(each.by) if each.by else None,
            agency=each.agency,
            action=each.action,
            fields=each.changed,
        )
        for each in missed
    )
    return [view.model_dump(mode="json") for view in views]


def _item(
    happening: Happening,
    local: Callable[[datetime], datetime],
    person: Callable[[str], PersonView],
) -> TimelineItemView:
    return TimelineItemView(
        at=local(happening.at),
        actor=person(happening.by) if happening.by else None,
        agency=happening.agency,
        action=happening.action,
        before=happening.before,
        after=happening.after,
        note=happening.note,
        people=tuple(person(each) for each in happening.people),
        explanation=tuple(
            ExplanationView(rule=each.rule, facts=each.facts, result=each.result)
            for each in happening.explanation
        ),
        changes=tuple(
            ChangeView(
                field=each.field, before=_plain(each.before, local), after=_plain(each.after, local)
            )
            for each in happening.changes
        ),
    )


def _plain(value: FieldValue, local: Callable[[datetime], datetime]) -> JsonValue:
    if isinstance(value, datetime):
        return local(value).isoformat()
    return list(value) if isinstance(value, tuple) else value


def _writers(
    request: HelpRequest, onlooker: Onlooker
) -> tuple[Callable[[datetime], datetime], Callable[[str], PersonView]]:
    here = zone(onlooker.city.zone_of(request.asking_agency))
    on = onlooker.at.astimezone(here).date()

    def local(moment: datetime) -> datetime:
        return moment.astimezone(here)

    def person(id_: str) -> PersonView:
        return onlooker.people.view(id_, on)

    return local, person


def _reading(clock: Clock | None, request: HelpRequest, at: datetime, city: City) -> Reading | None:
    if clock is None:
        return None
    holder = request.helping_agency or request.responding_agency
    waiting = request.responders
    agency = holder or (waiting[0] if waiting else request.asking_agency)
    return read(clock, max(at, clock.since), city.schedule_of(agency))


def _clock(reading: Reading | None, zone_name: str) -> ClockView | None:
    if reading is None:
        return None
    here = zone(zone_name)

    def local(moment: datetime | None) -> datetime | None:
        return moment.astimezone(here) if moment else None

    return ClockView(
        state=reading.state,
        target_minutes=reading.target_minutes,
        elapsed_minutes=reading.elapsed_minutes,
        remaining_minutes=reading.remaining_minutes,
        due=local(reading.due),
        as_of=reading.as_of.astimezone(here),
        changes_at=local(reading.changes_at),
    )
