"""Load, and whom to ask, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.load import (
    MOST_SUGGESTED,
    GetLoad,
    LoadView,
    SuggestAgencies,
    SuggestForRequest,
    SuggestionsView,
)
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1", tags=["help requests"])


@router.get("/load", summary="Show an agency's load", responses=answers(LoadView))
async def get_load(call: Call, wanted: Annotated[GetLoad, Query()]) -> Response:
    """Open work, promised time and people, absences ahead; per person, page by page.

    Of absences only the days are told.
    """
    return await call.query(wanted)


@router.get("/help-suggestions", summary="Suggest whom to ask", responses=answers(SuggestionsView))
async def suggest_agencies(call: Call, wanted: Annotated[SuggestAgencies, Query()]) -> Response:
    """Agencies for these skills before you ask, by what they did and what is under way there."""
    return await call.query(wanted)


@router.get(
    "/help-requests/{id}/suggestions",
    summary="Suggest whom to ask or send",
    responses=answers(SuggestionsView),
)
async def suggest_for_request(
    call: Call,
    id_: Annotated[str, Path(alias="id", min_length=1, max_length=64)],
    limit: Annotated[int, Query(ge=1, le=MOST_SUGGESTED)] = 10,
) -> Response:
    """To the asking side agencies, to the side that is asked its own people; with the reasons."""
    return await call.query(SuggestForRequest(help_request=id_, limit=limit))
