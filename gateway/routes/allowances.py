"""Allowances over HTTP: percentages, minutes and reasons; never amounts."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response

from contracts import allowances as asked
from contracts.outcome import Text
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT
from gateway.accepted import preferred
from gateway.call import Call
from gateway.exports import Table, as_file, every_page, told
from gateway.problems import answers
from gateway.requests import the_person
from gateway.tables import CSV, XLSX, Cell

router = APIRouter(prefix="/v1", tags=["allowances"])

Agency = Annotated[str, Path(alias="code", max_length=40)]
Employee = Annotated[str, Path(alias="id", max_length=64, description="A person, or `me`.")]
Month = Annotated[asked.MonthText, Query(description="A month, `2026-11`.", examples=["2026-11"])]

_SHEET = Text("Tambahan penghasilan", "Allowances")
_HEADING = (
    Text("Id", "Id"),
    Text("Nama", "Name"),
    Text("Jabatan", "Position"),
    Text("Perangkat daerah", "Agency"),
    Text("Periode", "Period"),
    Text("Menit terlambat", "Late minutes"),
    Text("Menit pulang cepat", "Early minutes"),
    Text("Hari tanpa keterangan", "Days without leave"),
    Text("Potongan kehadiran (%)", "Deducted from attendance (%)"),
    Text("Kehadiran (%)", "Attendance (%)"),
    Text("Nilai kinerja", "Score"),
    Text("Usulan (%)", "Proposed (%)"),
    Text("Beda dengan bulan lalu", "Change since last month"),
    Text("Ditetapkan (%)", "Confirmed (%)"),
)


@router.get(
    "/agencies/{code}/allowances",
    summary="Read the allowances of an agency",
    responses={
        **answers(asked.AllowancesPage),
        200: {
            "description": "JSON comes in pages; CSV and XLSX hold every row.",
            "model": asked.AllowancesPage,
            "content": {
                CSV: {"schema": {"type": "string"}},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        },
    },
)
async def list_allowances(
    call: Call,
    code: Agency,
    period: Month,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    accept: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """Whose last day of the month was for this agency: what days and scores come to."""
    form = preferred(accept, ("application/json", CSV, XLSX))
    if form == "application/json":
        wanted = asked.ListAllowances(agency=code, period=period, limit=limit, cursor=cursor)
        return call.tell(await call.ask(wanted, deadline_s=20.0))
    pages = await every_page(
        call,
        lambda after: asked.ListAllowances(agency=code, period=period, limit=50, cursor=after),
        asked.AllowancesPage,
    )
    if isinstance(pages, Response):
        return pages
    heading = [told(text, call.language) for text in _HEADING]
    rows = [_cells(row, period) for page in pages for row in page.items]
    table = Table(told(_SHEET, call.language), heading, rows)
    return await as_file(form, f"tpp-{code}-{period}", [table])


@router.post(
    "/agencies/{code}/allowances/confirm",
    summary="Confirm the allowances of an agency",
    responses=answers(asked.AllowancesConfirmed),
)
async def confirm_allowances(call: Call, code: Agency, period: Month) -> Response:
    """For who leads the agency, when the month is over; confirming again replaces it."""
    return await call.command(asked.ConfirmAllowances(agency=code, period=period))


@router.get(
    "/employees/{id}/allowance",
    summary="Read a person's allowance",
    responses=answers(asked.AllowanceView),
)
async def get_allowance(call: Call, employee: Employee, period: Month) -> Response:
    """Every reason with its fact, and what changed since the month before."""
    return await call.query(asked.GetAllowance(employee=the_person(call, employee), period=period))


@router.get(
    "/allowance-rules",
    summary="List the versions of the allowance rule",
    responses=answers(asked.AllowanceRules),
)
async def list_allowance_rules(call: Call) -> Response:
    """What each band takes off and how attendance and performance weigh; open to everybody."""
    return await call.query(asked.ListAllowanceRules())


@router.post(
    "/allowance-rules",
    status_code=201,
    summary="Enter a version of the allowance rule",
    responses=answers(asked.AllowanceRuleView, "weights_not_100", status=201),
)
async def add_allowance_rule(call: Call, body: asked.AllowanceRuleWanted) -> Response:
    """By the city's administrator, from a month on, also in the past."""
    return await call.command(asked.AddAllowanceRule(rule=body))


def _cells(row: asked.AllowanceRow, period: str) -> list[Cell]:
    figures = (row.deducted, row.attendance, row.score, row.percent, row.change, row.confirmed)
    return [
        row.employee.id,
        row.employee.name,
        row.employee.position or "",
        row.agency,
        period,
        row.late_minutes,
        row.early_minutes,
        row.absent_days,
        *("" if figure is None else float(figure) for figure in figures),
    ]
