"""A small city, its people, and help requests in any state, with readable defaults."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from contracts.directory import AgencyChanged, Assignment, EmployeeChanged
from contracts.envelope import Actor, AgencyCode, EmployeeId, Grant
from contracts.help_requests import HelpWanted
from contracts.help_terms import HelpState
from rules.presets import city_schedule
from services.tasks.acceptance_rules.model import AcceptanceRule
from services.tasks.help_requests import decisions
from services.tasks.help_requests.asking import Asker, new_request
from services.tasks.help_requests.model import Deed, HelpRequest
from services.tasks.own_copies.model import City, People
from services.tasks.uploads.model import Attachment

SCHEDULE = city_schedule()
TUESDAY = datetime(2026, 11, 24, 1, 20, tzinfo=UTC)  # 08:20 in Surakarta, a working day

PARENTS = {
    "PEMKOT": None,
    "ASKER": "PEMKOT",
    "SETDA": "PEMKOT",
    "HELPER": "SETDA",
    "HELPER-UNIT": "HELPER",
    "SECOND": "SETDA",
    "OTHER": "PEMKOT",
}
CITY = City.of(
    {
        code: AgencyChanged(
            code=AgencyCode(code),
            name=f"Dinas {code}",
            kind="dinas",
            parent=AgencyCode(parent) if parent else None,
            time_zone="Asia/Jakarta",
        )
        for code, parent in PARENTS.items()
    }
)


def a_person(name, agency, *, from_=date(2026, 1, 1), until=None, active=True):
    post = Assignment(
        id=f"{name}-1",
        agency=agency,
        position="Pranata Komputer",
        from_=from_,
        until=until,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return EmployeeChanged(
        employee=EmployeeId(name),
        name=name.title(),
        employment="pns",
        active=active,
        assignments=(post,),
    )


PEOPLE = People(
    {
        person.employee: person
        for person in (
            a_person("ani", "HELPER"),
            a_person("budi", "HELPER-UNIT"),
            a_person("citra", "SECOND"),
            a_person("dewi", "ASKER"),
            a_person("eko", "OTHER"),
            a_person("moved", "HELPER", until=date(2026, 11, 23)),
            a_person("gone", "HELPER", active=False),
        )
    }
)


A_FILE = Attachment("file-1", "daftar.pdf", "application/pdf", 48_213, "0" * 64, TUESDAY, "dewi")


def an_actor(*grants, employee=None):
    granted = tuple(Grant(role=role, scope=scope) for role, scope in grants)
    return Actor(account="somebody", employee=employee, grants=granted)


def wanted(to=("HELPER",), **other):
    said = {
        "to": to,
        "title": "Dua orang untuk pendataan",
        "description": "Memindahkan data pegawai.",
        "people": 2,
        "due": TUESDAY + timedelta(days=3),
        **other,
    }
    return HelpWanted.model_validate(said)


def a_deed(side="receiving", agency="HELPER", *, at=TUESDAY, by=None):
    return Deed(at, side, AgencyCode(agency) if agency else None, SCHEDULE, by, "somebody")


def a_request(to=("HELPER",), *, at=TUESDAY, by="dewi", **other) -> HelpRequest:
    asker = Asker(AgencyCode("ASKER"), at, EmployeeId(by) if by else None)
    fresh = new_request("request-1", "SBT/2026/000001", wanted(to, **other), asker, CITY)
    return decisions.ask_for_help(fresh, a_deed("asking", "ASKER", at=at)).state


def a_rule(agency="HELPER", *, number=1, from_=date(2026, 1, 1), people_over=None, days_over=None):
    return AcceptanceRule(
        number=number,
        id=f"{agency}-ar{number}",
        agency=AgencyCode(agency),
        effective_from=from_,
        recorded_at=datetime(2026, 1, number, tzinfo=UTC),
        decree=None,
        people_over=people_over,
        days_over=days_over,
    )


def minutes(count):
    return timedelta(minutes=count)


def in_state(state: HelpState, to=("HELPER",), **other) -> HelpRequest:
    """A request led to a state by the shortest way, one minute per step."""
    request = a_request(to, **other)
    helper = a_deed(at=TUESDAY + minutes(1))
    asker = a_deed("asking", "ASKER", at=TUESDAY + minutes(1))
    if state == "clarifying":
        return decisions.ask(request, helper, "Apa?").state
    if state == "declined":
        for agency in to if to != "anyone" else ():
            request = decisions.decline(request, replace(helper, agency=agency), "Penuh").state
    if state == "withdrawn":
        return decisions.withdraw(request, asker, "Sudah selesai").state
    if state == "expired":
        return decisions.expire(request, a_deed("timer", None, at=request.due)).state
    steps = ("accepted", "in_progress", "delivered", "confirmed")
    return _helped(request, steps.index(state) + 1 if state in steps else 0)


def _helped(request: HelpRequest, steps: int) -> HelpRequest:
    ways = (
        lambda r, at: decisions.accept(r, a_deed(at=at), ["ani"]),
        lambda r, at: decisions.start(r, a_deed(at=at)),
        lambda r, at: decisions.deliver(r, a_deed(at=at), "Selesai"),
        lambda r, at: decisions.confirm(r, a_deed("asking", "ASKER", at=at), 5),
    )
    for place, way in enumerate(ways[:steps], start=1):
        request = way(request, TUESDAY + minutes(place)).state
    return request
