"""The people of the demo city: about six hundred, all invented, the same in every run.

Names are drawn from lists of common given names with a generator of fixed seed. Every agency has a
head and an employee with accounts of known names; further people are ``p0001`` and so on. Three
people show what a directory must bear: one acts as head of two agencies, one was transferred in the
middle of a month, one is seconded.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from deploy.demo.places import DATA, SINCE, Agency, agencies

SEED = 3372
FURTHER = 392
ACTING_HEAD_OF = ("SETDA-EKO", "SETDA-ADBANG")
ACTING_ACCOUNT = "kepala.setda-eko"
SECOND_ACTING_ACCOUNT = "kepala.setda-adbang"

COLUMNS = (
    "key", "nip", "name", "employment", "agency", "position", "supervisor",
    "kind", "main", "from", "until", "decree", "username", "roles",
)  # fmt: skip

_NAMES: dict[str, list[str]] = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
_POSTS = (
    "Analis Kebijakan",
    "Arsiparis",
    "Pengadministrasi Perkantoran",
    "Pengelola Data dan Informasi",
    "Penelaah Teknis Kebijakan",
    "Perencana",
    "Pranata Komputer",
    "Pranata Hubungan Masyarakat",
    "Pengelola Keuangan",
    "Operator Layanan Operasional",
)
_HEADS = {"kelurahan": "Lurah", "kecamatan": "Camat", "school": "Kepala Sekolah"}
_WEIGHT = {"kelurahan": 1, "kecamatan": 2, "bagian": 2, "city": 0, "rsud": 12, "satpol_pp": 14}
_ORDINARY_WEIGHT = 6
_EMPLOYMENTS = (
    ("pns", 60), ("pppk", 22), ("pppk_part_time", 6), ("cpns", 5), ("non_asn", 7),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Post:
    """A row of the import: one post of one person."""

    key: str
    nip: str
    name: str
    employment: str
    agency: str
    position: str
    supervisor: str = ""
    kind: str = "definitive"
    main: str = "true"
    from_: str = SINCE
    until: str = ""
    decree: str = ""
    username: str = ""
    roles: str = ""


def head_key(agency: str) -> str:
    """The key of whoever heads an agency."""
    return "DEMO-PLT" if agency in ACTING_HEAD_OF else f"DEMO-KEPALA-{agency}"


def posts() -> list[Post]:
    """Every row, in an order that never changes."""
    invent = _Inventor(Random(SEED))  # noqa: S311  # repeatable on purpose
    listed = agencies()
    rows = [_head(agency, invent) for agency in listed if agency.code not in ACTING_HEAD_OF]
    rows += _acting_head(invent)
    rows += [_employee(agency, invent) for agency in listed]
    further = [_further(place, agency, invent) for place, agency in _spread(listed)]
    return [*rows, *further[:-2], *_transferred(further[-2]), *_seconded(further[-1])]


def as_csv(rows: list[Post]) -> str:
    """The file that a personnel system would export."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    fields = ("from_" if column == "from" else column for column in COLUMNS)
    names = list(fields)
    writer.writerows([getattr(row, name) for name in names] for row in rows)
    return text.getvalue()


class _Inventor:
    """Draws names, kinds of employment and numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._names: set[str] = set()
        self._drawn = 0

    def person(self, *, employment: str | None = None) -> tuple[str, str, str]:
        """A name nobody has yet, an employment, and a number where there is one."""
        self._drawn += 1
        woman = self._random.random() < 0.5
        chosen = employment or self._employment()
        nip = "" if chosen == "non_asn" else self._nip(woman)
        return self._name(woman), chosen, nip

    def post(self) -> str:
        """A post."""
        return self._random.choice(_POSTS)

    def _employment(self) -> str:
        names = [name for name, _ in _EMPLOYMENTS]
        return self._random.choices(names, [weight for _, weight in _EMPLOYMENTS])[0]

    def _name(self, woman: bool) -> str:
        while True:
            given = self._random.choice(_NAMES["women" if woman else "men"])
            name = f"{given} {self._random.choice(_NAMES['last'])}"
            if name not in self._names and len(set(name.split())) == 2:
                self._names.add(name)
                return name

    def _nip(self, woman: bool) -> str:
        """Born, appointed, sex, number: the shape of a real one, with a number from 900 up."""
        born = self._random.randint(1968, 1999)
        month, day = self._random.randint(1, 12), self._random.randint(1, 28)
        appointed = self._random.randint(born + 23, 2025)
        begun = f"{appointed}{self._random.randint(1, 12):02}"
        return f"{born}{month:02}{day:02}{begun}{2 if woman else 1}{900 + self._drawn % 100}"


def _head(agency: Agency, invent: _Inventor) -> Post:
    is_city = agency.kind == "city"
    name, employment, nip = invent.person(employment="non_asn" if is_city else "pns")
    return Post(
        key=head_key(agency.code),
        nip=nip,
        name=name,
        employment=employment,
        agency=agency.code,
        position=_HEADS.get(agency.kind, f"Kepala {agency.name}"),
        supervisor=head_key(agency.parent) if agency.parent else "",
        username=f"kepala.{agency.code.lower()}",
        roles=f"head:{agency.code} employee:{agency.code}",
    )


def _acting_head(invent: _Inventor) -> Iterator[Post]:
    """An assistant of the secretary who also acts as head of two sections."""
    name, employment, nip = invent.person(employment="pns")
    own = Post(
        key="DEMO-PLT",
        nip=nip,
        name=name,
        employment=employment,
        agency="SETDA",
        position="Asisten Perekonomian dan Pembangunan",
        supervisor=head_key("SETDA"),
        username=ACTING_ACCOUNT,
        roles=f"head:{ACTING_HEAD_OF[0]} employee:SETDA",
    )
    yield own
    for agency in ACTING_HEAD_OF:
        yield replace(
            own,
            agency=agency,
            position="Plt. Kepala Bagian",
            kind="plt",
            main="false",
            from_="2026-03-02",
            decree="Contoh 800/117/2026",
            roles="",
        )


def _employee(agency: Agency, invent: _Inventor) -> Post:
    name, employment, nip = invent.person()
    return Post(
        key=f"DEMO-PEGAWAI-{agency.code}",
        nip=nip,
        name=name,
        employment=employment,
        agency=agency.code,
        position=invent.post(),
        supervisor=head_key(agency.code),
        username=f"pegawai.{agency.code.lower()}",
        roles=f"employee:{agency.code}",
    )


def _spread(listed: list[Agency]) -> Iterator[tuple[int, Agency]]:
    """Further people, more of them where more work; the last two have stories of their own."""
    turns = [a for a in listed for _ in range(_WEIGHT.get(a.kind, _ORDINARY_WEIGHT))]
    turns = [turns[place * len(turns) // FURTHER] for place in range(FURTHER - 2)]
    by_code = {agency.code: agency for agency in listed}
    turns += [by_code["DISDIK"], by_code["BKPSDM"]]
    yield from enumerate(turns, start=1)


def _further(place: int, agency: Agency, invent: _Inventor) -> Post:
    name, employment, nip = invent.person()
    return Post(
        key=f"DEMO-{place:04}",
        nip=nip,
        name=name,
        employment=employment,
        agency=agency.code,
        position=invent.post(),
        supervisor=head_key(agency.code),
        username=f"p{place:04}",
        roles=f"employee:{agency.code}",
    )


def _transferred(post: Post) -> Iterator[Post]:
    """From the education agency to the library in the middle of a month."""
    yield replace(post, until="2026-11-15", roles="employee:DISPUSIP")
    yield replace(
        post,
        agency="DISPUSIP",
        supervisor=head_key("DISPUSIP"),
        from_="2026-11-16",
        decree="Contoh 800/431/2026",
        roles="",
    )


def _seconded(post: Post) -> Iterator[Post]:
    """From the personnel agency to the agency for information, the own post kept."""
    yield replace(post, until="2026-08-31", roles="employee:DISKOMINFOSP")
    yield replace(post, main="false", from_="2026-09-01", roles="")
    yield replace(
        post,
        agency="DISKOMINFOSP",
        supervisor=head_key("DISKOMINFOSP"),
        kind="secondment",
        from_="2026-09-01",
        until="2027-08-31",
        decree="Contoh 800/298/2026",
        roles="",
    )
