"""Why a day is what it is: each rule that was applied, the facts it was applied to, what came out.

A reason is stored with the day in a neutral form (codes, moments, minutes); :data:`RULES` says in
both languages what each rule means, so that a frontend needs no words of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.outcome import Text
from rules.working_time import zone
from services.attendance.days.inputs import Absence, Act, Correction, Elsewhere, Input, Pardon
from services.attendance.days.judgement import Judgement
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
    "absence": Text(
        "Ketidakhadiran yang disetujui: jenisnya menentukan apakah dihitung kerja atau dimaklumi.",
        "An approved absence: its kind says whether it counts as work or is excused.",
    ),
    "work_elsewhere": Text(
        "Bekerja di luar kantor dengan persetujuan; yang tetap datang dihitung hadir.",
        "Approved work outside the offices; who comes all the same was present.",
    ),
    "general_act": Text(
        "Keputusan umum yang berlaku untuk banyak orang pada rentang waktu ini.",
        "A general act that holds for many people in this span.",
    ),
    "correction": Text(
        "Koreksi yang disetujui menggantikan jam yang tercatat; presensi asli tetap disimpan.",
        "An approved correction replaces the recorded moment; the original punches are kept.",
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
    "objection": Text(
        "Keberatan pegawai dinyatakan benar: ini tidak lagi diperhitungkan.",
        "An objection was found right: this no longer counts.",
    ),
    "pending": Text(
        "Presensi menunggu keputusan atasan dan belum dihitung.",
        "A check-in waits for the supervisor and does not count yet.",
    ),
    "declined": Text(
        "Presensi ditolak atasan dan tidak dihitung.",
        "A check-in was declined by the supervisor and does not count.",
    ),
    "worked": Text(
        "Menit dari jam datang sampai jam pulang, tanpa istirahat.",
        "Minutes from arrival to departure without breaks.",
    ),
    "late": Text(
        "Menit setelah jam masuk menurut aturan detik yang berlaku.",
        "Minutes after the start under the seconds rule in force.",
    ),
    "made_up": Text(
        "Keterlambatan diganti dengan pulang lebih akhir pada hari yang sama.",
        "Lateness is made up for by staying longer the same day.",
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


def explain(
    found: Judgement, rules: DayRules, *, inputs: Sequence[Input] = ()
) -> tuple[Reason, ...]:
    """Every step from the rules of the day to its status, in the order they were taken."""
    facts = tuple(each.id for each in inputs if not isinstance(each, Correction))
    return (
        *_hours(found, rules),
        *(_of_input(each, rules) for each in inputs),
        *(_movements(found, rules) if found.reading.recorded or inputs else ()),
        *_set_aside(found, rules),
        *_minutes(found, rules),
        *((Reason("closed", (), rules.closes_at.isoformat()),) if found.closed else ()),
        Reason("status", (rules.policy_version, *facts), found.status),
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
    if found.flexible:
        moved = _span(found.expected_start, found.expected_end, rules.zone)
        yield Reason("flexible", found.arrival_facts, moved)


def _of_input(one: Input, rules: DayRules) -> Reason:
    match one:
        case Absence():
            hours = _span(one.start, one.end, rules.zone) if one.start else rules.on.isoformat()
            return Reason("absence", (one.id,), f"{one.kind} ({one.counts_as}) {hours}")
        case Act():
            span = f"{_local(one.start, rules.zone)}/{_local(one.end, rules.zone)}"
            return Reason("general_act", (one.id,), f"{one.effect} {span}")
        case Correction():
            said = {"first_in": one.first_in, "last_out": one.last_out}
            told = (f"{which} {_local(at, rules.zone)}" for which, at in said.items() if at)
            return Reason("correction", (one.id,), ", ".join(told))
        case Pardon():
            return Reason("objection", (one.id,), one.excuse)
        case Elsewhere():
            return Reason("work_elsewhere", (one.id,), rules.on.isoformat())


def _movements(found: Judgement, rules: DayRules) -> Iterator[Reason]:
    for moment, facts, missing, counted, absent in (
        (found.first_in, found.arrival_facts, found.arrival_missing, "first_in", "no_arrival"),
        (
            found.last_out,
            found.departure_facts,
            found.departure_missing,
            "last_out",
            "no_departure",
        ),
    ):
        if moment is not None:
            yield Reason(counted, facts, _local(moment, rules.zone))
        elif missing:
            yield Reason(absent, (), "closed" if found.closed else "awaited")


def _set_aside(found: Judgement, rules: DayRules) -> Iterator[Reason]:
    for punch in found.reading.set_aside:
        yield Reason(punch.standing, (punch.id,), _local(punch.at, rules.zone))


def _minutes(found: Judgement, rules: DayRules) -> Iterator[Reason]:
    arrived, left = found.arrival_facts, found.departure_facts
    law = (rules.policy_version,)
    if found.worked_minutes is not None:
        yield Reason("worked", arrived + left, str(found.worked_minutes))
    if found.expected_start is not None and arrived:
        yield Reason("late", arrived + law + found.late_excuses, str(found.late_minutes))
    if found.made_up_minutes:
        yield Reason("made_up", left + law, str(found.made_up_minutes))
    if found.late_band is not None:
        yield Reason("late_band", law, found.late_band)
    if found.expected_end is not None and left:
        yield Reason("early", left + law + found.early_excuses, str(found.early_minutes))
    if found.early_band is not None:
        yield Reason("early_band", law, found.early_band)


def _local(at: datetime, zone_name: str) -> str:
    return at.astimezone(zone(zone_name)).isoformat()


def _span(start: datetime | None, end: datetime | None, zone_name: str) -> str:
    if start is None or end is None:
        return "off"
    here = zone(zone_name)
    return f"{start.astimezone(here):%H:%M}–{end.astimezone(here):%H:%M}"
