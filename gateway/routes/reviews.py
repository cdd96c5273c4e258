"""Reviews: check-ins that look odd, with the evidence; a person decides what they mean."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.attendance import Id
from contracts.envelope import Code
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from contracts.reviews import (
    DecideReview,
    GetReview,
    ListReviews,
    Month,
    ReviewDecisionRequest,
    ReviewKind,
    ReviewState,
    ReviewView,
)
from gateway.call import Call
from gateway.problems import answers
from gateway.routes.check_ins import person_of

router = APIRouter(prefix="/v1/reviews", tags=["reviews"])

_REFUSALS = ("already_decided", "reason_required")


@router.get("", summary="List reviews", responses=answers(Page[ReviewView]))
async def list_reviews(  # the filters of the contract
    call: Call,
    state: Annotated[list[ReviewState] | None, Query()] = None,
    kind: Annotated[list[ReviewKind] | None, Query()] = None,
    agency: Annotated[list[Code] | None, Query(max_length=20)] = None,
    exact: bool = False,  # a filter
    employee_id: Annotated[str | None, Query(max_length=64)] = None,
    period: Annotated[Month | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    sort: Annotated[str | None, Query(pattern=r"^-?(score|found_at|period)$")] = None,
) -> Response:
    """Open ones unless ``state`` says otherwise, the strongest first: the caller's own, and those
    of people the caller supervises or leads.
    """
    return await call.query(
        ListReviews(
            state=tuple(state or ("open",)),
            kind=tuple(kind or ()),
            agency=tuple(agency or ()),
            exact=exact,
            employee=person_of(call, employee_id) if employee_id else None,
            period=period,
            paging=Paging(limit=limit, cursor=cursor, sort=sort),
        )
    )


@router.get("/{id}", summary="Read a review", responses=answers(ReviewView))
async def get_review(id: Id, call: Call) -> Response:  # noqa: A002  # the path's word
    """What was found day by day, the numbers behind it, and what was decided."""
    return await call.query(GetReview(review=id))


@router.post(
    "/{id}/confirm", summary="Confirm a finding", responses=answers(ReviewView, *_REFUSALS)
)
async def confirm_review(
    id: Id,  # noqa: A002  # the path's word
    body: ReviewDecisionRequest,
    call: Call,
) -> Response:
    """The check-ins were not what they said; what follows is decided elsewhere, no day changes."""
    return await call.command(DecideReview(review=id, decision="confirm", note=body.note))


@router.post(
    "/{id}/dismiss", summary="Dismiss a finding", responses=answers(ReviewView, *_REFUSALS)
)
async def dismiss_review(
    id: Id,  # noqa: A002  # the path's word
    body: ReviewDecisionRequest,
    call: Call,
) -> Response:
    """There is an explanation, which the note gives; for this month it stays dismissed."""
    return await call.command(DecideReview(review=id, decision="dismiss", note=body.note))
