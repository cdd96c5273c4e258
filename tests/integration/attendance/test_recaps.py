"""Monthly recaps: the same figures as JSON, CSV and workbook, for those who may see them."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from contracts.directory import Assignment, EmployeeChanged
from gateway.tables import XLSX
from services.attendance.own_copies.store import Person
from services.attendance.recaps import store as recap_store
from services.attendance.recaps.store import RecapDays
from tests.integration.attendance.conftest import RECORDED, START
from tests.processes import announce
from tests.waiting import eventually

PERIOD = "2026-10"
PATH = f"/agencies/BKPSDM/attendance/monthly?period={PERIOD}"
EVIL = "=cmd|' /C calc'!A1"


def somebody(id_, name):
    assignment = Assignment(
        id=f"{id_}-1", agency="BKPSDM", position="Analis", from_=START, recorded_at=RECORDED
    )
    return EmployeeChanged(employee=id_, name=name, employment="pns", assignments=(assignment,))


@pytest.fixture(scope="module")
async def october(ask, servers, store):
    """Elin was late once, left early once and forgot to leave once in October; Evil has a name."""
    await announce(
        servers, ("elin", 1, somebody("elin", "Elin")), ("evil", 1, somebody("evil", EVIL))
    )
    people = store.collection("people")
    await eventually(lambda: people.find_one({"_id": "evil"}))
    await eventually(lambda: people.find_one({"_id": "elin"}))
    moments = [
        ("2026-10-05", "07:42:10", "16:45:00"),
        ("2026-10-06", "07:10:00", "16:00:00"),
        ("2026-10-07", "07:10:00", None),
        ("2026-10-08", "07:10:00", "16:31:00"),
    ]
    items = [
        {"employee_id": "elin", "direction": way, "at": f"{on}T{at}+07:00", "office": "BALAIKOTA"}
        for on, came, left in moments
        for way, at in (("in", came), ("out", left))
        if at is not None
    ]
    told = await ask("POST", "/imports/punches", "loader", json={"items": items})
    assert {one["status"] for one in told.json()["items"]} == {"accepted"}, told.text

    async def closed():
        days = await store.collection("days").find({"employee": "elin"})
        return all(day["closed"] for day in days)

    await eventually(closed, within_s=60)


async def row_of(ask, who, path=PATH):
    answer = await ask("GET", f"{path}&q={who}&limit=10", "admin")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"][0]


async def test_a_row_adds_the_days_up_by_the_rules_of_each(ask, october):
    row = await row_of(ask, "elin")

    counts = {name: row[name] for name in ("present", "late", "left_early", "incomplete", "days")}
    assert counts == {"present": 4, "late": 1, "left_early": 1, "incomplete": 1, "days": 4}
    assert (row["late_minutes"], row["early_minutes"]) == (12, 30)
    assert (row["late_bands"], row["early_bands"]) == ({"TL1": 1}, {"PSW1": 1, "PSW4": 1})
    assert row["percent"] == "3.0000"  # TL1 0.5, PSW1 0.5, no departure as PSW4 2
    assert row["policy_versions"] == ["surakarta-ordinary/2026-01-01"]
    assert row["without_record"] == 18  # October 2026 has 22 working days


async def test_a_month_reads_the_same_by_agency_and_by_keys(october, store, monkeypatch):
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    state = somebody("elin", "Elin")
    elin = Person("elin", "Elin", None, active=True, assignments=state.assignments)
    stranger = Person("stranger", "Stranger", None, active=True, assignments=state.assignments)

    by_keys = await RecapDays(store).of([elin, stranger], first, last)
    monkeypatch.setattr(recap_store, "_FEW", 0)

    async def the_same():  # as soon as the sheets have followed their days
        return by_keys == await RecapDays(store).of([elin, stranger], first, last)

    assert await eventually(the_same, within_s=40, every_s=0.5)
    assert [len(by_keys[id_]) for id_ in ("elin", "stranger")] == [4, 0]


async def test_sheets_of_past_dates_follow_their_days(ask, october, store, monkeypatch):
    monkeypatch.setattr(recap_store, "_FEW", 0)
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    dates = [date(2026, 10, day) for day in (5, 6, 7, 8)]
    elin = Person(
        "elin", "Elin", None, active=True, assignments=somebody("elin", "Elin").assignments
    )

    async def made():
        sheets = await RecapDays(store).sheets.of("BKPSDM", dates)
        return sheets if len(sheets) == len(dates) else None

    sheets = await eventually(made, within_s=40)
    assert all("elin" in {row["employee"] for row in rows} for rows in sheets.values())

    async def the_same():
        monkeypatch.setattr(recap_store, "_FEW", 0)
        from_sheets = await RecapDays(store).of([elin], first, last)
        monkeypatch.setattr(recap_store, "_FEW", 10)
        return from_sheets == await RecapDays(store).of([elin], first, last)

    assert await eventually(the_same, within_s=40, every_s=0.5)

    at = f"{dates[3]}T06:55:00+07:00"
    punch = {"employee_id": "elin", "direction": "in", "at": at, "office": "BALAIKOTA"}
    told = await ask("POST", "/imports/punches", "loader", json={"items": [punch]})
    assert told.json()["items"][0]["status"] == "accepted", told.text

    async def earlier():
        monkeypatch.setattr(recap_store, "_FEW", 0)
        found = (await RecapDays(store).of([elin], first, last))["elin"][-1]
        return found.first_in.isoformat() == "2026-10-07T23:55:00+00:00"

    assert await eventually(earlier, within_s=20)


async def test_pages_go_through_everybody_once_in_order(ask, october):
    names, cursor = [], ""
    while cursor is not None:
        behind = f"&cursor={cursor}" if cursor else ""
        page = (await ask("GET", f"{PATH}&limit=2{behind}", "admin")).json()
        names += [row["person"]["name"] for row in page["items"]]
        cursor = page["next_cursor"]

    assert names == sorted(names)
    assert {"Ani", "Budi", "Elin", EVIL} <= set(names)
    assert len(names) == len(set(names))


async def test_an_agency_includes_those_below_unless_exact(ask, october):
    above = f"/agencies/PEMKOT/attendance/monthly?period={PERIOD}"

    assert (await row_of(ask, "elin", above))["present"] == 4
    exact = await ask("GET", f"{above}&exact=true", "admin")
    assert "elin" not in {row["person"]["id"] for row in exact.json()["items"]}


@pytest.mark.parametrize(("language", "name"), [("id", "Nama"), ("en", "Name")])
async def test_csv_has_every_row_headings_in_the_language_and_no_formula(
    ask, october, language, name
):
    headers = {"Accept": "text/csv", "Accept-Language": language}

    answer = await ask("GET", f"{PATH}&limit=1", "kepala.bkpsdm", headers=headers)

    assert answer.headers["content-type"].startswith("text/csv")
    assert f"rekap-BKPSDM-{PERIOD}.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    by_name = {row[name]: row for row in rows}
    assert {"Ani", "Budi", "Elin"} <= set(by_name)
    assert f"'{EVIL}" in by_name
    assert by_name["Elin"]["TL1"] == "1"
    percent = {"id": "Persentase usulan", "en": "Percentage proposed"}[language]
    assert by_name["Elin"][percent] == "3.0000"


async def test_the_workbook_explains_its_columns_and_the_rules_behind_them(ask, october):
    answer = await ask("GET", PATH, "auditor", headers={"Accept": XLSX})

    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Recap", "Explanation"]
    heading, *rows = [[cell.value for cell in row] for row in book["Recap"]]
    elin = dict(zip(heading, next(row for row in rows if "Elin" in row), strict=True))
    assert (elin["Present"], elin["Late minutes"], elin["Percentage proposed"]) == (4, 12, "3.0000")
    explained = [[cell.value for cell in row] for row in book["Explanation"]]
    assert set(heading) <= {row[0] for row in explained}
    told = {row[0]: row for row in explained}
    assert told["surakarta-ordinary/2026-01-01"][2] == "SE Kepala BKPSDM 25/2026"
    assert told["TL4"][1] == "91–… min: 2.0000 %"


@pytest.mark.parametrize(
    ("by", "status"),
    [
        ("kepala.bkpsdm", 200),
        ("admin", 200),
        ("auditor", 200),
        ("kepala.dinkes", 403),
        ("ani", 403),
        ("loader", 403),
        ("jabar", 403),
    ],
)
@pytest.mark.parametrize("form", ["application/json", "text/csv"])
async def test_a_recap_is_for_the_head_and_overseers(ask, october, by, status, form):
    answer = await ask("GET", PATH, by, headers={"Accept": form})

    assert answer.status_code == status


@pytest.mark.parametrize("query", ["", "period=2026", "period=2026-13", "period=2026-10&limit=0"])
async def test_a_recap_is_of_a_month(ask, query):
    answer = await ask("GET", f"/agencies/BKPSDM/attendance/monthly?{query}", "admin")

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
