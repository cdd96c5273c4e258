"""Help requests between agencies over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import Response

from contracts import help_requests as asked
from contracts.envelope import Code
from contracts.help_acts import ACTS, Act, EditHelp, HelpEdits
from contracts.help_terms import HelpAction
from contracts.help_views import HelpCommentsView, HelpRequestView, TimelineView
from contracts.paging import Page
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/help-requests", tags=["help requests"])

Id = Annotated[str, Path(alias="id", min_length=1, max_length=64, description="the request's id")]

_ACTED = answers(
    HelpRequestView,
    "wrong_state",
    "version_conflict",
    "not_the_receiving_agency",
    "not_the_asking_agency",
    "reason_required",
    "unknown_employee",
    "quota_exceeded",
)


@router.post(
    "", status_code=201, summary="Ask for help", responses=answers(HelpRequestView, status=201)
)
async def request_help(call: Call, body: asked.RequestHelp) -> Response:
    """Ask another agency, several, or anyone, in the name of the agency you head."""
    return await call.command(body, location="/v1/help-requests/{id}")


@router.get("", summary="List help requests", responses=answers(Page[HelpRequestView]))
async def list_help_requests(
    call: Call, wanted: Annotated[asked.ListHelpRequests, Query()]
) -> Response:
    """The requests you may see; `receiving_agency=anyone` finds open calls."""
    return await call.query(wanted)


@router.get("/{id}", summary="Show a help request", responses=answers(HelpRequestView))
async def get_help_request(call: Call, id_: Id) -> Response:
    """One request with its clocks and what you may do with it now."""
    return await call.query(asked.GetHelpRequest(help_request=id_))


@router.patch(
    "/{id}",
    summary="Change what is wanted",
    responses=answers(
        HelpRequestView,
        "wrong_state",
        "version_required",
        "version_conflict",
        "not_the_asking_agency",
    ),
)
async def edit_help(call: Call, id_: Id, body: HelpEdits) -> Response:
    """Change title, words, skills, people or due while nobody has accepted; needs If-Match.

    A version conflict tells in `changes` what was done meanwhile: who, when, which fields.
    """
    said = body.model_dump() | {"help_request": id_, "if_match": call.if_match()}
    return await call.command(EditHelp.model_validate(said))


@router.get("/{id}/timeline", summary="Show what happened", responses=answers(TimelineView))
async def get_help_timeline(call: Call, id_: Id) -> Response:
    """Everything that happened to the request, oldest first."""
    return await call.query(asked.GetHelpTimeline(help_request=id_))


@router.get("/{id}/comments", summary="List comments", responses=answers(HelpCommentsView))
async def list_help_comments(call: Call, id_: Id) -> Response:
    """What both sides said about the request, oldest first."""
    return await call.query(asked.ListHelpComments(help_request=id_))


@router.get(
    "/{id}/assignment.pdf",
    summary="Fetch the assignment record",
    responses={
        **answers(None, "wrong_state"),
        200: {
            "description": "The numbered assignment record",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        },
    },
)
async def get_assignment_record(
    call: Call, id_: Id, agency: Annotated[Code | None, Query(description="whose people")] = None
) -> Response:
    """The numbered assignment record (surat tugas) to be signed by the city's e-office.

    Where several agencies help, each has its own.
    """
    return await call.query(asked.GetAssignmentRecord(help_request=id_, agency=agency))


_SUMMARIES: Mapping[HelpAction, str] = {
    "accept": "Accept and name people",
    "approve": "Approve a proposed acceptance",
    "reject": "Reject a proposed acceptance",
    "decline": "Decline with a reason",
    "ask": "Ask back",
    "answer": "Answer a question",
    "assign": "Assign other people",
    "start": "Start the work",
    "log": "Write down work",
    "deliver": "Deliver the work",
    "confirm": "Confirm with a rating",
    "return": "Send a delivery back",
    "withdraw": "Withdraw a request",
    "comment": "Say something",
    "attach": "Add a file",
    "hand-on": "Hand a request on",
}


def _serve(action: HelpAction, act: Act) -> None:
    """The route of an action: the body, the request in the path, the version in If-Match."""

    async def carry_out(call: Call, id_: Id, body: Any) -> Response:
        said = {field: getattr(body, field) for field in type(body).model_fields}
        on = {"help_request": id_, "if_match": call.optional_if_match()}
        return await call.command(act.command.model_validate(said | on))

    silent = not any(field.is_required() for field in act.body.model_fields.values())
    needed = Annotated[act.body, Body(default_factory=act.body)] if silent else act.body
    carry_out.__annotations__["body"] = needed
    router.add_api_route(
        f"/{{id}}/{act.path or action}",
        carry_out,
        methods=["POST"],
        name=act.command.name.partition(".")[2],
        summary=_SUMMARIES[action],
        description=act.command.__doc__,
        responses=_ACTED,
    )


for _action, _act in ACTS.items():
    _serve(_action, _act)
