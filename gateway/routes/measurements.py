"""Measurements for indicators: by hand, from systems with keys, and in files."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from contracts.kpi import MonthText
from contracts.measurements import (
    ImportMeasurements,
    IssueKey,
    KeyRequest,
    KeyView,
    ListKeys,
    ListMeasurements,
    MeasurementRequest,
    MeasurementsImported,
    MeasurementView,
    RecordMeasurement,
    RevokeKey,
)
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, Paging
from gateway.call import Call
from gateway.identity.measurement_keys import CallOrKey
from gateway.problems import answers
from gateway.table_files import documented, table_of

router = APIRouter(tags=["measurements"])

_EXAMPLE = (
    "indicator,subject,period,value,evidence\nbudget_absorbed,BKPSDM,2026-11,87.5,LRA November\n"
)
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=500)]
Sort = Annotated[str | None, Query(max_length=60, pattern=r"^-?[a-z_]+$")]


@router.post(
    "/v1/measurements",
    status_code=201,
    summary="Record a measurement",
    responses=answers(MeasurementView, "unknown_employee", "quota_exceeded", status=201),
)
async def record_measurement(call: CallOrKey, body: MeasurementRequest) -> Response:
    """A value of a month, also with a measurement key as bearer; a further one supersedes it."""
    return await call.command(RecordMeasurement(measurement=body))


@router.get(
    "/v1/measurements", summary="List measurements", responses=answers(Page[MeasurementView])
)
async def list_measurements(
    call: Call,
    subject: Annotated[str | None, Query(max_length=64)] = None,
    agency: Annotated[str | None, Query(max_length=40)] = None,
    exact: bool = False,  # part of the contract
    indicator: Annotated[str | None, Query(max_length=40)] = None,
    period: MonthText | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    sort: Sort = None,
) -> Response:
    """Of one subject, or of an agency with its people: the ruling value and every one before."""
    asked = ListMeasurements(
        subject=subject,
        agency=agency,
        exact=exact,
        indicator=indicator,
        period=period,
        paging=Paging(limit=limit, cursor=cursor, sort=sort),
    )
    return await call.query(asked)


@router.post(
    "/v1/imports/measurements",
    summary="Import a file of measurements",
    responses=answers(MeasurementsImported),
    openapi_extra=documented(_EXAMPLE),
)
async def import_measurements(
    call: Call, request: Request, dry_run: Annotated[bool, Query()] = False
) -> Response:
    """CSV or XLSX; good rows are taken, bad ones listed; with `dry_run=true` it is only checked."""
    content, media_type = await table_of(request)
    body = ImportMeasurements(content=content, media_type=media_type, dry_run=dry_run)
    return await call.command(body)


@router.get("/v1/measurement-keys", summary="List keys", responses=answers(Page[KeyView]))
async def list_keys(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None, sort: Sort = None
) -> Response:
    """The keys that were issued, never their secrets."""
    return await call.query(ListKeys(paging=Paging(limit=limit, cursor=cursor, sort=sort)))


@router.post(
    "/v1/measurement-keys",
    status_code=201,
    summary="Issue a key",
    responses=answers(KeyView, status=201),
)
async def issue_key(call: Call, body: KeyRequest) -> Response:
    """A key that feeds these indicators and does nothing else; `key` is shown this once."""
    return call.tell(await call.ask(IssueKey(request=body)))


@router.delete("/v1/measurement-keys/{id}", summary="Revoke a key", responses=answers(KeyView))
async def revoke_key(
    call: Call, key: Annotated[str, Path(alias="id", min_length=1, max_length=64)]
) -> Response:
    """It is refused from now on."""
    return await call.command(RevokeKey(key_id=key))
