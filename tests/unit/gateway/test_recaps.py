"""A recap as a file: whole, or visibly cut off, never short without a word."""

import csv
import io

import pytest

from contracts.envelope import Answer
from contracts.recaps import RecapFrame, RecapPage, RecapRow
from gateway.routes import recaps
from kit.clock import now
from kit.messaging.client import Unavailable

PATH = "/v1/agencies/DINKES/attendance/monthly?period=2026-11"
FRAME = RecapFrame(
    agency="DINKES",
    period="2026-11",
    from_="2026-11-01",
    to="2026-11-30",
    people=2,
    versions=(),
    late_bands=("TL1",),
    early_bands=(),
    as_of=now(),
)
NONE = dict.fromkeys(
    (
        "days", "working_days", "present", "late", "left_early", "incomplete", "absent", "leave",
        "sick", "duty", "elsewhere", "holiday", "off", "open", "without_record", "late_minutes",
        "early_minutes", "worked_minutes",
    ),
    0,
)  # fmt: skip


def a_page(name, next_cursor, **more):
    person = {"id": name.lower(), "name": name}
    row = RecapRow.model_validate(NONE | {"person": person, "percent": "0.0000"} | more)
    page = RecapPage(
        agency="DINKES", period="2026-11", items=(row,), next_cursor=next_cursor, as_of=now()
    )
    return Answer(result=page.model_dump_json(by_alias=True))


@pytest.fixture
def pages(courier, monkeypatch):
    """What each page is answered with, by its cursor, one answer after the other."""
    monkeypatch.setattr(recaps, "_AGAIN_S", 0)
    told = {None: [a_page("Ani", "2")], "2": [a_page("Budi", None)]}

    async def query(query, deadline_s):
        if query.name == "attendance.describe_monthly_recap":
            return Answer(result=FRAME.model_dump_json(by_alias=True))
        waiting = told[query.body.paging.cursor]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    courier.query = query
    return told


def names_in(text):
    return [row["Nama"] for row in csv.DictReader(io.StringIO(text, newline=""))]


async def test_every_page_is_in_the_file(client, pages):
    answer = await client.get(PATH, headers={"Accept": "text/csv"})

    assert names_in(answer.text) == ["Ani", "Budi"]


async def test_a_page_that_is_late_once_is_asked_for_again(client, pages):
    pages["2"] = [Unavailable("late"), a_page("Budi", None)]

    answer = await client.get(PATH, headers={"Accept": "text/csv"})

    assert names_in(answer.text) == ["Ani", "Budi"]


async def test_a_file_that_cannot_be_finished_is_cut_off(client, pages):
    pages["2"] = [Unavailable("away")]

    with pytest.raises(RuntimeError, match="response already started"):
        await client.get(PATH, headers={"Accept": "text/csv"})


async def test_a_band_that_no_longer_rules_is_not_lost(client, pages):
    pages["2"] = [a_page("Budi", None, late_bands={"TL1": 2, "OLD3": 1})]

    answer = await client.get(PATH, headers={"Accept": "text/csv"})

    budi = list(csv.DictReader(io.StringIO(answer.text, newline="")))[1]
    assert (budi["TL1"], budi["Golongan lain"]) == ("2", "OLD3: 1")
