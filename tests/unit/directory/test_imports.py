"""The file of people: every bad row is named with its column and what is allowed."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from contracts.outcome import Refusal
from kit.tables import XLSX, read
from services.directory.imports.plan import Surroundings, plan
from services.directory.imports.rows import COLUMNS, REQUIRED, parse

HEADING = ",".join(COLUMNS)
GOOD = "A-1,,Sri Contoh,pppk,BKPSDM,Analis,,definitive,true,2026-01-01,,,p0001,employee:BKPSDM"


def rows(text, media_type="text/csv"):
    return read(text.encode(), media_type, columns=COLUMNS, required=REQUIRED)


def reading(*lines):
    return parse(rows("\n".join([HEADING, *lines])))


def surroundings(**known):
    return Surroundings(
        missing_agencies=known.get("missing", set()),
        known_keys=known.get("keys", set()),
        nip_holders=known.get("nips", {}),
        account_holders=known.get("accounts", {}),
        id_of=lambda key: f"id-{key}",
    )


def bad(*lines, **known):
    return sorted(
        (each.row, each.column) for each in plan(reading(*lines), surroundings(**known)).rejected
    )


def test_a_good_row_is_read():
    row = reading(GOOD).rows[0]
    assert (row.key, row.name, row.from_, row.main) == (
        "A-1", "Sri Contoh", date(2026, 1, 1), True,
    )  # fmt: skip
    assert [(grant.role, grant.scope) for grant in row.roles] == [("employee", "BKPSDM")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", ""),
        ("key", "no spaces"),
        ("nip", "12345"),
        ("name", ""),
        ("name", "x" * 201),
        ("name", "a\x07b"),
        ("employment", "honorer"),
        ("agency", "-"),
        ("position", ""),
        ("supervisor", "no spaces"),
        ("kind", "acting"),
        ("main", "maybe"),
        ("from", "01/02/2026"),
        ("from", "9999-12-31"),
        ("from", ""),
        ("until", "2025-01-01"),
        ("username", "No Capitals"),
        ("roles", "mayor"),
        ("email", "nobody"),
        ("email", "a b@example.go.id"),
    ],
)
def test_a_bad_cell_is_named_with_row_and_column_and_what_is_allowed(column, value):
    cells = dict(zip(COLUMNS, f"{GOOD},".split(","), strict=True)) | {column: value}
    found = reading(GOOD.replace("A-1", "A-0"), ",".join(cells.values())).rejected
    assert [(each.row, each.column) for each in found] == [(3, column)]
    assert "allowed: " in found[0].detail


def test_every_bad_row_is_listed_and_the_good_ones_are_taken():
    made = plan(reading(GOOD, "?,,,,,,,,,,,,,", GOOD.replace("A-1", "A-2")), surroundings())
    assert {each.row for each in made.rejected} >= {3}
    made = plan(
        reading(GOOD, "?,,,,,,,,,,,,,", GOOD.replace("A-1", "A-2").replace("p0001", "p0002")),
        surroundings(),
    )
    assert {each.row for each in made.rejected} == {3}
    assert made.accepted == 2


def test_semicolons_a_byte_order_mark_empty_lines_and_fewer_columns_are_fine():
    heading = "\ufeffkey;name;employment;agency;position;from"
    found = rows(f"{heading}\n\nA-1;Sri;pns;BKPSDM;Staf;2026-01-01\n;;;;;\n")
    assert [(row.number, row.cells["name"]) for row in found] == [(3, "Sri")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "validation_failed"),
        (b"key,name\nA,B\n", "validation_failed"),
        (HEADING.encode() + b",salary\n", "validation_failed"),
        (HEADING.encode() + b",key\n", "validation_failed"),
        (b"\xff\xfe\x00k", "malformed"),
        (HEADING.encode() + b'\n"open quote', "malformed"),
    ],
)
def test_what_is_no_table_of_people_is_refused_whole(content, code):
    with pytest.raises(Refusal, match=code):
        read(content, "text/csv", columns=COLUMNS, required=REQUIRED)


def test_a_workbook_reads_like_the_same_csv():
    book = Workbook()
    sheet = book.active
    sheet.append(list(COLUMNS))
    sheet.append(
        ["A-1", None, "Sri Contoh", "pppk", "BKPSDM", "Analis", None, "definitive", True,
         date(2026, 1, 1), None, None, "p0001", "employee:BKPSDM"]
    )  # fmt: skip
    packed = io.BytesIO()
    book.save(packed)
    found = parse(read(packed.getvalue(), XLSX, columns=COLUMNS, required=REQUIRED))
    assert found == reading(GOOD)


@pytest.mark.parametrize("content", [b"PK\x03\x04nonsense", b"not a workbook", b""])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(Refusal, match="malformed"):
        read(content, XLSX, columns=COLUMNS, required=REQUIRED)


OTHER = GOOD.replace("A-1", "A-2").replace("p0001", "p0002")
SUPERVISED = OTHER.replace("Analis,,", "Analis,A-1,")


def test_unknown_agencies_supervisors_and_scopes_are_named():
    assert bad(GOOD, missing={"BKPSDM"}) == [(2, "agency"), (2, "roles")]
    assert bad(SUPERVISED) == [(2, "supervisor")]
    assert bad(GOOD, SUPERVISED) == []
    assert bad(SUPERVISED, keys={"A-1"}) == []
    assert bad(GOOD.replace("Analis,,", "Analis,A-1,")) == [(2, "supervisor")]


def test_who_is_supervised_by_somebody_left_out_is_left_out_too():
    lost = GOOD.replace("pppk", "honorer")
    assert bad(lost, SUPERVISED) == [(2, "employment"), (3, "supervisor")]


def test_a_number_or_user_name_of_somebody_else_is_named():
    numbered = GOOD.replace("A-1,,", f"A-1,{'1' * 18},")
    assert bad(numbered, nips={"1" * 18: "id-A-9"}) == [(2, "nip")]
    assert bad(numbered, nips={"1" * 18: "id-A-1"}) == []
    assert bad(GOOD, accounts={"p0001": "id-A-9"}) == [(2, "username")]
    assert bad(GOOD, accounts={"p0001": None}) == [(2, "username")]
    assert bad(GOOD, GOOD.replace("A-1", "A-2")) == [(2, "username"), (3, "username")]


def test_the_rows_of_a_person_stand_or_fall_together():
    second = GOOD.replace("2026-01-01", "2026-06-01").replace("BKPSDM,Analis", "GONE,Analis")
    assert bad(GOOD, second, missing={"GONE"}) == [(2, "key"), (3, "agency")]
    assert bad(GOOD, second.replace("pppk", "honorer")) == [(2, "key"), (3, "employment")]
    assert bad(GOOD, second.replace("Sri Contoh", "Sri Lain")) == [(2, "key"), (3, "name")]


def test_a_transfer_in_the_file_ends_the_earlier_post():
    second = GOOD.replace("2026-01-01", "2026-06-16").replace("BKPSDM,Analis", "DISDIK,Analis")
    person = plan(reading(second, GOOD), surroundings()).people["A-1"]
    assert [(row.agency, row.until) for row in person.posts] == [
        ("BKPSDM", date(2026, 6, 15)),
        ("DISDIK", None),
    ]
