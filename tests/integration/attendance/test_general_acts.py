"""General acts: one decision changes the days of many, also of those made later, and is undone."""

import pytest

from tests.integration.attendance.conftest import HALL, an_office, know
from tests.integration.attendance.test_corrections import working_days_ago
from tests.processes import announce
from tests.waiting import eventually


@pytest.fixture
def proposed(ask):
    """Propose an act: ``await proposed("kepala.dinkes", scope, on, "07:00:00", "09:00:00")``."""

    async def propose(by, scope, on, *hours, effect="excuse_lateness"):
        body = {"effect": effect, "scope": scope, "reason": "Listrik padam."}
        first, last = [f"{on}T{clock}+07:00" for clock in hours] or [str(on), str(on)]
        answer = await ask("POST", "/general-acts", by, json=body | {"from": first, "to": last})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return propose


async def test_an_act_excuses_all_it_concerns_and_is_undone_as_one(ask, proposed, load, day_of):
    on, back = working_days_ago(22)
    for person in ("ani", "dewi", "cici"):
        (item,) = await load(person, back, ("in", "08:40:00"))
        assert item["status"] == "accepted", item["problem"]
        await load(person, back, ("out", "16:45:00"))
    act = await proposed("kepala.bkpsdm", {"agencies": ["BKPSDM"]}, on, "07:00:00", "09:00:00")
    assert (act["state"], act["actions"]) == ("pending", ["revoke"])

    async def decide(verb, by, note=""):
        path = f"/general-acts/{act['id']}/{verb}"
        answer = await ask("POST", path, by, json={"note": note})
        return answer.status_code, answer.json().get("code")

    assert await decide("approve", "kepala.bkpsdm") == (403, "forbidden")  # one of them
    assert await decide("approve", "kepala.dinkes") == (403, "forbidden")
    assert await decide("approve", "wali") == (200, None)

    for person in ("ani", "dewi"):
        day = await day_of(person, on, "present")
        assert act["id"] in day["explanation"][-1]["facts"]
        assert day["absences"][0]["effect"] == "excuse_lateness"
    assert (await day_of("cici", on, "late"))["absences"] == []

    # a day that begins only now has it too
    await load("kepala-bkpsdm", back, ("in", "08:50:00"), ("out", "16:45:00"))
    assert (await day_of("kepala-bkpsdm", on, "present"))["absences"][0]["id"] == act["id"]

    assert await decide("revoke", "wali") == (422, "reason_required")
    assert await decide("revoke", "wali", "Keliru.") == (200, None)
    for person in ("ani", "dewi", "kepala-bkpsdm"):
        assert (await day_of(person, on, "late"))["absences"] == []
    assert await decide("revoke", "wali", "Lagi.") == (409, "wrong_state")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scope": {}}, "/scope"),
        ({"scope": {"city": True, "agencies": ["BKPSDM"]}}, "/scope"),
        ({"scope": {"agencies": ["TIDAKADA"]}}, "/scope/agencies"),
        ({"scope": {"offices": ["TIDAKADA"]}}, "/scope/offices"),
        ({"to": "2026-01-01"}, "/to"),
        ({"to": "2029-01-01"}, "/to"),
        ({"to": "2027-01-04T09:00:00+07:00"}, "/to"),
        ({"effect": "holiday"}, "/effect"),
    ],
)
async def test_what_cannot_be_proposed_names_the_field(ask, body, pointer):
    whole = {
        "effect": "closed",
        "scope": {"agencies": ["BKPSDM"]},
        "from": "2027-01-04",
        "to": "2027-01-04",
        "reason": "Banjir.",
    }

    answer = await ask("POST", "/general-acts", "admin", json=whole | body)

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_who_leads_them_proposes_and_acts_wait_among_the_approvals(ask, proposed):
    on, _ = working_days_ago(29)
    body = {"effect": "duty", "from": str(on), "to": str(on), "reason": "Pemilu."}
    whole = await ask(
        "POST", "/general-acts", "kepala.bkpsdm", json=body | {"scope": {"city": True}}
    )
    other = await ask(
        "POST", "/general-acts", "kepala.bkpsdm", json=body | {"scope": {"employees": ["cici"]}}
    )
    act = await proposed("admin", {"employees": ["cici"]}, on, effect="duty")

    assert {whole.status_code, other.status_code} == {403}
    assert act["scope"]["employees"] == ["cici"]
    seen = (await ask("GET", f"/general-acts/{act['id']}", "ani")).json()
    assert (seen["scope"]["employees"], seen["scope"]["people"]) == (None, 1)
    waiting = await ask("GET", "/approvals?type=general_act&limit=200", "kepala.dinkes")
    assert act["id"] in [one["id"] for one in waiting.json()["items"]]
    decided = await ask(
        "POST",
        "/approvals/decide",
        "kepala.dinkes",
        json={"items": [{"id": act["id"], "version": 1, "decision": "approve", "note": ""}]},
    )
    assert decided.json()["items"][0]["result"]["state"] == "approved"


async def test_offices_and_machines_stand_for_the_agencies_that_use_them(
    ask, store, servers, proposed
):
    on, _ = working_days_ago(29)
    office = an_office("KANTORUJI", HALL)
    version = office.versions[0].model_copy(update={"used_by": ("BKPSDM",)})
    await announce(servers, ("KANTORUJI", 1, office.model_copy(update={"versions": (version,)})))

    async def known():
        await know(store)
        body = {"serial": "UJI1", "office": "KANTORUJI"}
        return (await ask("POST", "/devices", "admin", json=body)).status_code == 201

    await eventually(known, within_s=20)

    by_office = await proposed("kepala.bkpsdm", {"offices": ["KANTORUJI"]}, on)
    by_device = await proposed("admin", {"device": "UJI1"}, on)
    by_service = await proposed("admin", {"service": "attendance"}, on)

    assert by_office["concerned"] == by_device["concerned"] == ["BKPSDM"]
    assert (by_device["scope"]["device"], by_service["concerned"]) == ("UJI1", [])
