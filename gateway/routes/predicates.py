"""The predicates of an agency's people: on the screen, and as files for the national system."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response

from contracts import appraisals as asked
from contracts.appraisal_terms import AgencyPredicateWanted, ReviewPeriod
from contracts.appraisal_views import AgencyPredicateView, Guidance, PredicateRow, PredicatesPage
from contracts.outcome import Text
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT
from gateway.accepted import preferred
from gateway.arrival import Language
from gateway.call import Call
from gateway.exports import Table, as_file, every_page, told
from gateway.problems import answers
from gateway.tables import CSV, XLSX, Cell

router = APIRouter(prefix="/v1/agencies/{code}", tags=["appraisals"])

Agency = Annotated[str, Path(alias="code", max_length=40)]
Period = Annotated[
    ReviewPeriod,
    Query(description="A quarter (`2026-Q4`) or a year (`2026`).", examples=["2026-Q4"]),
]

_HEADING = (
    Text("Nama", "Name"),
    Text("Jabatan", "Position"),
    Text("Perangkat daerah", "Agency"),
    Text("Periode", "Period"),
    Text("Hasil kerja", "Results"),
    Text("Perilaku kerja", "Behaviour"),
    Text("Predikat", "Predicate"),
    Text("Keadaan", "State"),
)
_SHEET = Text("Predikat", "Predicates")
_SPREAD = Text("Sebaran", "Spread")
_SPREAD_HEADING = (
    Text("Predikat", "Predicate"),
    Text("Orang", "People"),
    Text("Persen", "Percent"),
    Text("Pedoman paling sedikit (%)", "Guidance at least (%)"),
    Text("Pedoman paling banyak (%)", "Guidance at most (%)"),
)
_WORDS = {
    "above": Text("di atas ekspektasi", "above expectation"),
    "as_expected": Text("sesuai ekspektasi", "as expected"),
    "below": Text("di bawah ekspektasi", "below expectation"),
    "sangat_baik": Text("Sangat Baik", "Sangat Baik"),
    "baik": Text("Baik", "Baik"),
    "butuh_perbaikan": Text("Butuh Perbaikan", "Butuh Perbaikan"),
    "kurang": Text("Kurang", "Kurang"),
    "sangat_kurang": Text("Sangat Kurang", "Sangat Kurang"),
    "proposed": Text("diusulkan", "proposed"),
    "returned": Text("dikembalikan", "returned"),
    "confirmed": Text("ditetapkan", "confirmed"),
    "objected": Text("ada keberatan", "objected to"),
}


@router.get(
    "/predicates",
    summary="Read the predicates of an agency",
    responses={
        **answers(PredicatesPage),
        200: {
            "description": "JSON comes in pages; CSV and XLSX hold every row. The workbook has a "
            "second sheet with the spread beside the national guidance.",
            "model": PredicatesPage,
            "content": {
                CSV: {"schema": {"type": "string"}},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        },
    },
)
async def list_predicates(
    call: Call,
    code: Agency,
    period: Period,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    accept: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """The reviewed people of the agency and those below, and how the predicates spread."""
    form = preferred(accept, ("application/json", CSV, XLSX))
    if form == "application/json":
        return await call.query(
            asked.ListPredicates(agency=code, period=period, limit=limit, cursor=cursor)
        )
    pages = await every_page(
        call,
        lambda after: asked.ListPredicates(
            agency=code, period=period, limit=MAX_LIMIT, cursor=after
        ),
        PredicatesPage,
    )
    if isinstance(pages, Response):
        return pages
    rows = [_cells(row, period, call.language) for page in pages for row in page.items]
    people = Table(told(_SHEET, call.language), _told(_HEADING, call.language), rows)
    spread = Table(
        told(_SPREAD, call.language),
        _told(_SPREAD_HEADING, call.language),
        _spread(pages[0].spread, call.language),
    )
    return await as_file(form, f"predikat-{code}-{period}", [people, spread])


@router.put(
    "/predicate",
    summary="State how an agency did",
    responses=answers(AgencyPredicateView),
)
async def set_agency_predicate(
    call: Call, code: Agency, period: Period, body: AgencyPredicateWanted
) -> Response:
    """For the city's administrator; it decides which guidance stands beside the predicates."""
    return await call.command(asked.SetAgencyPredicate(agency=code, period=period, wanted=body))


def _cells(row: PredicateRow, period: str, language: Language) -> list[Cell]:
    rated = (row.result_rating, row.behaviour_rating, row.predicate, row.state)
    return [
        row.employee.name,
        row.employee.position or "",
        row.agency,
        period,
        *(_word(each, language) for each in rated),
    ]


def _spread(spread: Iterable[Guidance], language: Language) -> list[list[Cell]]:
    return [
        [
            _word(each.predicate, language),
            each.people,
            float(each.share),
            "" if each.at_least is None else each.at_least,
            "" if each.at_most is None else each.at_most,
        ]
        for each in spread
    ]


def _word(code: str, language: Language) -> str:
    return told(_WORDS[code], language)


def _told(texts: Sequence[Text], language: Language) -> list[str]:
    return [told(text, language) for text in texts]
