"""Help that agencies gave each other on the played day, imported with its own moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.demo.caller import NotDone
from deploy.demo.play.cast import Cast
from deploy.demo.play.deeds import HELP, Deed, Player, key_of
from deploy.demo.play.workday import Workday


@dataclass(frozen=True, slots=True)
class Episode:
    """Who asked whom for what, when it was asked and answered, and how it ended.

    ``rating`` is missing where help was declined.
    """

    asking: str
    receiving: str
    title: str
    description: str
    people: int
    priority: str
    asked: str
    answered: str
    rating: int | None
    question: tuple[str, str, str, str] | None = None
    """When and what was asked back, when and what was answered."""


EPISODES = (
    Episode(
        "BKPSDM",
        "DISKOMINFOSP",
        "Jaringan untuk ruang ujian kenaikan pangkat",
        "Sambungan untuk 40 meja ujian di aula, satu hari.",
        2,
        "high",
        "07:35",
        "08:10",
        5,
    ),
    Episode(
        "DINSOS",
        "DISPENDUKCAPIL",
        "Pemadanan data penerima bantuan",
        "Mencocokkan 1.200 nomor kependudukan dengan data kota.",
        1,
        "normal",
        "07:50",
        "09:05",
        4,
        question=("07:55", "Apakah sudah dalam satu berkas?", "09:00", "Sudah, satu lembar CSV."),
    ),
    Episode(
        "DISPORA",
        "SATPOLPP",
        "Pengaturan penonton di Stadion Manahan",
        "Enam orang untuk pintu utara pada sore hari.",
        2,
        "urgent",
        "08:00",
        "08:20",
        5,
    ),
    Episode(
        "DPUPR",
        "BPKAD",
        "Penilaian sisa material proyek",
        "Menilai sisa material dua proyek saluran.",
        1,
        "normal",
        "08:15",
        "09:40",
        None,
    ),
    Episode(
        "DISPUSIP",
        "DISDIK",
        "Pendamping kunjungan sekolah",
        "Pendamping untuk tiga rombongan sekolah dasar.",
        1,
        "low",
        "07:40",
        "14:05",
        3,
    ),
)
"""The fourth is declined; the last is answered after more than half a working day: late."""

LATE = len(EPISODES) - 1


def item(day: Workday, cast: Cast, episode: Episode) -> dict[str, Any]:
    """The item of ``POST /v1/imports/help-requests``, with all its steps."""
    return {
        "asking_agency": episode.asking,
        "to": [episode.receiving],
        "title": episode.title,
        "description": episode.description,
        "people": episode.people,
        "priority": episode.priority,
        "due": day.at("23:00").isoformat(),
        "requested_at": day.at(episode.asked).isoformat(),
        "requested_by": cast.by_account(f"kepala.{episode.asking.lower()}").id,
        "steps": [*_asked_back(day, cast, episode), *_answer(day, cast, episode)],
    }


def _asked_back(day: Workday, cast: Cast, episode: Episode) -> list[dict[str, Any]]:
    if episode.question is None:
        return []
    asked_at, question, answered_at, answer = episode.question
    return [
        _step(cast, "ask", episode.receiving, day.at(asked_at), question=question),
        _step(cast, "answer", episode.asking, day.at(answered_at), text=answer),
    ]


def _answer(day: Workday, cast: Cast, episode: Episode) -> list[dict[str, Any]]:
    at, helper = day.at(episode.answered), episode.receiving
    if episode.rating is None:
        reason = "Semua penilai sedang di lapangan sampai Jumat."
        return [_step(cast, "decline", helper, at, reason=reason)]
    sent = cast.staff(helper, episode.people)
    worker = {"by": sent[0].id}
    done = "Selesai sesuai permintaan."
    return [
        _step(cast, "accept", helper, at, people=[person.id for person in sent]),
        _step(cast, "start", helper, day.at("14:10"), **worker),
        _step(cast, "log", helper, day.at("14:15"), minutes=90, note="Bagian pertama.", **worker),
        _step(cast, "deliver", helper, day.at("14:20"), summary=done, **worker),
        _step(
            cast,
            "confirm",
            episode.asking,
            day.at("14:25"),
            rating=episode.rating,
            thanks="Matur nuwun.",
        ),
    ]


def _step(cast: Cast, action: str, agency: str, at: datetime, **more: Any) -> dict[str, Any]:
    head = {"by": cast.by_account(f"kepala.{agency.lower()}").id}
    return {"action": action, "agency": agency, "at": at.isoformat()} | head | more


async def play(loader: Player, day: Workday, cast: Cast) -> list[dict[str, Any]]:
    """Import the episodes; each must end as it was told, the late one breached."""
    body = {"items": [item(day, cast, episode) for episode in EPISODES]}
    key = key_of(day.on.isoformat(), "help", body=body)
    _, deeds = await loader.batch(HELP, "/v1/imports/help-requests", key=key, body=body)
    wrong = [deed.problem for deed in deeds if deed.problem is not None]
    if wrong or len(deeds) != len(EPISODES):
        raise NotDone(f"{len(wrong)} help requests were not taken: {wrong}")
    views = [deed.result or {} for deed in deeds]
    _require_ends(views, deeds)
    return views


def _require_ends(views: Sequence[dict[str, Any]], deeds: Sequence[Deed]) -> None:
    for episode, view, deed in zip(EPISODES, views, deeds, strict=True):
        wanted = "declined" if episode.rating is None else "confirmed"
        late = episode is EPISODES[LATE]
        response = view["service_level"]["response"]["state"]
        found = (view["state"], view["rating"], response)
        if found != (wanted, episode.rating, "breached" if late else "met"):
            raise NotDone(f"help request {deed.document} ended {found}, told was {episode}")
