"""Events with readable defaults."""

from contracts.attendance import AgencyDayCounted, DayChanged
from contracts.directory import AccountChanged, AgencyChanged
from contracts.envelope import Event, EventData, Grant
from kit.clock import now
from kit.ids import new_id


def an_event(data: EventData, *, subject: str = "a-subject", sequence: int = 1) -> Event:
    return Event(
        id=new_id(),
        source="attendance.days",
        type=data.type,
        subject=subject,
        time=now(),
        sequence=sequence,
        correlationid="asked-by-siti",
        causationid="a-command",
        agency=data.about_agency(),
        actor="pegawai.dinkes",
        data=data,
    )


def counts_of(agency: str = "DINKES", *, people: int = 10) -> Event:
    """An event that everybody may see."""
    return an_event(
        AgencyDayCounted(
            agency=agency, date="2026-11-24", people=people, counts={"present": people}
        ),
        subject=f"{agency}:2026-11-24",
    )


def a_persons_day(agency: str = "DINKES") -> Event:
    """An event that stays inside the city."""
    return an_event(
        DayChanged(
            employee="siti",
            agency=agency,
            date="2026-11-24",
            status="late",
            working_day=True,
            pattern="five-day",
            policy_version="1",
        ),
        subject="siti:2026-11-24",
    )


def an_agency(code: str, parent: str | None) -> Event:
    """The directory's word on where an agency stands."""
    return an_event(
        AgencyChanged(
            code=code, name=f"Agency {code}", kind="dinas", parent=parent, time_zone="Asia/Jakarta"
        ),
        subject=code,
    )


def an_account(account: str, *, active: bool) -> Event:
    """The directory's word on who may still come in."""
    grants = (Grant(role="subscriber"),)
    return an_event(AccountChanged(account=account, active=active, grants=grants), subject=account)
