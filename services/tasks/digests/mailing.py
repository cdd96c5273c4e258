"""How letters leave, where a mail server is configured."""

from dataclasses import dataclass

from services.tasks.digests.mailer import Mailer


@dataclass(frozen=True, slots=True)
class Mailing:
    """At which hour of the day digests go out, through whom, from whom."""

    hour: int
    mailer: Mailer
    sender: str
    preferences_url: str | None
