"""The real attendance service behind the real gateway; the directory is played by events."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.directory import (
    AgencyChanged,
    Assignment,
    Circle,
    EmployeeChanged,
    OfficeChanged,
    OfficeVersion,
)
from kit.clock import now
from services.attendance.app import build
from services.attendance.settings import Settings
from tests.processes import an_actor, announce, gateway_for, running_service
from tests.waiting import eventually

START = date(2026, 1, 1)
RECORDED = datetime(2026, 1, 1, tzinfo=UTC)
HALL = (-7.569192, 110.829658)
JEBRES = (-7.555419, 110.854978)
PARK = (-7.5500, 110.8000)
PEOPLE = {
    "ani": ("BKPSDM", "kepala.bkpsdm"),
    "budi": ("BKPSDM", "kepala.bkpsdm"),
    "cici": ("DINKES", "kepala.dinkes"),
    "dedi": ("DINKES", "kepala.dinkes"),
    "eka": ("DINKES", "kepala.dinkes"),
    "fitri": ("DINKES", "kepala.dinkes"),
    "gita": ("DINKES", "kepala.dinkes"),
    "hadi": ("DINKES", "kepala.dinkes"),
    "indah": ("DINKES", "kepala.dinkes"),
    "dewi": ("BKPSDM", "kepala.bkpsdm"),
    "kepala.bkpsdm": ("BKPSDM", None),
    "kepala.dinkes": ("DINKES", None),
    "wali": ("PEMKOT", None),
}
HEADS = {"kepala.bkpsdm", "kepala.dinkes", "wali"}
ACTORS = {
    name: an_actor(
        name,
        ("employee", agency),
        *([("head", agency)] if name in HEADS else []),
        employee=name.replace(".", "-"),
    )
    for name, (agency, _) in PEOPLE.items()
} | {
    "admin": an_actor("admin", ("admin", "*")),
    "auditor": an_actor("auditor", ("auditor", "*")),
    "loader": an_actor("loader", ("loader", "*")),
    "operator": an_actor("operator", ("operator", "*")),
    "jabar": an_actor("jabar", ("subscriber", "*")),
    "kiosk.balaikota": an_actor("kiosk.balaikota", ("kiosk", "BALAIKOTA")),
    "kiosk.jebres": an_actor("kiosk.jebres", ("kiosk", "JEBRES")),
}


def an_agency(code, parent="PEMKOT"):
    return AgencyChanged(
        code=code, name=code, kind="dinas", parent=parent, time_zone="Asia/Jakarta"
    )


def an_office(code, at, radius_m=150, *, name=None, polygon=None):
    version = OfficeVersion(
        name=name or code,
        circle=None if polygon else Circle(lat=at[0], lon=at[1], radius_m=radius_m),
        polygon=polygon,
        capacity=40,
        effective_from=START,
        recorded_at=RECORDED,
    )
    return OfficeChanged(code=code, name=code, capacity=40, versions=(version,))


def a_ring(at, half_m):
    """A closed square ring around a place, as GeoJSON writes it."""
    step = half_m / 111_195
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return [[at[1] + east * step, at[0] + north * step] for east, north in corners]


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
def settings(servers):
    return Settings(
        rabbitmq_url=servers.rabbitmq_url,
        mongodb_url=servers.mongodb_url,
        mongodb_database=servers.database("attendance"),
        mongodb_durability=servers.mongodb_durability,
        rules_settle_s=3,
    )


@pytest.fixture(scope="session")
async def store(servers, settings):
    async with running_service(servers, "attendance", settings, build) as opened:
        yield opened


@pytest.fixture(scope="session")
async def city(servers, store):
    agencies = [an_agency("PEMKOT", None), an_agency("BKPSDM"), an_agency("DINKES")]
    park = {"type": "Polygon", "coordinates": [a_ring(PARK, 200), a_ring(PARK, 100)]}
    offices = [
        an_office("BALAIKOTA", HALL, name="Balai Kota"),
        an_office("JEBRES", JEBRES, 100),
        an_office("TAMAN", PARK, polygon=park),
    ]
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
    await know(store)


async def know(store):
    """Have the service read at once what it reads again every two seconds."""
    for refresh in store.kept_fresh:
        await refresh()


@pytest.fixture(scope="session")
async def ask(servers, city):
    async with gateway_for(servers, ACTORS) as caller:
        yield caller


def days_ago(days, clock="07:10:00"):
    """A past date in the city, and a moment of it."""
    on = (now() + timedelta(hours=7)).date() - timedelta(days=days)
    return on, f"{on}T{clock}+07:00"


@pytest.fixture
def load(ask):
    """Import punches of one person on a past day: ``await load("ani", 3, ("in", "07:10:00"))``."""

    async def load_punches(person, days, *punches, office="BALAIKOTA"):
        items = [
            {
                "employee_id": person,
                "direction": way,
                "at": days_ago(days, clock)[1],
                "office": office,
            }
            for way, clock in punches
        ]
        answer = await ask("POST", "/imports/punches", "loader", json={"items": items})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return load_punches


@pytest.fixture
def day_of(ask):
    """A day once it is something: ``await day_of("budi", on, "leave")``."""

    async def day(employee, on, status):
        async def found():
            answer = await ask("GET", f"/employees/{employee}/days/{on}", "auditor")
            told = answer.json()
            return told if answer.status_code == 200 and told["status"] == status else None

        return await eventually(found, within_s=20)

    return day


@pytest.fixture
def events(store):
    """The newest events of a day that its document still holds: ``await events(day_id)``."""

    async def told(day):
        document = await store.collection("days").find_one({"_id": day})
        entries = document["outbox"] if document else []
        return [json.loads(entry["event"])["data"] for entry in entries]

    return told
