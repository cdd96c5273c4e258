"""The text of a digest: in both languages, without what must stay inside the system. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from contracts.outcome import Text
from kit.ids import derived_id
from services.tasks.digests.model import digest_id
from services.tasks.notifications.model import Notification
from services.tasks.notifications.visibility import Surroundings
from services.tasks.notifications.wording import day_in_words, in_language, say

MOST_SHOWN = 50
_HEAD = Text(
    "Selamat pagi, {name}. Yang menunggu Anda di Sambatan per {day}:",
    "Good morning, {name}. What waits for you in Sambatan as of {day}:",
)
_MORE = Text("… dan {count} lainnya.", "… and {count} more.")
_FOOT = Text(
    "Anda menerima surat ini sekali sehari. Pilihan Anda: {url}",
    "You receive this letter once a day. Your choices: {url}",
)
_CHOICES = Text(
    "kotak masuk Sambatan, preferensi pemberitahuan",
    "Sambatan inbox, notification preferences",
)


def letter(
    person: str,
    address: str,
    told: Sequence[Notification],
    around: Surroundings,
    *,
    on: date,
    at: datetime,
    sender: str,
    preferences_url: str | None,
) -> EmailMessage:
    """The digest of a person and day; the same one has the same Message-ID."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Sambatan", addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    count = len(told)
    message["Subject"] = f"Sambatan: {count} hal untuk Anda / {count} things for you"
    message["Date"] = format_datetime(at)
    domain = sender.partition("@")[2]
    message["Message-ID"] = f"<{derived_id('digest', digest_id(person, on))}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if preferences_url:
        message["List-Unsubscribe"] = f"<{preferences_url}>"
    name = around.people.view(person, on).name
    url = preferences_url
    parts = [_part(language, name, told, around, on=on, url=url) for language in ("id", "en")]
    message.set_content("\n\n———\n\n".join(parts) + "\n")
    return message


def _part(
    language: str,
    name: str,
    told: Sequence[Notification],
    around: Surroundings,
    *,
    on: date,
    url: str | None,
) -> str:
    day = day_in_words(on, language)
    lines = [f"* {_said(each, around, language)}" for each in told[:MOST_SHOWN]]
    if len(told) > MOST_SHOWN:
        lines.append(in_language(_MORE, language).format(count=len(told) - MOST_SHOWN))
    head = in_language(_HEAD, language).format(name=name, day=day)
    foot = in_language(_FOOT, language).format(url=url or in_language(_CHOICES, language))
    return "\n".join([head, "", *lines, "", foot])


def _said(notification: Notification, around: Surroundings, language: str) -> str:
    """The title of a sensitive request or a private task does not travel by e-mail."""
    title = around.title(notification, outside=True)
    return say(notification, language, title=title, city=around.city, people=around.people)
