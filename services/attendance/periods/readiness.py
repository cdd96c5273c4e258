"""What of an agency's month is still open, counted from what the features keep."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta

from contracts.outcome import Text
from contracts.periods import GetAttendanceReadiness, ReadinessCode, ReadinessItem
from kit.clock import now
from rules.assignments import main_on
from rules.working_time import zone
from services.attendance.absences import store as absences
from services.attendance.context import Attendance
from services.attendance.corrections.store import between
from services.attendance.device_lines.marks import CLOCK, DAY, PIN, parts
from services.attendance.devices.model import Device
from services.attendance.periods.model import days_of
from services.attendance.recomputations.handlers import KIND as RECOMPUTATION

_ASSERTING = ("pilot", "active")
_MOST_MARKS = 200

TEXTS: dict[ReadinessCode, Text] = {
    "not_over": Text("Bulan belum berakhir.", "The month is not over."),
    "open_days": Text(
        "Hari kerja yang belum ditutup.",
        "Days that are not closed.",
    ),
    "days_to_make": Text(
        "Tanggal yang hari pegawai tanpa presensinya belum dibuat.",
        "Dates on which the days of those who did not come have still to be made.",
    ),
    "lines_to_count": Text(
        "Baris mesin presensi yang belum dihitung.",
        "Lines of machines that are not counted yet.",
    ),
    "rules_to_follow": Text(
        "Perubahan aturan yang belum diikuti semua hari.",
        "Changes of rules that not every day follows yet.",
    ),
    "recomputations": Text(
        "Perhitungan ulang yang masih berjalan.",
        "Recomputations that are still running.",
    ),
    "held_check_ins": Text(
        "Presensi dinas luar yang menunggu atasan.",
        "Check-ins on duty that wait for the supervisor.",
    ),
    "pending_corrections": Text("Koreksi yang belum diputuskan.", "Corrections not decided."),
    "pending_objections": Text("Keberatan yang belum dijawab.", "Objections not answered."),
    "pending_absences": Text("Ketidakhadiran yang belum diputuskan.", "Absences not decided."),
    "pending_work_elsewhere": Text(
        "Kerja di luar kantor yang belum diputuskan.", "Work elsewhere not decided."
    ),
    "pending_general_acts": Text(
        "Keputusan umum yang belum diputuskan.", "General acts not decided."
    ),
    "pending_reviews": Text(
        "Temuan presensi yang belum ditinjau.", "Findings that nobody has reviewed."
    ),
    "silent_devices": Text(
        "Mesin presensi yang belum terdengar sejak bulan berakhir.",
        "Machines not heard of since the month ended.",
    ),
    "unmapped_pins": Text(
        "PIN mesin tanpa pemilik yang punya presensi pada bulan ini.",
        "PINs of machines without an owner that have lines in the month.",
    ),
}
"""What each item means; ``not_over`` has to be waited for, the others can be overridden."""


async def open_items(
    attendance: Attendance, asked: GetAttendanceReadiness, language: str
) -> list[ReadinessItem]:
    """Everything that is still open, with how many of it."""
    looks = _Looks(attendance, asked.agency, asked.period)
    return [
        ReadinessItem(
            code=code,
            count=count,
            text=TEXTS[code].en if language == "en" else TEXTS[code].id,
            overridable=code != "not_over",
        )
        async for code, count in looks.all()
        if count
    ]


class _Looks:
    """One look at each of the features."""

    def __init__(self, attendance: Attendance, agency: str, period: str) -> None:
        self._attendance = attendance
        self._agency = agency
        self._first, self._last = days_of(period)
        self._period = period

    async def all(self) -> AsyncIterator[tuple[ReadinessCode, int]]:
        """How many of each."""
        yield "not_over", int(await self._today() <= self._last)
        yield "open_days", await self._open_days()
        yield "days_to_make", await self._days_to_make()
        yield "rules_to_follow", await self._rules_to_follow()
        yield "recomputations", await self._recomputations()
        async for item in self._undecided():
            yield item
        devices = await self._devices()
        yield "lines_to_count", await self._lines_to_count(devices)
        yield "silent_devices", await self._silent(devices)
        yield "unmapped_pins", await self._unmapped(devices)

    @property
    def _dates(self) -> list[date]:
        return [self._first + timedelta(days=n) for n in range((self._last - self._first).days + 1)]

    async def _today(self) -> date:
        local = zone(await self._attendance.copies.zone_of(self._agency))
        return now().astimezone(local).date()

    async def _ended_at(self) -> datetime:
        local = zone(await self._attendance.copies.zone_of(self._agency))
        return datetime.combine(self._last + timedelta(days=1), time(), local)

    async def _open_days(self) -> int:
        count = self._attendance.days.count_open
        return sum([await count(self._agency, on) for on in self._dates])

    async def _days_to_make(self) -> int:
        watch = (await self._attendance.watches.all()).get(self._agency)
        if watch is None:
            return 0
        stage_of = self._attendance.copies.stage_of
        left = [on for on in self._dates if on >= watch.next]
        return sum([await stage_of(self._agency, on) in _ASSERTING for on in left])

    async def _rules_to_follow(self) -> int:
        tree = await self._attendance.copies.tree()
        waiting = await self._attendance.rejudgings.waiting()
        return sum(
            1
            for scope in waiting
            if scope.first <= self._last
            and (scope.last is None or scope.last >= self._first)
            and (scope.agency is None or self._agency in tree.below(scope.agency))
        )

    async def _recomputations(self) -> int:
        tree = await self._attendance.copies.tree()
        running = await self._attendance.jobs.active(_MOST_MARKS)
        return sum(
            1
            for job in running
            if job.state.kind == RECOMPUTATION
            and job.state.agency is not None
            and self._agency in tree.below(job.state.agency)
        )

    async def _undecided(self) -> AsyncIterator[tuple[ReadinessCode, int]]:
        here = self._attendance
        dated = between(self._first, self._last)
        touching = absences.between(self._first, self._last)
        yield (
            "held_check_ins",
            await here.held_check_ins.count_pending(self._agency, self._first, self._last),
        )
        yield "pending_corrections", await here.corrections.count_pending(self._agency, dated)
        yield "pending_objections", await here.objections.count_pending(self._agency, dated)
        yield "pending_absences", await here.absences.count_pending(self._agency, touching)
        yield "pending_work_elsewhere", await here.work_elsewhere.count_pending(self._agency, dated)
        yield "pending_general_acts", await self._general_acts()
        yield "pending_reviews", await here.reviews.count_open(self._agency, self._period)

    async def _general_acts(self) -> int:
        tree = await self._attendance.copies.tree()
        here = 0
        for act in await self._attendance.general_acts.all_pending():
            if any(self._first <= on <= self._last for on in act.days):
                led = any(self._agency in tree.below(code) for code in act.agencies)
                here += act.whole_city or led or await self._has_one_of(act.employees)
        return here

    async def _has_one_of(self, employees: tuple[str, ...]) -> bool:
        people = await self._attendance.copies.people.get_many(list(employees))
        mains = (main_on(one.assignments, self._last) for one in people.values())
        return any(main is not None and main.agency == self._agency for main in mains)

    async def _devices(self) -> list[Device]:
        """The machines in offices that the agency uses."""
        offices = (await self._attendance.copies.offices()).versions
        used = {
            code
            for code, versions in offices.items()
            if code == self._agency or any(self._agency in one.used_by for one in versions)
        }
        return await self._attendance.devices.in_offices(used)

    async def _silent(self, devices: list[Device]) -> int:
        ended = await self._ended_at()
        known = await self._attendance.contacts.of_many([device.serial for device in devices])
        seen = (known[one.serial].last_seen if one.serial in known else None for one in devices)
        return sum(1 for at in seen if at is None or at < ended)

    async def _unmapped(self, devices: list[Device]) -> int:
        first, end = str(self._first), str(self._last + timedelta(days=1))
        found = [
            pin
            for device in devices
            for pin in await self._attendance.lines.unmapped_pins(device.serial)
            if pin["first"] < end and pin["last"] >= first
        ]
        return len(found)

    async def _lines_to_count(self, devices: list[Device]) -> int:
        keys, _ = await self._attendance.lines.marks.take(_MOST_MARKS)
        serials = {device.serial for device in devices}
        days = [day for (day,) in parts(keys, DAY) if await self._is_ours(day)]
        machines = [serial for kind in (PIN, CLOCK) for serial, _ in parts(keys, kind)]
        return len(days) + sum(serial in serials for serial in machines)

    async def _is_ours(self, day: str) -> bool:
        employee, _, text = day.rpartition(":")
        on = date.fromisoformat(text)
        person = await self._attendance.copies.people.get(employee)
        main = main_on(person.assignments, on) if person else None
        return self._first <= on <= self._last and main is not None and main.agency == self._agency
