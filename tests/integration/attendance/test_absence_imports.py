"""Absences from the personnel system: tried dry, taken over once, withdrawn by the same number."""

from tests.integration.attendance.test_absences import a_leave, next_monday
from tests.waiting import eventually

HEADING = "number,employee_id,kind,from,to,reference,state"


def bring(ask, *lines, by="admin", dry_run=False, language="id"):
    return ask(
        "POST",
        f"/imports/absences?dry_run={str(dry_run).lower()}",
        by,
        content="\n".join([HEADING, *lines]).encode(),
        headers={"Content-Type": "text/csv", "Accept-Language": language},
    )


async def test_absences_are_tried_dry_and_taken_over_once(ask, day_of):
    on = next_monday(40)
    line = f"SIMPEG-1,indah,annual_leave,{on},{on},,"

    tried = (await bring(ask, line, dry_run=True)).json()
    assert (tried["dry_run"], tried["accepted"], tried["unchanged"]) == (True, 1, 0)
    assert (await ask("GET", f"/employees/indah/days/{on}", "auditor")).status_code == 404
    taken = (await bring(ask, line, by="loader")).json()
    again = (await bring(ask, line)).json()

    assert (taken["accepted"], taken["unchanged"], taken["rejected"]) == (1, 0, [])
    assert (again["accepted"], again["unchanged"]) == (1, 1)
    day = await day_of("indah", on, "leave")
    listed = (await ask("GET", "/absences?employee_id=indah&state=approved", "admin")).json()
    absence = next(row for row in listed["items"] if row["id"] == day["absences"][0]["id"])
    assert [step["action"] for step in absence["history"]] == ["request", "approve"]

    withdrawn = (await bring(ask, line + "withdrawn")).json()
    assert (withdrawn["accepted"], withdrawn["unchanged"]) == (1, 0)
    await day_of("indah", on, "open")


async def test_what_overlaps_a_request_is_refused_by_row_in_both_languages(ask):
    asked = await ask("POST", "/absences", "hadi", json=a_leave(42, days=2))
    assert asked.status_code == 201, asked.text
    on = next_monday(42)
    lines = (
        f"SIMPEG-2,hadi,annual_leave,{on},{on},,",
        "SIMPEG-3,nobody,annual_leave,x,2026-12-21,,",
    )

    told = (await bring(ask, *lines)).json()
    english = (await bring(ask, *lines, language="en", dry_run=True)).json()

    assert told["accepted"] == 0
    assert [(row["row"], row["column"]) for row in told["rejected"]] == [(2, "from"), (3, "from")]
    assert "bertumpang tindih" in told["rejected"][0]["detail"]
    assert "overlaps" in english["rejected"][0]["detail"]
    await ask("POST", f"/absences/{asked.json()['id']}/withdraw", "hadi", json={})

    async def free():  # what has ended gives its time back
        return (await bring(ask, lines[0])).json()["accepted"] == 1

    await eventually(free, within_s=20)


async def test_only_who_imports_brings_files(ask):
    for by, status in (("kepala.dinkes", 403), ("auditor", 403), ("jabar", 403)):
        assert (await bring(ask, by=by)).status_code == status, by
    wrong = await ask(
        "POST",
        "/imports/absences",
        "admin",
        content=b"nomor,jenis\n1,cuti\n",
        headers={"Content-Type": "text/csv"},
    )
    pointers = [error["pointer"] for error in wrong.json()["errors"]]
    assert (wrong.status_code, "/number" in pointers, "/nomor" in pointers) == (422, True, True)
