"""Templates of help requests over HTTP: what an agency's requests of a kind have in common."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts import help_drafts as asked
from contracts.envelope import Code
from contracts.help_drafts import HelpTemplateView, TemplateTerms
from contracts.paging import Page
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/agencies/{code}/help-templates", tags=["help requests"])

Agency = Annotated[Code, Path(alias="code", description="the agency's code")]
Id = Annotated[str, Path(alias="id", min_length=1, max_length=64, description="the template's id")]


@router.get("", summary="List templates", responses=answers(Page[HelpTemplateView]))
async def list_help_templates(
    call: Call,
    code: Agency,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1_000)] = None,
) -> Response:
    """What those who ask for this agency may begin from: its own templates and those above it."""
    return await call.query(asked.ListHelpTemplates(agency=code, limit=limit, cursor=cursor))


@router.post(
    "", status_code=201, summary="Add a template", responses=answers(HelpTemplateView, status=201)
)
async def add_help_template(call: Call, code: Agency, body: TemplateTerms) -> Response:
    """Offer a template to those who ask in the name of this agency or one below it."""
    return await call.command(asked.AddHelpTemplate(agency=code, template=body))


@router.put(
    "/{id}",
    summary="Replace a template",
    responses=answers(HelpTemplateView, "version_required", "version_conflict"),
)
async def replace_help_template(call: Call, code: Agency, id_: Id, body: TemplateTerms) -> Response:
    """The template reads like this from now on; needs If-Match."""
    seen = call.if_match()
    return await call.command(
        asked.ReplaceHelpTemplate(agency=code, id=id_, if_match=seen, template=body)
    )


@router.delete("/{id}", status_code=204, summary="Retire a template", responses=answers(None))
async def retire_help_template(call: Call, code: Agency, id_: Id) -> Response:
    """Offer the template no more; drafts made from it stay."""
    return await call.command(asked.RetireHelpTemplate(agency=code, id=id_))
