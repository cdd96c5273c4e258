"""The real attendance service behind the real gateway; the directory is played by events."""

from datetime import UTC, date, datetime

import pytest

from contracts.directory import (
    AgencyChanged,
    Assignment,
    Circle,
    EmployeeChanged,
    OfficeChanged,
    OfficeVersion,
)
from services.attendance.app import build
from services.attendance.settings import Settings
from tests.processes import an_actor, announce, gateway_for, running_service
from tests.waiting import eventually

START = date(2026, 1, 1)
RECORDED = datetime(2026, 1, 1, tzinfo=UTC)
HALL = (-7.569192, 110.829658)
JEBRES = (-7.555419, 110.854978)
PEOPLE = {
    "ani": ("BKPSDM", "kepala.bkpsdm"),
    "budi": ("BKPSDM", "kepala.bkpsdm"),
    "cici": ("DINKES", "kepala.dinkes"),
    "kepala.bkpsdm": ("BKPSDM", None),
    "kepala.dinkes": ("DINKES", None),
}
ACTORS = {
    name: an_actor(
        name,
        ("employee", agency),
        *([("head", agency)] if name.startswith("kepala") else []),
        employee=name.replace(".", "-"),
    )
    for name, (agency, _) in PEOPLE.items()
} | {
    "admin": an_actor("admin", ("admin", "*")),
    "auditor": an_actor("auditor", ("auditor", "*")),
    "loader": an_actor("loader", ("loader", "*")),
    "jabar": an_actor("jabar", ("subscriber", "*")),
}


def an_agency(code, parent="PEMKOT"):
    return AgencyChanged(
        code=code, name=code, kind="dinas", parent=parent, time_zone="Asia/Jakarta"
    )


def an_office(code, at, radius_m=150):
    version = OfficeVersion(
        name=code,
        circle=Circle(lat=at[0], lon=at[1], radius_m=radius_m),
        capacity=40,
        effective_from=START,
        recorded_at=RECORDED,
    )
    return OfficeChanged(code=code, name=code, capacity=40, versions=(version,))


def a_person(name):
    agency, supervisor = PEOPLE[name]
    assignment = Assignment(
        id=f"{name}-1".replace(".", "-"),
        agency=agency,
        position="Analis",
        supervisor=supervisor.replace(".", "-") if supervisor else None,
        from_=START,
        recorded_at=RECORDED,
    )
    return EmployeeChanged(
        employee=name.replace(".", "-"),
        name=name.title(),
        nip="199001012020011001" if name == "ani" else None,
        employment="pns",
        assignments=(assignment,),
    )


@pytest.fixture(scope="session")
def servers(servers_for):
    """Servers that no other part's services listen on."""
    return servers_for("attendance")


@pytest.fixture(scope="session")
async def store(servers):
    settings = Settings(
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database("attendance"),
        mongodb_durability=servers.mongodb_durability,
    )
    async with running_service(servers, "attendance", settings, build) as opened:
        yield opened


@pytest.fixture(scope="session")
async def city(servers, store):
    agencies = [an_agency("PEMKOT", None), an_agency("BKPSDM"), an_agency("DINKES")]
    offices = [an_office("BALAIKOTA", HALL), an_office("JEBRES", JEBRES, 100)]
    people = [a_person(name) for name in PEOPLE]
    await announce(
        servers,
        *((one.code, 1, one) for one in [*agencies, *offices]),
        *((one.employee, 1, one) for one in people),
    )

    async def copied():
        counts = [
            await store.collection(name).count_documents({})
            for name in ("agencies", "offices", "people")
        ]
        return counts == [len(agencies), len(offices), len(people)]

    await eventually(copied, within_s=20)


@pytest.fixture(scope="session")
async def ask(servers, city):
    async with gateway_for(servers, ACTORS) as caller:
        yield caller
