"""Days computed anew: long work, answered with a job."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.jobs import JobView
from contracts.recomputations import RecomputeDays
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(tags=["days"])


@router.post(
    "/v1/agencies/{code}/attendance/recompute",
    status_code=202,
    summary="Compute days anew",
    responses=answers(JobView, status=202),
)
async def recompute_days(
    call: Call,
    code: Annotated[str, Path(max_length=40)],
    from_: Annotated[date, Query(alias="from")],
    to: date,
    exact: Annotated[bool, Query(description="Only this agency, none below.")] = False,
) -> Response:
    """A job judges each day under the rules in force for it; its report has old and new of each.

    `Location` leads to the job, or to a receipt while it is not known to be made.
    """
    body = RecomputeDays(agency=code, from_=from_, to=to, exact=exact)
    return await call.command(body, location="/v1/jobs/{id}")
