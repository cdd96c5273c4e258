"""Agencies, offices and people over the real gateway, broker and database."""

import json

import aio_pika

from kit.messaging.topology import EVENTS
from services.directory.employees.store import id_of_key
from tests.waiting import eventually

CIRCLE = {"circle": {"lat": -7.569192, "lon": 110.829658, "radius_m": 150}}


async def test_an_agency_is_created_freely_and_changed_only_by_who_saw_it(ask, city):
    body = {"name": "Dinas Baru", "kind": "dinas", "parent": "PEMKOT"}
    made = await ask("PUT", "/v1/agencies/NEW", json=body, headers={"If-None-Match": "*"})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert made.json()["actions"] == ["change"]
    changed = body | {"name": "Dinas Lama"}
    for headers, status, code in (
        ({}, 428, "version_required"),
        ({"If-Match": '"7"'}, 412, "version_conflict"),
        ({"If-None-Match": "*"}, 412, "version_conflict"),
    ):
        answer = await ask("PUT", "/v1/agencies/NEW", json=changed, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    answer = await ask("PUT", "/v1/agencies/NEW", json=changed, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    seen = await ask("GET", "/v1/agencies/NEW", by="jabar")
    assert (seen.json()["name"], seen.json()["actions"]) == ("Dinas Lama", [])


async def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(ask, city):
    body = {"name": "Sekali", "kind": "dinas", "parent": "PEMKOT"}
    key = {"Idempotency-Key": "once"}
    first = await ask("PUT", "/v1/agencies/ONCE", json=body, headers=key)
    again = await ask("PUT", "/v1/agencies/ONCE", json=body, headers=key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    other = await ask("PUT", "/v1/agencies/ONCE", json=body | {"kind": "badan"}, headers=key)
    assert other.json()["code"] == "idempotency_key_reused"


async def test_agencies_are_listed_with_those_below_and_page_by_page(ask, city):
    below = await ask("GET", "/v1/agencies?agency=DINKES")
    assert [each["code"] for each in below.json()["items"]] == ["DINKES", "PKM"]
    exact = await ask("GET", "/v1/agencies?agency=DINKES&exact=true")
    assert [each["code"] for each in exact.json()["items"]] == ["DINKES"]
    seen, cursor = [], ""
    while cursor is not None:
        page = (await ask("GET", f"/v1/agencies?limit=2{cursor}")).json()
        seen += [each["code"] for each in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert seen == sorted(set(seen))
    assert {"PEMKOT", "DINKES", "PKM", "BKPSDM"} <= set(seen)
    bad = await ask("GET", "/v1/agencies?sort=kind")
    assert (bad.status_code, bad.json()["code"]) == (422, "validation_failed")


async def test_unknown_parents_and_circles_are_refused(ask, city):
    body = {"name": "X", "kind": "dinas", "parent": "NOWHERE"}
    answer = await ask("PUT", "/v1/agencies/LOST", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/parent")
    answer = await ask(
        "PUT", "/v1/agencies/DINKES", json=body | {"parent": "PKM"}, headers={"If-Match": '"1"'}
    )
    assert answer.json()["errors"][0]["pointer"] == "/parent"


async def test_an_office_keeps_every_dated_version_and_outsiders_see_no_boundary(ask, city):
    body = {"name": "Balai Kota", "boundary": CIRCLE, "used_by": ["BKPSDM"], "from": "2026-01-01"}
    assert (await ask("PUT", "/v1/offices/HALL", json=body)).status_code == 201
    moved = body | {"from": "2026-06-01", "capacity": 10}
    answer = await ask("PUT", "/v1/offices/HALL", json=moved, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    then = (await ask("GET", "/v1/offices/HALL?on=2026-05-31", by="pegawai.pkm")).json()
    assert (then["capacity"], then["boundary"]["circle"]["radius_m"]) == (None, 150)
    assert [each["from"] for each in then["versions"]] == ["2026-01-01", "2026-06-01"]
    outside = (await ask("GET", "/v1/offices/HALL", by="jabar")).json()
    assert outside["boundary"] is None
    assert "110.8" not in str(outside)
    listed = (await ask("GET", "/v1/offices?used_by=PEMKOT")).json()["items"]
    assert "HALL" in [each["code"] for each in listed]


async def test_a_polygon_that_crosses_itself_is_refused(ask, city):
    ring = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    boundary = {"polygon": {"type": "Polygon", "coordinates": [ring]}}
    body = {"name": "X", "boundary": boundary, "from": "2026-01-01"}
    answer = await ask("PUT", "/v1/offices/BOW", json=body)
    assert answer.json()["errors"][0]["pointer"] == "/boundary/polygon"


async def test_everybody_inside_finds_people_but_only_some_see_records(ask, city):
    id_ = id_of_key("P-1")
    brief = {"id": id_, "name": "Wahyu Staf", "position": "Staf", "agency": "PKM"}
    assert (await ask("GET", f"/v1/employees/{id_}", by="pegawai.bkpsdm")).json() == brief
    for by in ("admin", "auditor", "kepala.dinkes", "pegawai.pkm"):
        record = (await ask("GET", f"/v1/employees/{id_}", by=by)).json()
        assert record["nip"] == "3" * 18, by
        assert record["supervisor"]["name"] == "Sri Kepala"
    supervised = (await ask("GET", f"/v1/employees/{id_of_key('P-2')}", by="pegawai.pkm")).json()
    assert supervised["employment"] == "non_asn"
    for by in ("jabar", "operator"):
        assert (await ask("GET", f"/v1/employees/{id_}", by=by)).status_code == 404
        assert (await ask("GET", "/v1/employees", by=by)).status_code == 403
    assert (await ask("GET", "/v1/employees/unknown")).status_code == 404
    me = await ask("GET", "/v1/employees/me", by="pegawai.pkm")
    assert me.json()["id"] == id_


async def test_people_are_found_by_words_agency_and_id(ask, city):
    async def names(query, by="admin"):
        found = (await ask("GET", f"/v1/employees?{query}", by=by)).json()["items"]
        return [each["name"] for each in found]

    assert await names("q=wah") == ["Wahyu Staf"]
    assert await names("q=STA wah") == ["Wahyu Staf"]
    assert await names("agency=DINKES") == ["Ayu Staf", "Sri Kepala", "Wahyu Staf"]
    assert await names("agency=DINKES&exact=true") == ["Sri Kepala"]
    assert await names(f"id={id_of_key('P-1')}&id={id_of_key('K-2')}&sort=-name") == [
        "Wahyu Staf", "Budi Kepala",
    ]  # fmt: skip
    assert await names("id=me", by="pegawai.pkm") == ["Wahyu Staf"]
    page = (await ask("GET", "/v1/employees?limit=2&agency=PEMKOT")).json()
    more = await ask("GET", f"/v1/employees?limit=2&cursor={page['next_cursor']}&agency=PEMKOT")
    assert not {each["id"] for each in page["items"]} & {e["id"] for e in more.json()["items"]}


async def test_a_transfer_shows_from_its_day_on(ask, city):
    body = {
        "name": "Pindah Tengah Bulan",
        "employment": "pns",
        "assignments": [{"agency": "PKM", "position": "Staf", "from": "2020-01-01"}],
    }
    made = await ask("POST", "/v1/employees", json=body)
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    post = {"agency": "BKPSDM", "position": "Analis", "from": "2026-11-16", "decree": "800/1"}
    answer = await ask("POST", f"{path}/assignments", json=post)
    assert answer.status_code == 201, answer.text
    before = (await ask("GET", f"{path}?on=2026-11-15")).json()
    after = (await ask("GET", f"{path}?on=2026-11-16")).json()
    assert (before["agency"], after["agency"], after["position"]) == ("PKM", "BKPSDM", "Analis")
    assert before["assignments"][0]["until"] == "2026-11-15"
    clash = await ask(
        "POST", f"{path}/assignments", json=post | {"from": "2020-06-01", "until": "2020-07-01"}
    )
    assert (clash.status_code, clash.json()["code"]) == (422, "overlaps")


async def test_a_record_is_corrected_by_who_saw_it_and_a_number_belongs_to_one(ask, city):
    path = f"/v1/employees/{id_of_key('P-3')}"
    etag = (await ask("GET", path)).headers["ETag"]
    assert (await ask("PATCH", path, json={"employment": "pns"})).status_code == 428
    headers = {"If-Match": etag}
    taken = await ask("PATCH", path, json={"nip": "1" * 18}, headers=headers)
    assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (422, "/nip")
    both = {"nip": "9" * 18, "email": "dewi@example.go.id"}
    given = await ask("PATCH", path, json=both, headers=headers)
    assert {name: given.json()[name] for name in both} == both
    removed = await ask(
        "PATCH", path, json={"nip": None}, headers={"If-Match": given.headers["ETag"]}
    )
    assert (removed.json()["nip"], removed.json()["email"]) == (None, both["email"])
    forbidden = await ask("PATCH", path, json={}, by="pegawai.pkm", headers=headers)
    assert forbidden.status_code == 403
    unseen = await ask("PATCH", path, json={}, by="jabar", headers=headers)
    assert unseen.status_code == 404


async def test_the_same_file_again_changes_nothing(ask, city, directory):
    content = "\n".join(city[:4]).encode()
    before = {each.id: each.version for each in await directory.employees.find({})}
    answer = await ask(
        "POST", "/v1/imports/employees", content=content, headers={"Content-Type": "text/csv"}
    )
    assert answer.json() == {"dry_run": False, "accepted": 3, "unchanged": 3, "rejected": []}
    assert {each.id: each.version for each in await directory.employees.find({})} == before


async def test_a_dry_run_lists_every_bad_row_and_writes_nothing(ask, city, directory):
    lines = [
        city[0],
        "N-1,,Baru Sekali,pns,PKM,Staf,K-1,2026-01-01,baru,",
        "N-2,12,Salah Nomor,pns,GONE,Staf,K-9,2026-01-01,salah,",
        "N-3,,Salah Dinas,pns,GONE,Staf,K-9,2026-01-01,,",
    ]
    files = {"file": ("people.csv", "\n".join(lines).encode(), "text/csv")}
    people = await directory.employees.count({})
    imports = await directory.imports.count({})
    answer = await ask("POST", "/v1/imports/employees?dry_run=true", files=files)
    found = answer.json()
    assert (found["accepted"], found["dry_run"]) == (1, True)
    assert [(each["row"], each["column"]) for each in found["rejected"]] == [
        (3, "nip"), (4, "agency"),
    ]  # fmt: skip
    assert await directory.employees.count({}) == people
    assert await directory.imports.count({}) == imports
    assert await directory.accounts.get("baru") is None


async def test_imports_refuse_strangers_other_types_and_big_files(ask, city):
    csv = {"Content-Type": "text/csv"}
    path = "/v1/imports/employees"
    assert (
        await ask("POST", path, content=b"x", headers=csv, by="kepala.dinkes")
    ).status_code == 403
    plain = await ask("POST", path, content=b"x", headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415
    big = await ask("POST", path, content=b"x" * (2 * 1024 * 1024 + 1), headers=csv)
    assert (big.status_code, big.json()["code"]) == (413, "body_too_large")
    broken = await ask("POST", path, content=b"\xff\xfe", headers=csv)
    assert (broken.status_code, broken.json()["code"]) == (400, "malformed")


async def test_every_change_is_an_event_with_the_whole_state(ask, city, servers):
    connection = await aio_pika.connect(servers.rabbitmq_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(EVENTS, routing_key="directory.#")
        path = f"/v1/employees/{id_of_key('P-2')}/assignments"
        post = {"agency": "DINKES", "position": "Plt.", "kind": "plt", "main": False,
                "from": "2026-10-01"}  # fmt: skip
        answer = await ask("POST", path, json=post)
        message, event = await eventually(lambda: event_about(id_of_key("P-2"), queue))
    assert message.routing_key == event["type"] == "directory.employee.changed.v1"
    assert (event["subject"], event["actor"]) == (id_of_key("P-2"), "admin")
    assert answer.headers["X-Written"] == f"{event['subject']}@{event['sequence']}"
    assert [each["agency"] for each in event["data"]["assignments"]] == ["PKM", "DINKES"]
    assert event["data"]["assignments"][1]["from"] == "2026-10-01"


async def event_about(subject, queue):
    """The next event about one subject; what was published late about others is passed over."""
    while message := await queue.get(fail=False, no_ack=True):
        event = json.loads(message.body)
        if event["subject"] == subject:
            return message, event
    return None


async def test_nothing_stays_in_an_outbox(ask, city, store):
    notes = store.collection("outbox")
    await eventually(lambda: _none(notes))


async def _none(collection):
    return not await collection.find({})
