"""Help requests between agencies over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts import help_requests as asked
from contracts.help_views import HelpRequestView, TimelineView
from contracts.paging import Page
from gateway.call import Call, CallContext
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


async def _act(call: CallContext, command: Any, id_: str, body: asked.OnHelpRequest) -> Response:
    """The command of an action: the body, the request in the path, the version in If-Match."""
    said = {field: getattr(body, field) for field in type(body).model_fields}
    return await call.command(command(help_request=id_, if_match=call.optional_if_match(), **said))


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


@router.get("/{id}/timeline", summary="Show what happened", responses=answers(TimelineView))
async def get_help_timeline(call: Call, id_: Id) -> Response:
    """Everything that happened to the request, oldest first."""
    return await call.query(asked.GetHelpTimeline(help_request=id_))


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
async def get_assignment_record(call: Call, id_: Id) -> Response:
    """The numbered assignment record (surat tugas) to be signed by the city's e-office."""
    return await call.query(asked.GetAssignmentRecord(help_request=id_))


@router.post("/{id}/accept", summary="Accept and name people", responses=_ACTED)
async def accept_help(call: Call, id_: Id, body: asked.NamedPeople) -> Response:
    """Accept for the receiving agency and name who comes, in one step."""
    return await _act(call, asked.AcceptHelp, id_, body)


@router.post("/{id}/decline", summary="Decline with a reason", responses=_ACTED)
async def decline_help(call: Call, id_: Id, body: asked.Reasoned) -> Response:
    """Say no; of several agencies only yours leaves."""
    return await _act(call, asked.DeclineHelp, id_, body)


@router.post("/{id}/ask", summary="Ask back", responses=_ACTED)
async def ask_about_help(call: Call, id_: Id, body: asked.Question) -> Response:
    """Ask the asking agency something; your clock rests until the answer."""
    return await _act(call, asked.AskAboutHelp, id_, body)


@router.post("/{id}/answer", summary="Answer a question", responses=_ACTED)
async def answer_about_help(call: Call, id_: Id, body: asked.AnswerText) -> Response:
    """Answer what the receiving agency asked."""
    return await _act(call, asked.AnswerAboutHelp, id_, body)


@router.post("/{id}/assign", summary="Assign other people", responses=_ACTED)
async def assign_help(call: Call, id_: Id, body: asked.NamedPeople) -> Response:
    """Send these people instead of those before."""
    return await _act(call, asked.AssignHelp, id_, body)


@router.post("/{id}/start", summary="Start the work", responses=_ACTED)
async def start_help(call: Call, id_: Id, body: asked.NoText | None = None) -> Response:
    """Say that the work has begun."""
    return await _act(call, asked.StartHelp, id_, body or asked.NoText())


@router.post("/{id}/log", summary="Write down work", responses=_ACTED)
async def log_help(call: Call, id_: Id, body: asked.WorkDone) -> Response:
    """Write down minutes of work and what came of them."""
    return await _act(call, asked.LogHelp, id_, body)


@router.post("/{id}/deliver", summary="Deliver the work", responses=_ACTED)
async def deliver_help(call: Call, id_: Id, body: asked.Delivery) -> Response:
    """Hand the work over with a summary."""
    return await _act(call, asked.DeliverHelp, id_, body)


@router.post("/{id}/confirm", summary="Confirm with a rating", responses=_ACTED)
async def confirm_help(call: Call, id_: Id, body: asked.Confirmation) -> Response:
    """Take the delivery and say how good the help was."""
    return await _act(call, asked.ConfirmHelp, id_, body)


@router.post("/{id}/return", summary="Send a delivery back", responses=_ACTED)
async def return_help(call: Call, id_: Id, body: asked.Reasoned) -> Response:
    """Ask for more work on what was delivered."""
    return await _act(call, asked.ReturnHelp, id_, body)


@router.post("/{id}/withdraw", summary="Withdraw a request", responses=_ACTED)
async def withdraw_help(call: Call, id_: Id, body: asked.Reasoned) -> Response:
    """Say that the help is no longer needed."""
    return await _act(call, asked.WithdrawHelp, id_, body)


@router.post("/{id}/hand-on", summary="Hand a request on", responses=_ACTED)
async def hand_on_help(call: Call, id_: Id, body: asked.Onward) -> Response:
    """Pass the request on to another agency with a reason; the history stays."""
    return await _act(call, asked.HandOnHelp, id_, body)
