"""The thresholds of PP 94/2021 for absence without leave (domain.md §1.5). Pure.

Days of a calendar year add up; ten working days in a row are a case of their own. Whether minutes
of lateness add up to days is not confirmed for this regulation, so they are not counted here.
PPPK follow their contract and PP 49/2018.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.absence_signals import AbsenceLevel
from contracts.attendance_terms import DayStatus
from contracts.outcome import Text

PP_94 = "PP 94/2021"
CONTRACT = "PP 49/2018"
IN_A_ROW = 10
FIRST_THRESHOLD = 3

_LEVELS: tuple[tuple[int, AbsenceLevel], ...] = (
    (28, "dismissal"),
    (25, "to_executor_post_12_months"),
    (21, "one_level_down_12_months"),
    (17, "allowance_cut_12_months"),
    (14, "allowance_cut_9_months"),
    (11, "allowance_cut_6_months"),
    (7, "statement_of_dissatisfaction"),
    (4, "written_reprimand"),
    (FIRST_THRESHOLD, "oral_reprimand"),
)
TEXTS: dict[AbsenceLevel | None, Text] = {
    "oral_reprimand": Text("Teguran lisan (3 hari).", "Oral reprimand (3 days)."),
    "written_reprimand": Text("Teguran tertulis (4–6 hari).", "Written reprimand (4–6 days)."),
    "statement_of_dissatisfaction": Text(
        "Pernyataan tidak puas secara tertulis (7–10 hari).",
        "Written statement of dissatisfaction (7–10 days).",
    ),
    "allowance_cut_6_months": Text(
        "Pemotongan tukin 25% selama 6 bulan (11–13 hari).",
        "Performance allowance cut by 25% for 6 months (11–13 days).",
    ),
    "allowance_cut_9_months": Text(
        "Pemotongan tukin 25% selama 9 bulan (14–16 hari).",
        "Performance allowance cut by 25% for 9 months (14–16 days).",
    ),
    "allowance_cut_12_months": Text(
        "Pemotongan tukin 25% selama 12 bulan (17–20 hari).",
        "Performance allowance cut by 25% for 12 months (17–20 days).",
    ),
    "one_level_down_12_months": Text(
        "Penurunan jabatan setingkat lebih rendah selama 12 bulan (21–24 hari).",
        "One level down for 12 months (21–24 days).",
    ),
    "to_executor_post_12_months": Text(
        "Pembebasan menjadi jabatan pelaksana selama 12 bulan (25–27 hari).",
        "To an executor post for 12 months (25–27 days).",
    ),
    "dismissal": Text("Pemberhentian (28 hari atau lebih).", "Dismissal (28 days or more)."),
    "dismissal_for_ten_days_in_a_row": Text(
        "Pemberhentian dan penghentian gaji (10 hari kerja berturut-turut).",
        "Dismissal, salary stopped (10 working days in a row).",
    ),
    None: Text(
        "Berlaku perjanjian kerja; ambang PP 94/2021 tidak berlaku.",
        "The contract applies; the thresholds of PP 94/2021 do not.",
    ),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """What the absences of a year amount to."""

    days: int
    in_a_row: int
    level: AbsenceLevel | None
    law: str


def signal_of(*, days: int, in_a_row: int, employment: str) -> Signal | None:
    """The signal of so many days; None below the first threshold."""
    if days < FIRST_THRESHOLD:
        return None
    if employment not in {"pns", "cpns"}:
        return Signal(days, in_a_row, None, CONTRACT)
    return Signal(days, in_a_row, level_of(days, in_a_row), PP_94)


def level_of(days: int, in_a_row: int) -> AbsenceLevel | None:
    """The threshold that is reached; ten in a row go before what the sum says below dismissal."""
    if in_a_row >= IN_A_ROW and days < _LEVELS[0][0]:
        return "dismissal_for_ten_days_in_a_row"
    return next((level for least, level in _LEVELS if days >= least), None)


def longest_run(statuses: Iterable[DayStatus]) -> int:
    """The most absent working days in a row; free days neither count nor break a run."""
    longest = run = 0
    for status in statuses:
        if status in {"off", "holiday"}:
            continue
        run = run + 1 if status == "absent" else 0
        longest = max(longest, run)
    return longest
