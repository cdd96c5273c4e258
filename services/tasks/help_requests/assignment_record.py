"""The numbered assignment record (*surat tugas*) of an accepted request, for the e-office to sign.

It is in Indonesian, carries names and posts but no civil-servant numbers, and is the same file
for the same state, so that its fingerprint can be compared.
"""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from io import BytesIO

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from contracts.help_terms import HelpState
from rules.working_time import zone
from services.tasks.help_requests.model import HelpRequest
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

_TEXT = ParagraphStyle("text", fontName="Times-Roman", fontSize=11, leading=15)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=10, leading=13)
_TITLE = ParagraphStyle(
    "title", parent=_TEXT, fontName="Times-Bold", fontSize=14, leading=18, alignment=TA_CENTER
)
_CENTRED = ParagraphStyle("centred", parent=_TEXT, alignment=TA_CENTER)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=8, leading=10)


def write(request: HelpRequest, city: City, people: People) -> bytes:
    """The record as PDF; refuses while nobody is assigned."""
    if request.helping_agency is None or request.assigned_at is None:
        raise record_refused(request)
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=f"Surat Tugas {request.assignment_number}",
        author=_plain(city.name_of(request.helping_agency)),
        invariant=1,
    )
    document.build(list(_flow(request, city, people)))
    return target.getvalue()


def _flow(request: HelpRequest, city: City, people: People) -> Iterable[Flowable]:
    helping, at = request.helping_agency or "", request.assigned_at or request.requested_at
    zone_name = city.zone_of(helping)
    yield Paragraph(_safe(city.name_of(helping).upper()), _TITLE)
    yield Paragraph("SURAT TUGAS", _TITLE)
    yield Paragraph(f"Nomor: {_safe(request.assignment_number or '')}", _CENTRED)
    yield Spacer(1, 8 * mm)
    yield Paragraph(
        f"Berdasarkan permintaan bantuan nomor {_safe(request.number)} dari "
        f"{_safe(city.name_of(request.asking_agency))} tanggal "
        f"{_date(request.requested_at, zone_name)}, {_safe(city.name_of(helping))} menugaskan:",
        _TEXT,
    )
    yield Spacer(1, 4 * mm)
    yield _people(request, people, at, zone_name)
    yield Spacer(1, 4 * mm)
    yield _matter(request, city, zone_name)
    yield Spacer(1, 4 * mm)
    yield Paragraph("Uraian:", _TEXT)
    yield Paragraph(_lines(request.description), _TEXT)
    yield Spacer(1, 8 * mm)
    yield Paragraph(f"Surakarta, {_date(at, zone_name)}", _TEXT)
    yield Spacer(1, 22 * mm)
    yield Paragraph("(ditandatangani secara elektronik melalui e-office)", _TEXT)
    yield Spacer(1, 8 * mm)
    yield Paragraph(
        "Rekaman ini dibuat oleh Sambatan ketika permintaan diterima; penugasan berlaku sejak saat "
        "itu dan tidak menunggu tanda tangan.",
        _SMALL,
    )


def _people(request: HelpRequest, people: People, at: datetime, zone_name: str) -> Table:
    on = at.astimezone(zone(zone_name)).date()
    rows = [[Paragraph(f"<b>{head}</b>", _CELL) for head in ("No.", "Nama", "Jabatan")]]
    for place, person in enumerate(request.people_assigned, start=1):
        shown = people.view(person, on)
        cells = (str(place), shown.name, shown.position or "–")
        rows.append([Paragraph(_safe(cell), _CELL) for cell in cells])
    grid = ("GRID", (0, 0), (-1, -1), 0.5, "#444444")
    style = TableStyle([grid, ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(rows, colWidths=[12 * mm, 74 * mm, 74 * mm], style=style, repeatRows=1)


def _matter(request: HelpRequest, city: City, zone_name: str) -> Table:
    due = request.due.astimezone(zone(zone_name))
    clock = f"{due:%H.%M} {_ZONES.get(zone_name, '')}".strip()
    lines = (
        ("Untuk", request.title),
        ("Pada", city.name_of(request.asking_agency)),
        ("Paling lambat", f"{_date(request.due, zone_name)} pukul {clock}"),
        ("Keadaan", _STATES.get(request.state, request.state)),
    )
    rows = [
        [Paragraph(head, _CELL), Paragraph(":", _CELL), Paragraph(_safe(text), _CELL)]
        for head, text in lines
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
