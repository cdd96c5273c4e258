"""A missing departure is asked for once, before the day closes; the day remembers it."""

from datetime import timedelta

from kit.clock import now
from tests.integration.attendance.conftest import an_agency
from tests.integration.attendance.people import a_post, announce_people
from tests.integration.attendance.test_policies import a_policy
from tests.waiting import eventually

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


async def test_who_forgot_to_leave_is_asked_once_after_the_end(servers, store, city, ask):
    await announce_people(
        servers, store, [an_agency("SATPOL")], [a_post("jarwo", "SATPOL", "Petugas")]
    )
    end = now() + timedelta(hours=7) - timedelta(minutes=3)  # on the city's wall clock
    start = end - timedelta(hours=1)
    hours = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    policy = a_policy(
        pattern="jaga",
        week=dict.fromkeys(WEEKDAYS, hours),
        effective_from=str(start.date() - timedelta(days=2)),
        reminds_after_minutes=0,
    )
    path = "/agencies/SATPOL/attendance-policies"
    assert (await ask("POST", path, "admin", json=policy)).status_code == 201
    arrival = {
        "employee_id": "jarwo",
        "direction": "in",
        "at": f"{start:%Y-%m-%dT%H:%M}:00+07:00",
        "office": "BALAIKOTA",
    }
    await ask("POST", "/imports/punches", "loader", json={"items": [arrival]})
    key = f"jarwo:{start.date()}"

    async def reminded():
        day = await store.collection("days").find_one({"_id": key})
        return day if day and day.get("reminded_at") else None

    day = await eventually(reminded, within_s=120, every_s=0.3)

    assert (day["remind_at"], day["closed"]) == (None, False)
    shown = (await ask("GET", f"/employees/jarwo/days/{start.date()}", "admin")).json()
    assert (shown["policy_version"], shown["last_out"]) == ("SATPOL-v1", None)
