"""The national performance frame over HTTP: the plan of a year, feedback, and reviews."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts import appraisals as asked
from contracts.appraisal_terms import (
    FeedbackWanted,
    NoteWanted,
    PlanWanted,
    ReviewPeriod,
    ReviewWanted,
    Said,
    Year,
)
from contracts.appraisal_views import FeedbackView, PlanView, ReviewView
from contracts.envelope import CommandBody
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page
from gateway.call import Call, CallContext
from gateway.problems import answers
from gateway.requests import the_person

router = APIRouter(prefix="/v1/employees/{id}/performance-plan", tags=["appraisals"])

Employee = Annotated[str, Path(alias="id", max_length=64, description="A person, or `me`.")]
OfYear = Annotated[Year, Query(description="The year of the plan.", examples=[2026])]
OfPeriod = Annotated[
    ReviewPeriod,
    Query(description="A quarter (`2026-Q4`) or a year (`2026`).", examples=["2026-Q4"]),
]

_PLAN = ("wrong_state", "version_conflict", "version_required", "unknown_employee")
_REVIEW = ("wrong_state", "version_conflict", "version_required", "reason_required")


@router.get("", summary="Read a performance plan", responses=answers(PlanView))
async def get_plan(employee: Employee, call: Call, year: OfYear) -> Response:
    """The expected results of a year, with notes and history."""
    return await call.query(asked.GetPlan(employee=the_person(call, employee), year=year))


@router.put("", summary="Propose a performance plan", responses=answers(PlanView, *_PLAN))
async def propose_plan(employee: Employee, call: Call, year: OfYear, body: PlanWanted) -> Response:
    """Write it as the person or the evaluator; the other side has to agree before it holds."""
    return await call.command(
        asked.ProposePlan(
            employee=the_person(call, employee),
            year=year,
            plan=body,
            if_match=call.optional_if_match(),
        )
    )


@router.post("/agree", summary="Agree to a performance plan", responses=answers(PlanView, *_PLAN))
async def agree_to_plan(employee: Employee, call: Call, year: OfYear, body: Said) -> Response:
    """Agree to what the other side has proposed."""
    return await call.command(
        asked.AgreeToPlan(
            employee=the_person(call, employee),
            year=year,
            said=body,
            if_match=call.optional_if_match(),
        )
    )


@router.post(
    "/notes",
    status_code=201,
    summary="Note how a plan goes",
    responses=answers(PlanView, status=201),
)
async def note_on_plan(employee: Employee, call: Call, year: OfYear, body: NoteWanted) -> Response:
    """Keep a monitoring note, about one result or the whole."""
    return await call.command(
        asked.NoteOnPlan(employee=the_person(call, employee), year=year, said=body)
    )


@router.get("/feedback", summary="Read feedback", responses=answers(Page[FeedbackView]))
async def list_feedback(
    employee: Employee,
    call: Call,
    year: OfYear,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """What was said of a person in a year, newest first.

    Who may not see the person's scores sees the own words only.
    """
    person = the_person(call, employee)
    return await call.query(
        asked.ListFeedback(employee=person, year=year, limit=limit, cursor=cursor)
    )


@router.post(
    "/feedback",
    status_code=201,
    summary="Give feedback",
    responses=answers(FeedbackView, "unknown_employee", status=201),
)
async def give_feedback(
    employee: Employee, call: Call, year: OfYear, body: FeedbackWanted
) -> Response:
    """For whoever works with the person, or whose agency the person has helped that year."""
    return await call.command(
        asked.GiveFeedback(employee=the_person(call, employee), year=year, said=body)
    )


@router.get("/review", summary="Read a review", responses=answers(ReviewView))
async def get_plan_review(employee: Employee, call: Call, period: OfPeriod) -> Response:
    """What was rated in a quarter or year, the predicate, and how far the sign-off is."""
    return await call.query(asked.GetReview(employee=the_person(call, employee), period=period))


@router.put(
    "/review",
    summary="Propose a review",
    responses=answers(ReviewView, *_REVIEW, "unknown_employee"),
)
async def propose_review(
    employee: Employee, call: Call, period: OfPeriod, body: ReviewWanted
) -> Response:
    """Rate the results of the plan and the seven values; the predicate follows from the matrix."""
    return await call.command(
        asked.ProposeReview(
            employee=the_person(call, employee),
            period=period,
            review=body,
            if_match=call.optional_if_match(),
        )
    )


@router.post("/review/confirm", summary="Confirm a review", responses=answers(ReviewView, *_REVIEW))
async def confirm_plan_review(
    employee: Employee, call: Call, period: OfPeriod, body: Said
) -> Response:
    """Make it final, as a second person."""
    return await _say(call, asked.ConfirmReview, employee, period, body)


@router.post("/review/return", summary="Return a review", responses=answers(ReviewView, *_REVIEW))
async def return_review(employee: Employee, call: Call, period: OfPeriod, body: Said) -> Response:
    """Give it back to the evaluator, with the reason; so an objection is upheld."""
    return await _say(call, asked.ReturnReview, employee, period, body)


@router.post(
    "/review/object", summary="Object to a review", responses=answers(ReviewView, *_REVIEW)
)
async def object_to_review(
    employee: Employee, call: Call, period: OfPeriod, body: Said
) -> Response:
    """Object to the own confirmed review, with the reason, within fourteen working days."""
    return await _say(call, asked.ObjectToReview, employee, period, body)


async def _say(
    call: CallContext, command: Callable[..., CommandBody], employee: str, period: str, said: Said
) -> Response:
    """The command of a step of a review, at the version that was seen."""
    return await call.command(
        command(
            employee=the_person(call, employee),
            period=period,
            said=said,
            if_match=call.optional_if_match(),
        )
    )
