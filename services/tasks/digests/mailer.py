"""Handing letters to a mail server, with exactly four outcomes."""

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal, Protocol

import aiosmtplib

from services.tasks.settings import Settings

Outcome = Literal["sent", "later", "refused", "uncertain"]
_PERMANENT = 500


class ServerAway(Exception):
    """The mail server takes nothing now; nothing was handed over."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a letter, and why."""

    outcome: Outcome
    reason: str | None = None


Post = Callable[[str, EmailMessage], Awaitable[Posted]]


class Mailer(Protocol):
    """Who takes letters."""

    async def session(self, work: Callable[[Post], Awaitable[None]]) -> None:
        """Do some work with a connection; :class:`ServerAway` where there is none to be had."""
        ...


class SmtpMailer:
    """A mail server by SMTP."""

    def __init__(self, settings: Settings, *, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._tls = tls

    async def session(self, work: Callable[[Post], Awaitable[None]]) -> None:
        """Do some work with a connection; :class:`ServerAway` where there is none to be had."""
        client = self._client()
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            raise ServerAway(f"{type(error).__name__}: {error}") from error
        try:
            await work(lambda address, message: self._post(client, address, message))
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        told = self._settings
        password = told.smtp_password
        return aiosmtplib.SMTP(
            hostname=told.smtp_host,
            port=told.smtp_port,
            username=told.smtp_username,
            password=password.get_secret_value() if password else None,
            timeout=told.smtp_timeout_s,
            use_tls=told.smtp_tls == "tls",
            start_tls=told.smtp_tls == "starttls",
            tls_context=self._tls,
        )

    async def _post(self, client: aiosmtplib.SMTP, address: str, message: EmailMessage) -> Posted:
        try:
            await client.mail(self._settings.mail_from)
            await client.rcpt(address)
        except aiosmtplib.SMTPResponseException as error:
            await self._start_over(client)
            return _answered(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ServerAway(f"{type(error).__name__}: {error}") from error
        try:
            await client.data(message.as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            await self._start_over(client)
            return _answered(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            return Posted("uncertain", f"{type(error).__name__} after the text was handed over")
        return Posted("sent")

    async def _start_over(self, client: aiosmtplib.SMTP) -> None:
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            client.close()  # the next letter finds out


def _answered(error: aiosmtplib.SMTPResponseException) -> Posted:
    outcome: Outcome = "refused" if error.code >= _PERMANENT else "later"
    return Posted(outcome, f"answered {error.code}")
