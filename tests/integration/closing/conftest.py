"""Attendance and scores behind the real gateway: what closing a month goes through."""

import contextlib
from datetime import UTC, date, datetime

import pytest

from contracts.directory import (
    AgencyChanged,
    Assignment,
    Circle,
    EmployeeChanged,
    OfficeChanged,
    OfficeVersion,
    Stage,
)
from services.attendance.app import build as attendance
from services.attendance.periods import work
from services.attendance.settings import Settings as AttendanceSettings
from services.kpi.app import build as kpi
from services.kpi.settings import Settings as KpiSettings
from tests.processes import an_actor, announce, gateway_for, running_service
from tests.waiting import eventually

START = date(2026, 1, 1)
RECORDED = datetime(2026, 1, 1, tzinfo=UTC)
ACTORS = {
    "admin": an_actor("admin", ("admin", "*")),
    "auditor": an_actor("auditor", ("auditor", "*")),
    "loader": an_actor("loader", ("loader", "*")),
    "kepala.dlh": an_actor("kepala.dlh", ("employee", "DLH"), ("head", "DLH"), employee="kepala"),
    "intan": an_actor("intan", ("employee", "DLH"), employee="intan"),
}
PEOPLE = ("kepala", "intan", "joko")


def a_person(name):
    post = Assignment(
        id=f"{name}-1",
        agency="DLH",
        position="Analis",
        supervisor=None if name == "kepala" else "kepala",
        from_=START,
        recorded_at=RECORDED,
    )
    return EmployeeChanged(employee=name, name=name.title(), employment="pns", assignments=(post,))


@pytest.fixture(scope="session")
def servers(servers_for):
    """Servers that no other part's services listen on."""
    return servers_for("closing")


@pytest.fixture(scope="session")
async def stores(servers):
    """Both services at work; their stores."""
    given = {
        "rabbitmq_url": servers.rabbitmq_url,
        "mongodb_url": servers.mongodb_url,
        "mongodb_durability": servers.mongodb_durability,
    }
    patch = pytest.MonkeyPatch()
    patch.setattr(work, "_UNTIL_ALL_KNOW_S", 0.2)  # one process each: it knows at once
    parts = (
        ("attendance", AttendanceSettings, attendance),
        ("kpi", KpiSettings, kpi),
    )
    async with contextlib.AsyncExitStack() as stack:
        opened = {}
        for name, settings, build in parts:
            made = settings(**given, mongodb_database=servers.database(name))
            running = running_service(servers, name, made, build)
            opened[name] = await stack.enter_async_context(running)
        yield opened
    patch.undo()


@pytest.fixture(scope="session")
async def ask(servers, stores):
    """The agency and its people are known; call the gateway as somebody."""
    stages = (Stage(stage="active", from_=START),)
    agencies = [
        AgencyChanged(code=code, name=code, kind="dinas", parent=parent, time_zone="Asia/Jakarta",
                      stages=stages)
        for code, parent in (("PEMKOT", None), ("DLH", "PEMKOT"))
    ]  # fmt: skip
    office = OfficeVersion(
        name="Balai Kota",
        circle=Circle(lat=-7.569192, lon=110.829658, radius_m=150),
        effective_from=START,
        recorded_at=RECORDED,
    )
    hall = OfficeChanged(code="BALAIKOTA", name="Balai Kota", versions=(office,))
    people = [a_person(name) for name in PEOPLE]
    await announce(
        servers,
        *((one.code, 1, one) for one in [*agencies, hall]),
        *((one.employee, 1, one) for one in people),
    )

    async def copied():
        counts = [
            await store.collection(name).count_documents({})
            for store in stores.values()
            for name in ("agencies", "people")
        ]
        return counts == [2, 3, 2, 3]

    await eventually(copied, within_s=20)
    for store in stores.values():
        for refresh in store.kept_fresh:
            await refresh()
    async with gateway_for(servers, ACTORS) as caller:
        yield caller
