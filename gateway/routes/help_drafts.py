"""Drafts of help requests over HTTP: written by one person, sent when they are whole."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts import help_drafts as asked
from contracts.help_drafts import DraftBegun, DraftSketch, HelpDraftView
from contracts.help_views import HelpRequestView
from contracts.paging import Page
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/help-drafts", tags=["help requests"])

Id = Annotated[str, Path(alias="id", min_length=1, max_length=64, description="the draft's id")]


@router.get("", summary="List own drafts", responses=answers(Page[HelpDraftView]))
async def list_help_drafts(
    call: Call, wanted: Annotated[asked.ListHelpDrafts, Query()]
) -> Response:
    """What you have begun and not sent yet, the newest change first."""
    return await call.query(wanted)


@router.post(
    "", status_code=201, summary="Begin a draft", responses=answers(HelpDraftView, status=201)
)
async def begin_help_draft(call: Call, body: DraftBegun) -> Response:
    """Begin a request for help, perhaps from a template; nothing has to be complete."""
    begun = asked.BeginHelpDraft.model_validate(body.model_dump())
    return await call.command(begun, location="/v1/help-drafts/{id}")


@router.get("/{id}", summary="Show a draft", responses=answers(HelpDraftView))
async def get_help_draft(call: Call, id_: Id) -> Response:
    """An own draft, with what is missing before it can be sent."""
    return await call.query(asked.GetHelpDraft(draft=id_))


@router.put(
    "/{id}",
    summary="Replace a draft",
    responses=answers(HelpDraftView, "wrong_state", "version_required", "version_conflict"),
)
async def replace_help_draft(call: Call, id_: Id, body: DraftSketch) -> Response:
    """The draft reads like this from now on; needs If-Match."""
    return await call.command(
        asked.ReplaceHelpDraft(draft=id_, if_match=call.if_match(), sketch=body)
    )


@router.delete(
    "/{id}", status_code=204, summary="Discard a draft", responses=answers(None, "wrong_state")
)
async def discard_help_draft(call: Call, id_: Id) -> Response:
    """Throw a draft away, with what it said."""
    return await call.command(asked.DiscardHelpDraft(draft=id_))


@router.post(
    "/{id}/send",
    status_code=201,
    summary="Send a draft",
    responses=answers(HelpRequestView, "wrong_state", "version_conflict", status=201),
)
async def send_help_draft(call: Call, id_: Id) -> Response:
    """Ask for what the draft says; sent again it is the same request."""
    seen = call.optional_if_match()
    return await call.command(
        asked.SendHelpDraft(draft=id_, if_match=seen), location="/v1/help-requests/{id}"
    )
