"""The columns of a recap as a table: heading, meaning and source in both languages."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts.outcome import Text
from contracts.recaps import RecapFrame, RecapRow

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class RecapColumn:
    """A column: its heading, what it means, the source of the rule, and its cell of a row."""

    key: str
    title: Text
    meaning: Text
    source: str
    cell: Callable[[RecapRow], Cell]


_DAY = "api.md, Day status"
_BANDS = "domain.md §1.4"


def _count(key: str, title: Text, meaning: Text, source: str = _DAY) -> RecapColumn:
    return RecapColumn(key, title, meaning, source, lambda row: int(getattr(row, key)))


_PERSON = (
    RecapColumn(
        "employee_id",
        Text("ID pegawai", "Employee id"),
        Text("Nomor pegawai di Sambatan.", "The person's id in Sambatan."),
        "api.md, Conventions",
        lambda row: row.person.id,
    ),
    RecapColumn(
        "name",
        Text("Nama", "Name"),
        Text("Nama pegawai.", "The person's name."),
        "api.md, Conventions",
        lambda row: row.person.name,
    ),
    RecapColumn(
        "position",
        Text("Jabatan", "Position"),
        Text("Jabatan utama pada akhir periode.", "The main post at the end of the period."),
        "api.md, Conventions",
        lambda row: row.person.position or "",
    ),
    RecapColumn(
        "agency",
        Text("Perangkat daerah", "Agency"),
        Text("Kode perangkat daerah pada akhir periode.", "Its code at the end of the period."),
        "api.md, Conventions",
        lambda row: row.person.agency or "",
    ),
)
_DAYS = (
    _count(
        "working_days",
        Text("Hari kerja", "Working days"),
        Text(
            "Hari tercatat yang menurut pola adalah hari kerja.",
            "Recorded days on which the pattern asks for work.",
        ),
    ),
    _count(
        "present",
        Text("Hadir", "Present"),
        Text(
            "Hari dengan kehadiran, termasuk terlambat, pulang cepat, dan tidak lengkap.",
            "Days with presence, those late, left early or incomplete included.",
        ),
    ),
    _count(
        "late",
        Text("Terlambat", "Late"),
        Text("Hari datang setelah jam masuk.", "Days with an arrival after the start."),
        "domain.md §1.4; days/lateness.py",
    ),
    _count(
        "left_early",
        Text("Pulang cepat", "Left early"),
        Text("Hari pulang sebelum jam pulang.", "Days with a departure before the end."),
        "domain.md §1.4; days/lateness.py",
    ),
    _count(
        "incomplete",
        Text("Tidak lengkap", "Incomplete"),
        Text("Hari tanpa presensi datang atau pulang.", "Days without an arrival or a departure."),
    ),
    _count(
        "absent",
        Text("Tidak hadir", "Absent"),
        Text("Hari kerja tanpa presensi dan alasan.", "Working days without presence or excuse."),
        "PP 94/2021; domain.md §1.5",
    ),
    _count(
        "leave",
        Text("Cuti", "Leave"),
        Text("Hari cuti atau izin yang disetujui.", "Days of approved leave."),
    ),
    _count("sick", Text("Sakit", "Sick"), Text("Hari sakit.", "Days of illness.")),
    _count(
        "duty",
        Text("Dinas luar", "Duty"),
        Text("Hari tugas di luar kantor.", "Days of duty outside every office."),
    ),
    _count(
        "elsewhere",
        Text("Kerja di tempat lain", "Work elsewhere"),
        Text("Hari kerja dari tempat lain yang disetujui.", "Approved days of work elsewhere."),
        "SE Sekda 1/2026; domain.md §1.3",
    ),
    _count(
        "holiday",
        Text("Hari libur", "Holidays"),
        Text("Hari libur dengan catatan.", "Holidays with a record."),
    ),
    _count(
        "open",
        Text("Belum ditutup", "Open"),
        Text("Hari yang belum ditutup.", "Days that are not closed yet."),
    ),
    _count(
        "without_record",
        Text("Tanpa catatan", "Without record"),
        Text(
            "Hari kerja yang sudah lewat tanpa catatan apa pun.",
            "Working days that have passed and of which nothing is known.",
        ),
    ),
    RecapColumn(
        "absences",
        Text("Cuti menurut jenis", "Leave by kind"),
        Text("Jenis dan jumlah hari.", "Each kind and its days."),
        _DAY,
        lambda row: "; ".join(f"{kind}: {days}" for kind, days in row.absences.items()),
    ),
    _count(
        "late_minutes",
        Text("Menit terlambat", "Late minutes"),
        Text("Jumlah menit terlambat.", "Minutes late, added up."),
        "domain.md §1.4",
    ),
    _count(
        "early_minutes",
        Text("Menit pulang cepat", "Early minutes"),
        Text("Jumlah menit pulang cepat.", "Minutes of early leaving, added up."),
        "domain.md §1.4",
    ),
    _count(
        "absent_by_minutes",
        Text("Hari dari menit", "Days by minutes"),
        Text(
            "Hari tidak hadir dari jumlah menit terlambat dan pulang cepat, bila kebijakan "
            "menentukan berapa menit sehari.",
            "Days of absence that late and early minutes add up to, where the policy says how many "
            "make one.",
        ),
        "minutes_per_absent_day",
    ),
)
_END = (
    RecapColumn(
        "percent",
        Text("Persentase usulan", "Percentage proposed"),
        Text(
            "Jumlah persen golongan tiap hari menurut versi kebijakan hari itu, paling banyak "
            "100. Usulan; manusia yang memutuskan.",
            "The bands' percentages of each day by the policy version of that day, at most 100. "
            "A proposal; a person decides.",
        ),
        _BANDS,
        lambda row: row.percent,
    ),
    _count(
        "worked_minutes",
        Text("Menit bekerja", "Worked minutes"),
        Text(
            "Menit dari datang sampai pulang tanpa istirahat.",
            "Minutes from arrival to departure without breaks.",
        ),
        "Perpres 21/2023; domain.md §1.1",
    ),
    RecapColumn(
        "settlements",
        Text("Perhitungan susulan", "Settlements"),
        Text(
            "Hari dari bulan yang sudah ditutup yang kemudian berubah: persen sebelum → sesudah.",
            "Days of closed months that came out otherwise afterwards: percent before → after.",
        ),
        "UU 30/2014; docs/periods.md",
        lambda row: "; ".join(
            f"{one.date}: {one.percent_before} → {one.percent_after}" for one in row.settlements
        ),
    ),
    RecapColumn(
        "policy_versions",
        Text("Versi kebijakan", "Policy versions"),
        Text("Versi yang dipakai pada hari-hari itu.", "The versions that ruled those days."),
        "product.md, third promise",
        lambda row: "; ".join(row.policy_versions),
    ),
)


def columns_of(frame: RecapFrame) -> tuple[RecapColumn, ...]:
    """The columns of a recap; one for each band that ruled in its month, one for any other."""
    late = tuple(_band(code, "late_bands") for code in frame.late_bands)
    early = tuple(_band(code, "early_bands") for code in frame.early_bands)
    known = frozenset((*frame.late_bands, *frame.early_bands))
    return (*_PERSON, *_DAYS, *late, *early, _other_bands(known), *_END)


def _band(code: str, field: str) -> RecapColumn:
    kind = Text("keterlambatan", "lateness")
    if field == "early_bands":
        kind = Text("pulang sebelum waktunya", "early leaving")

    def cell(row: RecapRow) -> Cell:
        bands: dict[str, int] = getattr(row, field)
        return bands.get(code, 0)

    meaning = Text(f"Hari dalam golongan {kind.id} {code}.", f"Days in band {code} of {kind.en}.")
    return RecapColumn(code, Text(code, code), meaning, _BANDS, cell)


def _other_bands(known: frozenset[str]) -> RecapColumn:
    def cell(row: RecapRow) -> Cell:
        others = {
            code: days
            for bands in (row.late_bands, row.early_bands)
            for code, days in bands.items()
            if code not in known
        }
        return "; ".join(f"{code}: {days}" for code, days in others.items())

    return RecapColumn(
        "other_bands",
        Text("Golongan lain", "Other bands"),
        Text(
            "Golongan dari versi yang tidak lagi berlaku pada bulan itu.",
            "Bands of versions that no longer rule in that month.",
        ),
        _BANDS,
        cell,
    )
