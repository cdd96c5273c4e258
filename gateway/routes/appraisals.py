"""The national performance frame over HTTP: the plan of a year, feedback, and reviews."""

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
from contracts.envelope import EmployeeId
from contracts.outcome import Refusal
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page
from gateway.call import Call
from gateway.problems import answers

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
    return await call.query(asked.GetPlan(employee=_employee(employee, call), year=year))


@router.put("", summary="Propose a performance plan", responses=answers(PlanView, *_PLAN))
async def propose_plan(employee: Employee, call: Call, year: OfYear, body: PlanWanted) -> Response:
    """Write it as the person or the evaluator; the other side has to agree before it holds."""
    return await call.command(
        asked.ProposePlan(
            employee=_employee(employee, call),
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
            employee=_employee(employee, call),
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
        asked.NoteOnPlan(employee=_employee(employee, call), year=year, said=body)
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
    person = _employee(employee, call)
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
        asked.GiveFeedback(employee=_employee(employee, call), year=year, said=body)
    )


@router.get("/review", summary="Read a review", responses=answers(ReviewView))
async def get_plan_review(employee: Employee, call: Call, period: OfPeriod) -> Response:
    """What was rated in a quarter or year, the predicate, and how far the sign-off is."""
    return await call.query(asked.GetReview(employee=_employee(employee, call), period=period))


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
            employee=_employee(employee, call),
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
    return await call.command(
        asked.ConfirmReview(
            employee=_employee(employee, call),
            period=period,
            said=body,
            if_match=call.optional_if_match(),
        )
    )


@router.post("/review/return", summary="Return a review", responses=answers(ReviewView, *_REVIEW))
async def return_review(employee: Employee, call: Call, period: OfPeriod, body: Said) -> Response:
    """Give it back to the evaluator, with the reason; so an objection is upheld."""
    return await call.command(
        asked.ReturnReview(
            employee=_employee(employee, call),
            period=period,
            said=body,
            if_match=call.optional_if_match(),
        )
    )


@router.post(
    "/review/object", summary="Object to a review", responses=answers(ReviewView, *_REVIEW)
)
async def object_to_review(
    employee: Employee, call: Call, period: OfPeriod, body: Said
) -> Response:
    """Object to the own confirmed review, with the reason, within fourteen working days."""
    return await call.command(
        asked.ObjectToReview(
            employee=_employee(employee, call),
            period=period,
            said=body,
            if_match=call.optional_if_match(),
        )
    )


def _employee(text: str, call: Call) -> EmployeeId:
    """The person named, or the caller."""
    if text != "me":
        return EmployeeId(text)
    if call.actor.employee is None:
        raise Refusal("not_found")
    return call.actor.employee
