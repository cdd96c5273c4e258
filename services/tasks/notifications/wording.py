"""The words of a notification, made when it is read, in the reader's language. Pure."""

from collections.abc import Callable
from datetime import date

from contracts.outcome import Text
from services.tasks.notifications.kinds import KINDS
from services.tasks.notifications.model import Notification
from services.tasks.own_copies.model import City, People

_MONTHS = {
    "id": (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
        "Oktober", "November", "Desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip
WHAT = {
    "absence": Text("permohonan ketidakhadiran", "absence"),
    "correction": Text("permohonan koreksi", "correction"),
    "work_elsewhere": Text("permohonan kerja di tempat lain", "day of work elsewhere"),
    "objection": Text("keberatan", "objection"),
    "held_check_in": Text("presensi dinas", "check-in on duty"),
}
STATES = {
    "approved": Text("disetujui", "approved"),
    "rejected": Text("ditolak", "rejected"),
    "withdrawn": Text("ditarik", "withdrawn"),
    "revoked": Text("dicabut", "revoked"),
}
CLOCKS = {
    "response": Text("menjawab", "answer"),
    "completion": Text("menyelesaikan", "complete"),
}
_NOTHING = Text("—", "—")


def in_language(text: Text, language: str) -> str:
    """The text in Indonesian unless English is asked for."""
    return text.en if language == "en" else text.id


def day_in_words(day: date, language: str) -> str:
    """``1 Desember 2026``, ``1 December 2026``."""
    months = _MONTHS["en" if language == "en" else "id"]
    return f"{day.day} {months[day.month - 1]} {day.year}"


def month_in_words(period: str, language: str) -> str:
    """``November 2026``."""
    months = _MONTHS["en" if language == "en" else "id"]
    return f"{months[int(period[5:]) - 1]} {period[:4]}"


def say(
    notification: Notification,
    language: str,
    *,
    title: str | None,
    city: City,
    people: People,
) -> str:
    """What the notification says; names are those of today."""
    facts = dict(notification.facts)
    on = notification.at.date()
    readable: dict[str, Callable[[str], str]] = {
        "asking": city.name_of,
        "helping": city.name_of,
        "responding": city.name_of,
        "receiving": lambda codes: ", ".join(city.name_of(code) for code in codes.split(",")),
        "person": lambda id_: people.view(id_, on).name,
        "by": lambda id_: people.view(id_, on).name,
        "agency": city.name_of,
        "clock": lambda name: in_language(CLOCKS.get(name, _NOTHING), language),
        "period": lambda told: month_in_words(told, language),
        "date": lambda told: day_in_words(date.fromisoformat(told), language),
        "what": lambda what: in_language(WHAT.get(what, _NOTHING), language),
        "state": lambda state: in_language(STATES.get(state, _NOTHING), language),
    }
    words = {name: readable.get(name, str)(value) for name, value in facts.items()}
    words["title"] = title or "…"
    text = in_language(KINDS[notification.kind].text, language)
    sentence = text.format_map(_Words(words))
    return sentence[:1].upper() + sentence[1:]


class _Words(dict[str, str]):
    """What is not known is shown as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"
