"""Templates, recurrences and saved filters of tasks over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts import work_plans as asked
from contracts.paging import Page
from contracts.work_plans import RecurrenceView, SavedFilterView, TemplateView
from contracts.work_views import TaskView
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1", tags=["tasks"])

Id = Annotated[str, Path(alias="id", min_length=1, max_length=64)]
_WRITTEN = ("version_conflict", "version_required")


@router.get("/task-templates", summary="List templates", responses=answers(Page[TemplateView]))
async def list_templates(call: Call, wanted: Annotated[asked.ListTemplates, Query()]) -> Response:
    """The templates of your agency."""
    return await call.query(wanted)


@router.post(
    "/task-templates",
    status_code=201,
    summary="Keep a template",
    responses=answers(TemplateView, status=201),
)
async def add_template(call: Call, body: asked.TemplateWanted) -> Response:
    """Keep a task as a template of your agency."""
    return await call.command(asked.AddTemplate(wanted=body), location="/v1/task-templates/{id}")


@router.get("/task-templates/{id}", summary="Show a template", responses=answers(TemplateView))
async def get_template(call: Call, id_: Id) -> Response:
    """One template."""
    return await call.query(asked.GetTemplate(id=id_))


@router.put(
    "/task-templates/{id}",
    summary="Write a template anew",
    responses=answers(TemplateView, *_WRITTEN),
)
async def put_template(call: Call, id_: Id, body: asked.TemplateWanted) -> Response:
    """Write a template anew; tasks made from it stay."""
    return await call.command(asked.PutTemplate(id=id_, if_match=call.if_match(), wanted=body))


@router.delete("/task-templates/{id}", summary="Remove a template", responses=answers(TemplateView))
async def remove_template(call: Call, id_: Id) -> Response:
    """Take a template out of use."""
    return await call.command(
        asked.RemovePlan(id=id_, if_match=call.optional_if_match(), kind="template")
    )


@router.post(
    "/task-templates/{id}/tasks",
    status_code=201,
    summary="Make a task from a template",
    responses=answers(TaskView, "unknown_employee", status=201),
)
async def make_from_template(
    call: Call, id_: Id, body: asked.FromTemplate | None = None
) -> Response:
    """Make a task as the template has it, with what you say otherwise."""
    said = (body or asked.FromTemplate()).model_dump()
    return await call.command(
        asked.MakeFromTemplate(template=id_, **said), location="/v1/tasks/{id}"
    )


@router.get(
    "/task-recurrences", summary="List recurrences", responses=answers(Page[RecurrenceView])
)
async def list_recurrences(
    call: Call, wanted: Annotated[asked.ListRecurrences, Query()]
) -> Response:
    """The tasks of your agency that are made by themselves."""
    return await call.query(wanted)


@router.post(
    "/task-recurrences",
    status_code=201,
    summary="Let a task be made by itself",
    responses=answers(RecurrenceView, status=201),
)
async def add_recurrence(call: Call, body: asked.RecurrenceWanted) -> Response:
    """Let a task be made by a rule (RFC 5545), so many days ahead."""
    return await call.command(
        asked.AddRecurrence(wanted=body), location="/v1/task-recurrences/{id}"
    )


@router.get(
    "/task-recurrences/{id}", summary="Show a recurrence", responses=answers(RecurrenceView)
)
async def get_recurrence(call: Call, id_: Id) -> Response:
    """One recurrence, with the day of its next task."""
    return await call.query(asked.GetRecurrence(id=id_))


@router.put(
    "/task-recurrences/{id}",
    summary="Write a recurrence anew",
    responses=answers(RecurrenceView, *_WRITTEN),
)
async def put_recurrence(call: Call, id_: Id, body: asked.RecurrenceWanted) -> Response:
    """Write a recurrence anew; tasks that were made stay."""
    return await call.command(asked.PutRecurrence(id=id_, if_match=call.if_match(), wanted=body))


@router.delete(
    "/task-recurrences/{id}", summary="End a recurrence", responses=answers(RecurrenceView)
)
async def remove_recurrence(call: Call, id_: Id) -> Response:
    """Make no more tasks; those that were made stay."""
    return await call.command(
        asked.RemovePlan(id=id_, if_match=call.optional_if_match(), kind="recurrence")
    )


@router.get("/task-filters", summary="List saved filters", responses=answers(Page[SavedFilterView]))
async def list_filters(call: Call, wanted: Annotated[asked.ListFilters, Query()]) -> Response:
    """Your filters, and those shared in your agency."""
    return await call.query(wanted)


@router.post(
    "/task-filters",
    status_code=201,
    summary="Save a filter",
    responses=answers(SavedFilterView, status=201),
)
async def add_filter(call: Call, body: asked.FilterWanted) -> Response:
    """Keep a filter under a name; `GET /v1/tasks?filter=` takes its id."""
    return await call.command(asked.AddFilter(wanted=body), location="/v1/task-filters/{id}")


@router.get("/task-filters/{id}", summary="Show a saved filter", responses=answers(SavedFilterView))
async def get_filter(call: Call, id_: Id) -> Response:
    """One saved filter."""
    return await call.query(asked.GetFilter(id=id_))


@router.put(
    "/task-filters/{id}",
    summary="Write a saved filter anew",
    responses=answers(SavedFilterView, *_WRITTEN),
)
async def put_filter(call: Call, id_: Id, body: asked.FilterWanted) -> Response:
    """Write a saved filter anew."""
    return await call.command(asked.PutFilter(id=id_, if_match=call.if_match(), wanted=body))


@router.delete(
    "/task-filters/{id}", summary="Remove a saved filter", responses=answers(SavedFilterView)
)
async def remove_filter(call: Call, id_: Id) -> Response:
    """Take a saved filter out of use."""
    return await call.command(
        asked.RemovePlan(id=id_, if_match=call.optional_if_match(), kind="filter")
    )
