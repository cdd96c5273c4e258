"""Lists as files: every page asked for, and the rows sent as CSV or as a workbook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, TypeVar

from pydantic import BaseModel
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.responses import Response, StreamingResponse

from contracts.envelope import QueryBody
from contracts.outcome import Text
from gateway.arrival import Language
from gateway.call import CallContext
from gateway.tables import CSV, XLSX, Book, Cell, csv_lines, pieces

_PAGE_S = 20.0


P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and its rows; of several tables a CSV file holds the first."""

    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[Cell]]


async def every_page(
    call: CallContext, query: Callable[[str | None], QueryBody], page: type[P]
) -> list[P] | Response:
    """Every page of a list; or the answer to pass on, where one of them is refused."""
    pages: list[P] = []
    after: str | None = None
    while not pages or after is not None:
        answer = await call.ask(query(after), deadline_s=_PAGE_S)
        if answer.result is None:
            return call.tell(answer)
        pages.append(page.model_validate_json(answer.result))
        after = getattr(pages[-1], "next_cursor", None)
    return pages


async def as_file(form: str, name: str, tables: Sequence[Table]) -> Response:
    """The tables in the media type that was asked for."""
    ending = "csv" if form == CSV else "xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    if form == CSV:
        rows = csv_lines([tables[0].heading, *tables[0].rows])
        return Response(rows, media_type=CSV, headers=headers)
    file = await run_in_threadpool(_workbook, tables)
    return StreamingResponse(iterate_in_threadpool(pieces(file)), media_type=XLSX, headers=headers)


def told(text: Text, language: Language) -> str:
    """The text in the language of the call."""
    return text.en if language == "en" else text.id


def _workbook(tables: Sequence[Table]) -> IO[bytes]:
    book = Book()
    for table in tables:
        book.sheet(table.title, table.heading).add(table.rows)
    return book.file()
