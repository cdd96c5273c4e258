"""Lists of tasks as CSV or as a workbook: every task of a filter, page by page."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import iterate_in_threadpool

from contracts.envelope import Answer
from contracts.outcome import Text
from contracts.paging import Page
from contracts.work_items import ListTasks
from contracts.work_views import TaskView
from gateway.arrival import Language
from gateway.call import CallContext
from gateway.tables import Book, Cell, csv_lines, pieces
from kit.messaging.client import Unavailable

ROWS_AT_ONCE = 200
PAGE_S = 20.0
_ATTEMPTS = 3
_AGAIN_S = 1.0
_SHEET = Text("Tugas", "Tasks")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title and what stands in it."""

    title: Text
    cell: Callable[[TaskView], Cell]


COLUMNS: tuple[Column, ...] = (
    Column(Text("Id", "Id"), lambda task: task.id),
    Column(Text("Perangkat daerah", "Agency"), lambda task: task.agency),
    Column(Text("Judul", "Title"), lambda task: task.title),
    Column(Text("Keadaan", "State"), lambda task: task.state),
    Column(Text("Prioritas", "Priority"), lambda task: task.priority),
    Column(Text("Tenggat", "Due"), lambda task: _moment(task.due)),
    Column(
        Text("Pelaksana", "Assignees"), lambda task: "; ".join(one.name for one in task.assignees)
    ),
    Column(
        Text("Dibuat oleh", "Created by"),
        lambda task: task.created_by.name if task.created_by else "",
    ),
    Column(Text("Dibuat pada", "Created at"), lambda task: _moment(task.created_at)),
    Column(Text("Selesai pada", "Completed at"), lambda task: _moment(task.completed_at)),
    Column(Text("Label", "Labels"), lambda task: "; ".join(task.labels)),
    Column(
        Text("Perkiraan (menit)", "Estimate (minutes)"), lambda task: task.estimate_minutes or ""
    ),
    Column(Text("Dikerjakan (menit)", "Worked (minutes)"), lambda task: task.worked_minutes),
    Column(Text("Uraian", "Description"), lambda task: task.description),
)


async def csv(call: CallContext, first: Page[TaskView], wanted: ListTasks) -> AsyncIterator[str]:
    """Heading and rows."""
    yield csv_lines([_heading(call.language)])
    async for rows in _rows(call, first, wanted):
        yield csv_lines(rows)


async def workbook(
    call: CallContext, first: Page[TaskView], wanted: ListTasks
) -> AsyncIterator[bytes]:
    """The whole workbook; it can only be sent when its last row is written."""
    book = Book()
    sheet = book.sheet(_told(_SHEET, call.language), _heading(call.language))
    async for rows in _rows(call, first, wanted):
        await asyncio.to_thread(sheet.add, rows)
    async for piece in iterate_in_threadpool(pieces(await asyncio.to_thread(book.file))):
        yield piece


async def _rows(
    call: CallContext, first: Page[TaskView], wanted: ListTasks
) -> AsyncIterator[list[list[Cell]]]:
    page = first
    while True:
        yield [[column.cell(task) for column in COLUMNS] for task in page.items]
        if page.next_cursor is None:
            return
        page = await _page(call, wanted.model_copy(update={"cursor": page.next_cursor}))


async def _page(call: CallContext, wanted: ListTasks) -> Page[TaskView]:
    """A page; a file that cannot be finished is cut off, never ended as if it were whole."""
    for attempt in range(_ATTEMPTS):
        try:
            answer = await call.ask(wanted, deadline_s=PAGE_S)
        except Unavailable:
            if attempt + 1 == _ATTEMPTS:
                raise
            answer = Answer(status=503)
        if answer.result is not None:
            return Page[TaskView].model_validate_json(answer.result)
        await asyncio.sleep(_AGAIN_S)
    raise Unavailable("the list cannot be finished")


def _heading(language: Language) -> list[str]:
    return [_told(column.title, language) for column in COLUMNS]


def _told(text: Text, language: Language) -> str:
    told: str = getattr(text, language)
    return told


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
