"""Why a day is what it is: each rule that was applied, the facts it was applied to, what came out.

A reason is stored with the day in a neutral form (codes, moments, minutes); :data:`RULES` says in
both languages what each rule means, so that a frontend needs no words of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from contracts.outcome import Text
from rules.working_time import zone
from services.attendance.days.judgement import Judgement
from services.attendance.days.punches import Punch
from services.attendance.patterns.model import DayRules


@dataclass(frozen=True, slots=True)
class Reason:
    """One step: the rule, the ids of punches, versions or calendars it used, and its result."""

    rule: str
    facts: tuple[str, ...]
    result: str


RULES: dict[str, Text] = {
    "pattern": Text(
        "Pola kerja yang berlaku pada hari itu menentukan jam kerja.",
        "The working pattern that rules the day sets its hours.",
    ),
    "shift": Text(
        "Jadwal dinas pegawai mengalahkan pola mingguan dan hari libur.",
        "The person's roster goes before the weekly pattern and holidays.",
    ),
    "holiday": Text(
        "Hari libur atau cuti bersama: tidak ada kewajiban hadir.",
        "A holiday or collective leave: nobody has to come.",
    ),
    "off": Text(
        "Bukan hari kerja menurut pola: tidak ada kewajiban hadir.",
        "Not a working day of the pattern: nobody has to come.",
    ),
    "flexible": Text(
        "Jam lentur: jam pulang bergeser sejauh jam datang.",
        "Flexible hours: the end moves as far as the start.",
    ),
    "first_in": Text(
        "Kedatangan paling awal adalah jam datang.",
        "The earliest arrival counts.",
    ),
    "last_out": Text(
        "Kepulangan paling akhir adalah jam pulang.",
        "The latest departure counts.",
    ),
    "no_arrival": Text(
        "Tidak ada presensi datang.",
        "No arrival was recorded.",
    ),
    "no_departure": Text(
        "Tidak ada presensi pulang.",
        "No departure was recorded.",
    ),
    "worked": Text(
        "Menit dari jam datang sampai jam pulang, tanpa istirahat.",
        "Minutes from arrival to departure without breaks.",
    ),
    "late": Text(
        "Menit setelah jam masuk menurut aturan detik yang berlaku.",
        "Minutes after the start under the seconds rule in force.",
    ),
    "late_band": Text(
        "Golongan keterlambatan (TL).",
        "The band of lateness (TL).",
    ),
    "early": Text(
        "Menit sebelum jam pulang menurut aturan detik yang berlaku.",
        "Minutes before the end under the seconds rule in force.",
    ),
    "early_band": Text(
        "Golongan pulang sebelum waktunya (PSW).",
        "The band of early leaving (PSW).",
    ),
    "closed": Text(
        "Hari ditutup: presensi yang kurang tidak ditunggu lagi.",
        "The day is closed: what is missing is no longer awaited.",
    ),
    "status": Text(
        "Keadaan hari yang dihasilkan.",
        "The state of the day that results.",
    ),
}
"""Every rule that a reason may name."""


def explain(found: Judgement, rules: DayRules, *, recorded: bool) -> tuple[Reason, ...]:
    """Every step from the rules of the day to its status, in the order they were taken."""
    return (
        *_hours(found, rules),
        *(_movements(found, rules) if recorded else ()),
        *_minutes(found, rules),
        *((Reason("closed", (), rules.closes_at.isoformat()),) if found.closed else ()),
        Reason("status", (rules.policy_version,), found.status),
    )


def _hours(found: Judgement, rules: DayRules) -> Iterator[Reason]:
    variant = f" ({rules.variant})" if rules.variant else ""
    hours = f" {_span(rules.start, rules.end, rules.zone)}" if rules.working_day else ""
    yield Reason("pattern", (rules.policy_version,), f"{rules.pattern}{variant}{hours}")
    if rules.shift is not None:
        yield Reason("shift", (rules.shift,), _span(rules.start, rules.end, rules.zone))
    elif rules.holiday is not None:
        yield Reason("holiday", (rules.calendar,) if rules.calendar else (), rules.holiday.name_id)
    elif not rules.working_day:
        yield Reason("off", (rules.policy_version,), rules.on.isoformat())
    if found.expected_start != rules.start:
        moved = _span(found.expected_start, found.expected_end, rules.zone)
        yield Reason("flexible", _ids(found.reading.first_in), moved)


def _movements(found: Judgement, rules: DayRules) -> Iterator[Reason]:
    for punch, counted, missing in (
        (found.reading.first_in, "first_in", "no_arrival"),
        (found.reading.last_out, "last_out", "no_departure"),
    ):
        if punch is not None:
            yield Reason(counted, (punch.id,), _local(punch.at, rules.zone))
        elif rules.working_day:
            yield Reason(missing, (), "closed" if found.closed else "awaited")


def _minutes(found: Judgement, rules: DayRules) -> Iterator[Reason]:
    arrived, left = _ids(found.reading.first_in), _ids(found.reading.last_out)
    law = (rules.policy_version,)
    if found.worked_minutes is not None:
        yield Reason("worked", arrived + left, str(found.worked_minutes))
    if rules.working_day and arrived:
        yield Reason("late", arrived + law, str(found.late_minutes))
    if found.late_band is not None:
        yield Reason("late_band", law, found.late_band)
    if rules.working_day and left:
        yield Reason("early", left + law, str(found.early_minutes))
    if found.early_band is not None:
        yield Reason("early_band", law, found.early_band)


def _ids(punch: Punch | None) -> tuple[str, ...]:
    return (punch.id,) if punch else ()


def _local(at: datetime, zone_name: str) -> str:
    return at.astimezone(zone(zone_name)).isoformat()


def _span(start: datetime | None, end: datetime | None, zone_name: str) -> str:
    if start is None or end is None:
        return "off"
    here = zone(zone_name)
    return f"{start.astimezone(here):%H:%M}–{end.astimezone(here):%H:%M}"
