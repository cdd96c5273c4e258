"""Reviews are listed for those whom they concern and decided by those who may."""

from datetime import date

from contracts.envelope import Answer, Command, Query, Verdict
from contracts.outcome import Decision, Refusal
from contracts.paging import Page
from contracts.reviews import DecideReview, GetReview, ListReviews, ReviewView
from kit.clock import now
from kit.messaging.handlers import Handlers
from kit.storage.aggregates import Stored
from kit.storage.connection import Document
from rules.working_time import zone
from services.attendance import access
from services.attendance.concern import both, concerned
from services.attendance.context import Attendance
from services.attendance.own_copies.store import Person
from services.attendance.reviews.model import Outcome, Review
from services.attendance.reviews.views import review_view

handlers: Handlers[Attendance] = Handlers()

_SORTS = ("score", "found_at", "period")
_CITY_ZONE = "Asia/Jakarta"


@handlers.answers(ListReviews)
async def list_reviews(query: Query[ListReviews], attendance: Attendance) -> Page[ReviewView]:
    """The reviews that concern the caller, the strongest first."""
    body = query.body
    wanted: Document = {"state": {"$in": list(body.state)}}
    if body.kind:
        wanted["kind"] = {"$in": list(body.kind)}
    if body.period is not None:
        wanted["period"] = body.period
    if body.employee is not None:
        wanted["employee"] = body.employee
    tree = await attendance.copies.tree()
    agencies = {
        below
        for agency in body.agency
        for below in ({agency} if body.exact else tree.below(agency))
    }
    if agencies:
        wanted["agency"] = {"$in": sorted(agencies)}
    sort = body.paging.sort or "-score"
    if sort.lstrip("-") not in _SORTS:
        raise Refusal.invalid("/sort", f"one of {', '.join(_SORTS)}, with - for descending")
    found, cursor = await attendance.reviews.page(
        both(wanted, await concerned(query.actor, attendance)),
        sort=sort,
        limit=body.paging.limit,
        cursor=body.paging.cursor,
    )
    views = [await _view(stored, query, attendance) for stored in found]
    return Page(items=tuple(view for view in views if view), next_cursor=cursor)


@handlers.answers(GetReview)
async def get_review(query: Query[GetReview], attendance: Attendance) -> Answer:
    """One review with all its evidence, for those whom it concerns."""
    stored = await attendance.reviews.get(query.body.review)
    if stored is None:
        raise Refusal("not_found")
    person = await attendance.copies.people.get(stored.state.employee)
    access.may_see_days_of(query.actor, person, await attendance.copies.tree(), _today())
    view = await _view(stored, query, attendance)
    if view is None:
        raise Refusal("not_found")
    return Answer(result=view.model_dump_json(by_alias=True), version=stored.version)


@handlers.handles(DecideReview)
async def decide_review(command: Command[DecideReview], attendance: Attendance) -> Verdict:
    """Say what the finding means; no day changes by it."""
    body, actor = command.body, command.actor
    stored = await attendance.reviews.get(body.review)
    person = None if stored is None else await attendance.copies.people.get(stored.state.employee)
    if stored is None or person is None:
        raise Refusal("not_found")
    tree, today = await attendance.copies.tree(), _today()
    access.may_decide_reviews_of(actor, person, tree, today)
    outcome = Outcome(actor.account, actor.on_behalf_of, command.received_at, body.note)
    local = await attendance.copies.zone_of(stored.state.agency)

    def decide(review: Review | None) -> Decision[Review]:
        if review is None:
            raise Refusal("not_found")
        return review.decide(body.decision, outcome)

    return await attendance.reviews.change(
        body.review,
        decide,
        command,
        answer=lambda after: review_view(after, person.shown(today), local, decides=True),
    )


async def _view(
    stored: Stored[Review],
    query: Query[ListReviews] | Query[GetReview],
    attendance: Attendance,
) -> ReviewView | None:
    person: Person | None = await attendance.copies.people.get(stored.state.employee)
    if person is None:
        return None
    tree, today = await attendance.copies.tree(), _today()
    decides = access.decides_reviews_of(query.actor, person, tree, today)
    local = await attendance.copies.zone_of(stored.state.agency)
    return review_view(stored, person.shown(today), local, decides=decides)


def _today() -> date:
    return now().astimezone(zone(_CITY_ZONE)).date()
