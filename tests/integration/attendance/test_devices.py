"""Machines from both sides: what they push, what becomes of it, what is shown of it."""

import asyncio
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from kit.clock import now
from tests.integration.attendance.conftest import HALL, a_person, an_agency
from tests.integration.attendance.people import a_post, announce_people
from tests.integration.attendance.test_policies import a_policy
from tests.processes import announce
from tests.waiting import eventually

SAMPLES = Path(__file__).parents[2] / "data" / "zkteco"
NIP = "199001012020011001"  # ani's
NETWORK = ["192.0.2.0/24"]  # where the gateway's callers are in these tests
_serials = count(1)


def local(days_ago, clock="07:10:00"):
    on = (now() + timedelta(hours=7)).date() - timedelta(days=days_ago)
    return f"{on} {clock}"


def a_line(pin, days_ago, clock, key=0):
    return f"{pin}\t{local(days_ago, clock)}\t{key}\t1\t0\n"


@pytest.fixture
async def machine(ask):
    """A machine of the test's own, registered in the city hall."""
    serial = f"UJI{next(_serials):04}"
    body = {"serial": serial, "office": "BALAIKOTA", "sources": NETWORK}
    answer = await ask("POST", "/devices", "admin", json=body)
    assert answer.status_code == 201, answer.text
    return serial


@pytest.fixture
def push(ask, machine):
    """Upload lines as the machine does: ``await push("…\\n", "…\\n")``."""

    async def upload(*lines, table="ATTLOG", serial=machine):
        path = f"/iclock/cdata?SN={serial}&table={table}&Stamp=9999"
        return await ask.http.post(path, content="".join(lines).encode())

    return upload


@pytest.fixture
def show(ask, machine):
    """The machine as the administrator sees it."""

    async def shown():
        return (await ask("GET", f"/devices/{machine}", "admin")).json()

    return shown


@pytest.fixture
def scans(ask, machine):
    """Wait for so many scans of this machine on a person's day; the day."""

    async def day_with(person, days_ago, how_many):
        on = local(days_ago)[:10]

        async def found():
            answer = await ask("GET", f"/employees/{person}/days/{on}", "admin")
            if answer.status_code == 404:
                return None if how_many else {"punches": []}
            day = answer.json()
            mine = [punch for punch in day["punches"] if punch["device"] == machine]
            return day if len(mine) == how_many else None

        return await eventually(found, within_s=30)

    return day_with


async def test_a_machine_shakes_hands_in_its_zone(ask, machine):
    options = await ask.http.get(f"/iclock/cdata?SN={machine}&options=all&pushver=2.4.1")
    clock = await ask.http.get(f"/iclock/cdata.aspx?SN={machine}&type=time")

    assert options.text.startswith(f"GET OPTION FROM: {machine}\n")
    assert "TimeZone=7\n" in options.text
    told = datetime.fromisoformat(clock.text.removeprefix("Time=").strip())
    assert told.utcoffset() == timedelta(hours=7)
    assert abs(told - now()) < timedelta(minutes=1)


async def test_lines_become_punches_of_the_day_by_the_pattern(push, scans, show, machine, ask):
    await ask("PUT", f"/devices/{machine}/pins/0042", "admin", json={"employee_id": "budi"})
    answer = await push(
        a_line("0042", 20, "16:40:00", key=0),  # the wrong key, and out of order
        a_line("0042", 20, "07:12:31"),
        a_line("0042", 20, "07:12:55", key=1),  # tapped twice
        a_line(NIP, 20, "07:13:00"),
    )

    day = await scans("budi", 20, 3)
    mine = await scans("ani", 20, 1)
    assert answer.text == "OK: 4"
    assert day["first_in"][11:19] == "07:12:31"
    assert day["last_out"][11:19] == "16:40:00"
    assert {punch["method"] for punch in day["punches"]} == {"device"}
    assert {punch["office"] for punch in day["punches"]} == {"BALAIKOTA"}
    assert {flag for punch in day["punches"] for flag in punch["flags"]} == {"uploaded_late"}
    assert mine["first_in"][11:19] == "07:13:00"
    shown = await show()
    assert (shown["received"], shown["stored"], shown["unmapped"]) == (4, 4, 0)
    assert shown["last_seen"] is not None


async def test_a_batch_of_repeats_is_a_success_and_changes_nothing(push, scans, show, store):
    lines = [a_line(NIP, 21, clock) for clock in ("07:12:31", "12:00:00", "16:40:00")]
    await push(*lines)
    before = await scans("ani", 21, 3)

    again = await push(*lines, a_line(NIP, 21, "12:00:00"))

    async def counted():
        shown = await show()
        return shown if shown["received"] == 7 else None

    shown = await eventually(counted)
    assert again.text == "OK: 4"
    assert (shown["stored"], shown["duplicates"]) == (3, 4)
    assert (await scans("ani", 21, 3))["version"] == before["version"]


async def test_the_samples_are_acknowledged_whole_and_kept_line_by_line(ask, push, show, machine):
    expected = {"attlog-bad-lines.body": 5, "attlog-odd-pins.body": 4, "attlog-empty.body": 0}
    for name, lines in expected.items():
        answer = await push((SAMPLES / name).read_text())
        assert answer.text == f"OK: {lines}"

    async def counted():
        shown = await show()
        return shown if shown["received"] == 9 else None

    shown = await eventually(counted)
    assert shown["unreadable"] == 3
    kept = await ask("GET", f"/devices/{machine}/lines?status=unreadable", "auditor")
    assert "garbage without tabs" in {line["raw"] for line in kept.json()["items"]}


async def test_an_unknown_pin_is_kept_and_counts_once_it_is_mapped(ask, push, scans, show, machine):
    await push(a_line("9999", 22, "07:20:00"), a_line("9999", 22, "16:45:00", key=1))

    async def waiting():
        found = await ask("GET", f"/devices/{machine}/pins?unmapped=true", "admin")
        return found.json()["items"]

    (pin,) = await eventually(waiting)
    assert (pin["pin"], pin["lines"], pin["employee"]) == ("9999", 2, None)
    assert (await show())["unmapped"] == 2

    mapped = await ask(
        "PUT", f"/devices/{machine}/pins/9999", "admin", json={"employee_id": "cici"}
    )
    assert mapped.json()["employee"]["id"] == "cici"
    await scans("cici", 22, 2)
    assert (await show())["unmapped"] == 0

    # it was somebody else's after all: the day is given back
    await ask("PUT", f"/devices/{machine}/pins/9999", "admin", json={"employee_id": "budi"})
    await scans("budi", 22, 2)
    await scans("cici", 22, 0)
    await ask("DELETE", f"/devices/{machine}/pins/9999", "admin")
    await scans("budi", 22, 0)
    assert (await show())["unmapped"] == 2


async def test_lines_of_a_number_wait_for_the_person_who_has_it(ask, push, show, servers, scans):
    nip = "199505052022051005"
    await push(a_line(nip, 23, "07:20:00"))
    assert (await eventually(show))["unmapped"] == 1

    person = a_person("budi").model_copy(
        update={"employee": "eko", "name": "Eko", "nip": nip, "assignments": ()}
    )
    await announce(servers, ("eko", 1, person))
    later = person.model_copy(update={"assignments": a_person("budi").assignments})
    await announce(servers, ("eko", 2, later))

    await scans("eko", 23, 1)
    assert (await show())["unmapped"] == 0


async def test_lines_of_days_without_a_pattern_wait_for_a_policy_that_rules_them(
    ask, push, servers, store, machine
):
    nip, on = "198808082015081008", "2025-12-10"  # before the pattern that ships
    person = a_post("fajar", "DINSOS").model_copy(update={"nip": nip})
    posts = tuple(
        one.model_copy(update={"from_": datetime.fromisoformat("2025-01-01").date()})
        for one in person.assignments
    )
    person = person.model_copy(update={"assignments": posts})
    await announce_people(servers, store, [an_agency("DINSOS")], [person])
    await push(f"{nip}\t{on} 07:10:00\t0\t1\t0\n")

    async def lines(status):
        path = f"/devices/{machine}/lines?status={status}"
        return (await ask("GET", path, "admin")).json()["items"]

    assert await eventually(lambda: lines("not_assigned"), within_s=20)
    policy = a_policy(pattern="sosial", effective_from="2025-12-01")
    path = "/agencies/DINSOS/attendance-policies"
    assert (await ask("POST", path, "admin", json=policy)).status_code == 201

    assert await eventually(lambda: lines("counted"), within_s=30)

    async def counted():
        answer = await ask("GET", f"/employees/fajar/days/{on}", "admin")
        return answer.json() if answer.status_code == 200 else None

    day = await eventually(counted, within_s=20)
    assert (day["first_in"][11:19], day["policy_version"]) == ("07:10:00", "DINSOS-v1")


async def test_moments_that_cannot_be_true_are_kept_flagged_and_not_counted(
    ask, push, show, scans, machine
):
    tomorrow = f"{NIP}\t{local(-1)}\t0\t1\n"
    answer = await push(
        f"{NIP}\t2000-01-01 00:00:07\t0\t1\n", tomorrow, a_line(NIP, 24, "07:10:00")
    )

    await scans("ani", 24, 1)
    shown = await show()
    assert answer.text == "OK: 3"
    assert (shown["stored"], shown["implausible"]) == (3, 2)
    assert "clock_wrong" in shown["flags"]
    assert shown["clock_drift_s"] > 3_600
    kept = (await ask("GET", f"/devices/{machine}/lines?status=implausible", "admin")).json()
    flags = {flag for line in kept["items"] for flag in line["flags"]}
    assert flags == {"clock_reset", "clock_ahead"}


async def test_a_corrected_clock_judges_the_days_again_and_can_be_taken_back(
    ask, push, scans, machine
):
    await push(a_line(NIP, 25, "06:10:00"), a_line(NIP, 26, "06:10:00"))
    await scans("ani", 25, 1)
    await scans("ani", 26, 1)
    on = local(25)[:10]
    span = {"from": f"{on}T00:00:00+07:00", "to": f"{on}T23:59:59+07:00", "shift_s": 3_600}

    made = await ask("POST", f"/devices/{machine}/clock-acts", "admin", json=span)

    async def arrived_at(days_ago, clock):
        return (await scans("ani", days_ago, 1))["first_in"][11:19] == clock

    assert made.status_code == 201, made.text
    assert await eventually(lambda: arrived_at(25, "07:10:00"), within_s=20)
    assert await arrived_at(26, "06:10:00")
    (line,) = (await ask("GET", f"/devices/{machine}/lines?limit=1", "admin")).json()["items"]
    assert line["wall"][11:] == "06:10:00"
    again = await ask("POST", f"/devices/{machine}/clock-acts", "admin", json=span)
    assert (again.status_code, again.json()["code"]) == (422, "overlaps")

    act = made.json()["clock_acts"][0]["id"]
    await ask("POST", f"/devices/{machine}/clock-acts/{act}/undo", "admin")

    assert await eventually(lambda: arrived_at(25, "06:10:00"), within_s=20)


async def test_a_correction_may_move_a_scan_to_another_day(ask, push, scans, show, machine):
    await push(f"{NIP}\t2000-01-01 00:10:00\t0\t1\n")
    wanted = datetime.fromisoformat(f"{local(27)[:10]}T07:10:00+07:00")
    shown = datetime.fromisoformat("2000-01-01T00:10:00+07:00")
    span = {
        "from": "2000-01-01T00:00:00+07:00",
        "to": "2000-01-02T00:00:00+07:00",
        "shift_s": round((wanted - shown).total_seconds()),
    }

    await ask("POST", f"/devices/{machine}/clock-acts", "admin", json=span)

    day = await scans("ani", 27, 1)
    assert (await show())["implausible"] == 0
    assert day["first_in"][11:19] == "07:10:00"
    assert {"clock_corrected", "uploaded_late"} == set(day["punches"][0]["flags"])


@pytest.mark.parametrize(
    "changes", [{"enabled": False}, {"sources": ["10.0.0.0/8"]}, {"sources": ["private"]}]
)
async def test_a_machine_out_of_service_or_elsewhere_keeps_its_records(
    ask, push, machine, store, changes
):
    read = await ask("GET", f"/devices/{machine}", "admin")
    headers = {"If-Match": read.headers["ETag"]}
    await ask("PATCH", f"/devices/{machine}", "admin", json=changes, headers=headers)

    answer = await push(a_line(NIP, 28, "07:10:00"))
    forged = await ask.http.get(
        f"/iclock/getrequest?SN={machine}", headers={"X-Forwarded-For": "10.1.2.3"}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "device_unknown")
    assert forged.status_code == 403
    assert await store.collection("device_lines").count_documents({"serial": machine}) == 0


async def test_any_source_must_be_said_and_is_flagged(ask, machine):
    read = await ask("GET", f"/devices/{machine}", "admin")
    path, headers = f"/devices/{machine}", {"If-Match": read.headers["ETag"]}

    bare = await ask("PATCH", path, "admin", json={"sources": ["any"]})
    done = await ask("PATCH", path, "admin", json={"sources": ["any"]}, headers=headers)
    stale = await ask("PATCH", path, "admin", json={"enabled": False}, headers=headers)

    assert (bare.status_code, bare.json()["code"]) == (428, "version_required")
    assert "any_source" in done.json()["flags"]
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")


async def test_the_register_is_listed_in_pages_and_filtered(ask):
    for place in range(3):
        body = {"serial": f"HAL{place}", "office": "JEBRES", "time_zone": "Asia/Makassar"}
        await ask("POST", "/devices", "admin", json=body)

    first = (await ask("GET", "/devices?office=JEBRES&limit=2", "operator")).json()
    rest = await ask("GET", f"/devices?office=JEBRES&cursor={first['next_cursor']}", "operator")
    again = await ask("POST", "/devices", "admin", json=body)
    moved = await ask("POST", "/devices", "admin", json=body | {"office": "BALAIKOTA"})
    elsewhere = await ask("POST", "/devices", "admin", json=body | {"office": "NOWHERE"})

    assert [one["serial"] for one in first["items"]] == ["HAL0", "HAL1"]
    assert [one["serial"] for one in rest.json()["items"]] == ["HAL2"]
    assert first["items"][0]["flags"] == ["never_seen"]
    assert (again.status_code, again.json()["version"]) == (201, 2)
    assert moved.json()["errors"][0]["pointer"] == "/serial"
    assert elsewhere.json()["errors"][0]["pointer"] == "/office"


async def test_a_clock_that_was_set_at_the_machine_is_shown(ask, push, show, machine):
    answer = await push((SAMPLES / "operlog.body").read_text(), table="OPERLOG")

    async def noted():
        return (await show())["clock_set_at"]

    assert answer.text == "OK: 5"
    assert await eventually(noted) == "2026-11-24 06:56:40"
    done = (await ask("GET", f"/devices/{machine}/operations", "auditor")).json()["items"]
    assert [one["code"] for one in done] == [21, 4, 0]


async def test_orders_are_handed_over_and_answered(ask, machine):
    path = f"/devices/{machine}/commands"
    on = local(1)[:10]
    gap = {"from": f"{on}T00:00:00+07:00", "to": f"{on}T23:59:59+07:00"}
    await ask("POST", path, "operator", json={"kind": "query_lines", **gap})
    await ask("POST", path, "admin", json={"kind": "info"})

    given = await ask.http.get(f"/iclock/getrequest?SN={machine}&INFO=Ver%208.0.4.2,120")
    idle = await ask.http.get(f"/iclock/getrequest?SN={machine}")
    report = await ask.http.post(
        f"/iclock/devicecmd?SN={machine}",
        content=b"ID=1&Return=-1&CMD=DATA\nID=2&Return=0&CMD=INFO\n",
    )

    async def finished():
        told = (await ask("GET", path + "?state=done&state=failed", "auditor")).json()["items"]
        return told if len(told) == 2 else None

    second, first = await eventually(finished)
    assert given.text.split("\n") == [
        f"C:1:DATA QUERY ATTLOG StartTime={on} 00:00:00\tEndTime={on} 23:59:59",
        "C:2:INFO",
    ]
    assert (idle.text, report.text) == ("OK", "OK")
    assert (first["state"], first["result"], first["ordered_by"]) == ("failed", -1, "operator")
    assert (second["state"], second["result"]) == ("done", 0)
    assert second["finished_at"] >= second["sent_at"]
    shown = (await ask("GET", f"/devices/{machine}", "admin")).json()
    assert shown["firmware"] == "Ver 8.0.4.2"


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "shell"},
        {"kind": "clear_log"},
        {"kind": "reboot"},
        {"kind": "query_lines"},
        {"kind": "update_user", "pin": "1", "name_shown": "a\tPri=14"},
    ],
)
async def test_nothing_that_deletes_or_runs_programs_can_be_ordered(ask, machine, order):
    answer = await ask("POST", f"/devices/{machine}/commands", "admin", json=order)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_a_file_is_previewed_imported_once_and_its_oddities_are_listed(
    ask, scans, machine, store
):
    await ask("PUT", f"/devices/{machine}/pins/0042", "admin", json={"employee_id": "budi"})
    file = (
        f"{NIP}\t{local(30, '07:12:31')}\t1\t0\t1\t0\r\n"
        f"     0042\t{local(30, '07:13:00')}\t1\t0\t1\t0\r\n"
        f"     0042\t{local(30, '16:40:00')}\t1\t1\t1\t0\r\n"
        f"     0042\t{local(30, '16:40:00')}\t1\t1\t1\t0\r\n"
        f"     7777\t{local(30, '07:14:00')}\t1\t0\t1\t0\r\n"
        "    0042\tyesterday\t1\t0\t1\t0\r\n"
        "    0042\t2000-01-01 00:00:07\t1\t0\t1\t0\r\n"
    )
    path, plain = f"/imports/attlog?serial={machine}", {"Content-Type": "text/plain"}

    tried = await ask("POST", path + "&dry_run=true", "loader", content=file, headers=plain)
    kept = await store.collection("device_lines").count_documents({"serial": machine})
    key = plain | {"Idempotency-Key": f"import-{machine}"}
    first = await ask("POST", path, "loader", content=file, headers=key)
    same = await ask("POST", path, "loader", content=file, headers=key)
    other = await ask("POST", path, "loader", content=file + "x\n", headers=key)
    again = await ask("POST", path, "loader", content=file, headers=plain)

    assert kept == 0
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    told = first.json()
    assert (told["lines"], told["stored"], told["duplicates"]) == (7, 3, 1), told
    assert (told["unmapped"], told["unmapped_lines"]) == (["7777"], 1)
    assert [one["line"] for one in told["unreadable"]] == [6]
    assert [one["line"] for one in told["implausible"]] == [7]
    assert same.json() == told
    assert {**tried.json(), "punches": []} == told
    assert len(tried.json()["punches"]) == 6
    assert (again.json()["stored"], again.json()["duplicates"]) == (0, 5)
    await scans("budi", 30, 2)
    unknown = await ask("POST", "/imports/attlog?serial=NO1", "loader", content=file, headers=plain)
    assert unknown.status_code == 404


async def test_a_pushed_line_and_the_same_in_a_file_count_once(ask, push, scans, machine):
    await push(a_line(NIP, 31, "07:12:31"))
    file = f"{NIP}\t{local(31, '07:12:31')}\t1\t0\t1\t0\n"
    path, plain = f"/imports/attlog?serial={machine}", {"Content-Type": "text/plain"}

    told = (await ask("POST", path, "loader", content=file, headers=plain)).json()

    assert (told["stored"], told["duplicates"]) == (0, 1)
    await scans("ani", 31, 1)


@pytest.mark.slow
async def test_a_week_of_lines_at_once_loses_none_and_people_check_in_meanwhile(
    ask, push, machine, store
):
    days, per_day = 100, 20
    lines = [
        a_line(NIP, 40 + day, f"{7 + scan // 2:02}:{scan % 2 * 30:02}:07", key=scan % 2)
        for day in range(days)
        for scan in range(per_day)
    ]
    tap = {
        "direction": "in",
        "position": {"lat": HALL[0], "lon": HALL[1], "accuracy_m": 10},
    }

    async def upload():
        parts = [lines[start : start + 250] for start in range(0, len(lines), 250)]
        for part in parts:
            assert (await push(*part)).text == f"OK: {len(part)}"
            assert (await push(*part[:50])).text == "OK: 50"  # the machine repeats itself

    async def check_in():
        statuses = []
        for _ in range(10):
            statuses.append(
                (await ask("POST", "/check-ins", "kepala.dinkes", json=tap)).status_code
            )
            await asyncio.sleep(0.05)
        return statuses

    _, statuses = await asyncio.gather(upload(), check_in())

    async def counted():
        marks = await store.collection("device_line_marks").count_documents({})
        found = await store.collection("days").find({"employee": "ani"})
        scans = [
            punch["id"] for day in found for punch in day["punches"] if punch["device"] == machine
        ]
        return scans if not marks and len(scans) >= len(lines) else None

    scans = await eventually(counted, within_s=90)
    assert len(scans) == len(set(scans)) == len(lines)
    assert set(statuses) <= {201, 409}  # arrived, or arrived already
    assert await store.collection("device_lines").count_documents({"serial": machine}) == len(lines)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "", {"admin", "auditor", "operator", "loader"}),
        ("GET", "/lines", {"admin", "auditor"}),
        ("GET", "/pins", {"admin", "auditor"}),
        ("GET", "/operations", {"admin", "auditor"}),
        ("GET", "/commands", {"admin", "auditor", "operator", "loader"}),
        ("PATCH", "", {"admin"}),
        ("DELETE", "/pins/1", {"admin"}),
    ],
)
async def test_machines_are_for_those_who_look_after_them(ask, machine, method, path, allowed):
    more = {"json": {}, "headers": {"If-Match": '"999"'}} if method == "PATCH" else {}
    for by in ("admin", "auditor", "operator", "loader", "ani", "kepala.bkpsdm", "jabar"):
        answer = await ask(method, f"/devices/{machine}{path}", by, **more)
        assert (answer.status_code != 403) is (by in allowed), (by, answer.text)
