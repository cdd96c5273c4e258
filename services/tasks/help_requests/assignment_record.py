"""The numbered assignment record (*surat tugas*) of an accepted request, for the e-office to sign.

It is in Indonesian, carries names and posts but no civil-servant numbers, and is the same file
for the same state, so that its fingerprint can be compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from contracts.help_terms import HelpAction, HelpState
from contracts.people import PersonView
from rules.working_time import zone
from services.tasks.help_requests.model import HelpRequest, Part
from services.tasks.help_requests.standing import record_refused
from services.tasks.own_copies.model import City, People

_MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_STATES: dict[HelpState, str] = {
    "accepted": "diterima",
    "clarifying": "menunggu keterangan",
    "in_progress": "sedang dikerjakan",
    "delivered": "diserahkan",
    "confirmed": "selesai",
    "withdrawn": "ditarik kembali",
}

_NAMES_PEOPLE: tuple[HelpAction, ...] = ("accept", "approve", "assign")

_TEXT = ParagraphStyle("text", fontName="Times-Roman", fontSize=11, leading=15)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=10, leading=13)
_TITLE = ParagraphStyle(
    "title", parent=_TEXT, fontName="Times-Bold", fontSize=14, leading=18, alignment=TA_CENTER
)
_CENTRED = ParagraphStyle("centred", parent=_TEXT, alignment=TA_CENTER)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=8, leading=10)


def write(request: HelpRequest, city: City, people: People, *, agency: str | None = None) -> bytes:
    """The record of an agency's part as PDF; refuses while nobody of it is assigned."""
    part = request.part_of(agency) if agency else next(iter(request.parts), None)
    if part is None:
        raise record_refused(request)
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=f"Surat Tugas {request.number_of(part)}",
        author=_plain(city.name_of(part.agency)),
        invariant=1,
    )
    document.build(list(_flow(_Record(request, part, city, people))))
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _Record:
    """What a record is about, and what is known of city and people."""

    request: HelpRequest
    part: Part
    city: City
    people: People

    @property
    def zone_name(self) -> str:
        """The time zone of the agency that sends its people."""
        return self.city.zone_of(self.part.agency)

    def person(self, id_: str) -> PersonView:
        """Somebody with the post of the day the record is of."""
        return self.people.view(id_, self.part.assigned_at.astimezone(zone(self.zone_name)).date())

    def day(self, moment: datetime) -> str:
        """The day of a moment in words."""
        return _date(moment, self.zone_name)

    def moment(self, moment: datetime) -> str:
        """Day and clock of a moment in words."""
        local = moment.astimezone(zone(self.zone_name))
        return f"{self.day(moment)} pukul {local:%H.%M} {_ZONES.get(self.zone_name, '')}".strip()

    def signed_for_by(self) -> str:
        """Who named these people: the name and the post, or the agency where an import did."""
        lines = (
            line
            for line in reversed(self.request.timeline)
            if line.agency == self.part.agency and line.people == self.part.people and line.by
        )
        line = next(lines, None)
        return self.named(line.by) if line and line.by else self.city.name_of(self.part.agency)

    def named(self, id_: str) -> str:
        """Name and post of somebody."""
        person = self.person(id_)
        return f"{person.name}, {person.position}" if person.position else person.name


def _flow(record: _Record) -> Iterable[Flowable]:
    request, part, city = record.request, record.part, record.city
    helping = _safe(city.name_of(part.agency))
    yield Paragraph(helping.upper(), _TITLE)
    yield Paragraph("SURAT TUGAS", _TITLE)
    yield Paragraph(f"Nomor: {_safe(request.number_of(part))}", _CENTRED)
    if request.sensitive:
        yield Paragraph("TERBATAS: hanya untuk yang berkepentingan", _CENTRED)
    yield Spacer(1, 8 * mm)
    yield Paragraph(
        f"Berdasarkan permintaan bantuan nomor {_safe(request.number)} dari "
        f"{_safe(city.name_of(request.asking_agency))} tanggal "
        f"{record.day(request.requested_at)}, {helping} menugaskan:",
        _TEXT,
    )
    yield Spacer(1, 4 * mm)
    yield _people(record)
    yield Spacer(1, 4 * mm)
    yield _matter(record)
    yield Spacer(1, 4 * mm)
    yield Paragraph("Uraian:", _TEXT)
    yield Paragraph(_lines(request.description), _TEXT)
    yield Spacer(1, 8 * mm)
    yield Paragraph(f"Surakarta, {record.day(part.assigned_at)}", _TEXT)
    yield Spacer(1, 22 * mm)
    yield Paragraph("(ditandatangani secara elektronik melalui e-office)", _TEXT)
    yield Spacer(1, 8 * mm)
    yield Paragraph(
        "Rekaman ini dibuat oleh Sambatan ketika permintaan diterima; penugasan berlaku sejak saat "
        "itu dan tidak menunggu tanda tangan.",
        _SMALL,
    )


def _people(record: _Record) -> Table:
    heads = ("No.", "Nama", "Jabatan", "Perangkat daerah")
    rows = [[Paragraph(f"<b>{head}</b>", _CELL) for head in heads]]
    for place, id_ in enumerate(record.part.people, start=1):
        shown = record.person(id_)
        home = record.city.name_of(shown.agency) if shown.agency else "–"
        cells = (str(place), shown.name, shown.position or "–", home)
        rows.append([Paragraph(_safe(cell), _CELL) for cell in cells])
    grid = ("GRID", (0, 0), (-1, -1), 0.5, "#444444")
    style = TableStyle([grid, ("VALIGN", (0, 0), (-1, -1), "TOP")])
    widths = [12 * mm, 52 * mm, 48 * mm, 48 * mm]
    return Table(rows, colWidths=widths, style=style, repeatRows=1)


def _stated(record: _Record) -> tuple[tuple[str, str], ...]:
    """What the record states beside its people, as heads and words."""
    request, part = record.request, record.part
    return (
        ("Untuk", request.title),
        ("Keahlian", ", ".join(request.skills)),
        ("Pada", record.city.name_of(request.asking_agency)),
        ("Diminta oleh", record.named(request.requested_by) if request.requested_by else ""),
        ("Ditugaskan oleh", record.signed_for_by()),
        ("Berlaku sejak", record.moment(part.assigned_at)),
        ("Paling lambat", record.moment(request.due)),
        ("Menggantikan", _former(request, part)),
        ("Keadaan", _STATES.get(request.state, request.state)),
    )


def _former(request: HelpRequest, part: Part) -> str:
    """The record that this one replaces, where other people were named before."""
    named = [
        line
        for line in request.timeline
        if line.people and line.after != "requested" and line.action in _NAMES_PEOPLE
    ]
    own = [place for place, line in enumerate(named, start=1) if line.agency == part.agency]
    before = [place for place in own if place < part.assignment]
    return f"{request.number}/ST-{before[-1]}" if before else ""


def _matter(record: _Record) -> Table:
    rows = [
        [Paragraph(head, _CELL), Paragraph(":", _CELL), Paragraph(_safe(text), _CELL)]
        for head, text in _stated(record)
        if text
    ]
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(rows, colWidths=[32 * mm, 8 * mm, 120 * mm], style=style)


def _date(moment: datetime, zone_name: str) -> str:
    local = moment.astimezone(zone(zone_name))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def _plain(text: str) -> str:
    """The text in the characters the standard fonts have; others become a question mark."""
    return text.replace("–", "-").encode("cp1252", "replace").decode("cp1252")


def _safe(text: str) -> str:
    return escape(_plain(text))


def _lines(text: str) -> str:
    return _safe(text).replace("\n", "<br/>")
