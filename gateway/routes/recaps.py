"""Monthly recaps as JSON page by page, as CSV, or as a workbook with its explanation."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from contracts.envelope import Answer
from contracts.outcome import Text
from contracts.paging import DEFAULT_LIMIT, MAX_LIMIT, Paging
from contracts.recap_columns import Cell, RecapColumn, columns_of
from contracts.recaps import (
    DescribeMonthlyRecap,
    ListMonthlyRecap,
    Month,
    RecapBand,
    RecapFrame,
    RecapPage,
)
from gateway.accepted import preferred
from gateway.arrival import Language
from gateway.call import Call, CallContext
from gateway.problems import answers
from gateway.tables import CSV, XLSX, Book, csv_lines, pieces
from kit.messaging.client import Unavailable

router = APIRouter(tags=["recaps"])

_ROWS_AT_ONCE = 100
_PAGE_S = 20.0
_ATTEMPTS = 3
_AGAIN_S = 1.0
_SHEET = Text("Rekap", "Recap")
_EXPLANATION = Text("Penjelasan", "Explanation")
_COLUMNS = (
    Text("Kolom", "Column"),
    Text("Arti", "Meaning"),
    Text("Sumber aturan", "Source of the rule"),
)


@router.get(
    "/v1/agencies/{code}/attendance/monthly",
    summary="Read the monthly recap of an agency",
    responses={
        **answers(RecapPage),
        200: {
            "description": "JSON comes in pages; CSV and XLSX hold every row. The workbook has a "
            "second sheet that says what each column means and which rules it comes from.",
            "model": RecapPage,
            "content": {
                CSV: {"schema": {"type": "string"}},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        },
    },
)
async def read_monthly_recap(
    call: Call,
    code: Annotated[str, Path(max_length=40)],
    period: Annotated[Month, Query(description="A month, `2026-11`.")],
    exact: Annotated[bool, Query(description="Only this agency, none below.")] = False,
    revision: Annotated[
        int | None, Query(ge=1, le=1_000, description="A closing of this agency's month.")
    ] = None,
    q: Annotated[str | None, Query(max_length=100, description="Beginnings of words.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    accept: Annotated[str | None, Header(max_length=500)] = None,
) -> Response:
    """Per person: days by state, minutes, bands, and the percentage that the bands propose."""
    wanted = ListMonthlyRecap(
        agency=code,
        period=period,
        exact=exact,
        revision=revision,
        q=q,
        paging=Paging(limit=limit, cursor=cursor),
    )
    form = preferred(accept, ("application/json", CSV, XLSX))
    if form == "application/json":
        return call.tell(await call.ask(wanted, deadline_s=_PAGE_S))
    asked = DescribeMonthlyRecap(agency=code, period=period, exact=exact, revision=revision)
    described = await call.ask(asked, deadline_s=_PAGE_S)
    if described.result is None:
        return call.tell(described)
    recap = _Recap(call, RecapFrame.model_validate_json(described.result), wanted)
    body = recap.csv() if form == CSV else recap.workbook()
    ending = "csv" if form == CSV else "xlsx"
    name = f'attachment; filename="rekap-{code}-{period}.{ending}"'
    return StreamingResponse(body, media_type=form, headers={"Content-Disposition": name})


class _Recap:
    """A recap on its way into a file: the next page is asked for while one is written."""

    def __init__(self, call: CallContext, frame: RecapFrame, wanted: ListMonthlyRecap) -> None:
        self._call = call
        self._frame = frame
        self._wanted = wanted
        self._columns = columns_of(frame)

    async def csv(self) -> AsyncIterator[str]:
        """Heading and rows."""
        yield csv_lines([self._heading()])
        async for rows in self._rows():
            yield csv_lines(rows)

    async def workbook(self) -> AsyncIterator[bytes]:
        """The whole workbook; it can only be sent when its last row is written."""
        language, book = self._call.language, Book()
        sheet = book.sheet(_told(_SHEET, language), self._heading())
        async for rows in self._rows():
            await asyncio.to_thread(sheet.add, rows)
        heading = [_told(text, language) for text in _COLUMNS]
        explanation = book.sheet(_told(_EXPLANATION, language), heading)
        explanation.add(_explained(self._frame, self._columns, language))
        async for piece in iterate_in_threadpool(pieces(await asyncio.to_thread(book.file))):
            yield piece

    def _heading(self) -> list[str]:
        return [_told(column.title, self._call.language) for column in self._columns]

    async def _rows(self) -> AsyncIterator[list[list[Cell]]]:
        cursor: str | None = None
        upcoming: asyncio.Task[RecapPage] | None = asyncio.create_task(self._page(None))
        try:
            while upcoming is not None:
                page = await upcoming
                cursor = page.next_cursor
                upcoming = asyncio.create_task(self._page(cursor)) if cursor else None
                yield [[column.cell(row) for column in self._columns] for row in page.items]
        finally:
            if upcoming is not None:
                upcoming.cancel()

    async def _page(self, cursor: str | None) -> RecapPage:
        """A page; a file that cannot be finished is cut off, never ended as if it were whole."""
        paging = Paging(limit=_ROWS_AT_ONCE, cursor=cursor)
        asked = self._wanted.model_copy(update={"paging": paging})
        for attempt in range(_ATTEMPTS):
            try:
                answer = await self._call.ask(asked, deadline_s=_PAGE_S)
            except Unavailable:
                if attempt + 1 == _ATTEMPTS:
                    raise
                answer = Answer(status=503)
            if answer.result is not None:
                return RecapPage.model_validate_json(answer.result)
            await asyncio.sleep(_AGAIN_S)
        raise Unavailable("the recap cannot be finished")


def _told(text: Text, language: Language) -> str:
    told: str = getattr(text, language)
    return told


def _explained(
    frame: RecapFrame, columns: tuple[RecapColumn, ...], language: Language
) -> list[list[Cell]]:
    """What each column means, and every version of the rules with its bands and its decree."""
    lines: list[list[Cell]] = [
        [_told(column.title, language), _told(column.meaning, language), column.source]
        for column in columns
    ]
    lines.append(["", "", ""])
    ruled = _told(Text("berlaku sejak", "rules from"), language)
    for version in frame.versions:
        said = (version.pattern, f"{ruled} {version.effective_from}", version.seconds_rule)
        lines.append(
            [
                version.id,
                "; ".join((*said, version.bands)),
                version.decree or "",
            ]
        )
        lines += [_band_line(band) for band in (*version.late, *version.early)]
        lines.append([_told(Text("Tidak hadir", "Absent"), language), version.absent_percent, ""])
    if frame.revision is not None:
        closed = _told(Text("Revisi penutupan", "Revision of the closing"), language)
        seal = _told(Text("Sidik penutupan", "Fingerprint of the closing"), language)
        lines += [[closed, frame.revision, ""], [seal, frame.fingerprint or "", ""]]
    as_of = Text("Dihitung pada", "Computed at")
    lines.append([_told(as_of, language), frame.as_of.isoformat(timespec="seconds"), ""])
    return lines


def _band_line(band: RecapBand) -> list[Cell]:
    until = "…" if band.below is None else str(band.below - 1)
    return [band.code, f"{band.from_minutes}–{until} min: {band.percent} %", ""]
