"""Sending what was written: the job `deliver_message` hands one row to its channel and writes down what became of it.

At least once: a crash between the server's thanks and our commit sends a letter again, under the same Message-ID.
"""

from __future__ import annotations

import re
from datetime import UTC
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cases import city, history
from cases.models import Case, Message
from engine import clock, registry
from engine.base import session
from engine.models import Job
from notifications import addresses
from notifications.channels import Channel, TransportError, email, mailbox
from notifications.letters import TOPIC
from notifications.rendering import one_line, with_key

#: Pauses in seconds between attempts: a mail server may be away for a night.
PAUSES_S = (10, 60, 600, 3600, 4 * 3600, 8 * 3600)
#: Source: RFC 2606.
NOBODYS = re.compile(r"(^|\.)(example|test|invalid|localhost|example\.(com|net|org))$")
#: What comes with letters: workbooks.
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
WAITING, SENT, FAILED = "waiting", "sent", "failed"


class MailSettings(Protocol):
    """What is read of the settings."""

    @property
    def smtp_url(self) -> str | None:
        """The mail server; none means files."""

    @property
    def mail_from(self) -> str | None:
        """Whom letters come from."""

    @property
    def public_url(self) -> str:
        """Where citizens reach the city."""

    @property
    def locale(self) -> str:
        """The language of addresses without a prefix."""

    @property
    def var(self) -> Path:
        """The directory for what a running city writes."""

    @property
    def embedded(self) -> bool:
        """Whether this is a city to try things out, on servers of this clone."""


_channel: Channel | None = None
_sender = "no-reply@localhost"


def configure(settings: MailSettings) -> None:
    """Say where the city is reached and how its letters leave: by SMTP_URL; without it they become files below var/mail where
    things are tried out, and wait where a real city forgot its mail server.

    Raises: ValueError when SMTP_URL names no mail server.
    """
    global _channel, _sender  # noqa: PLW0603  # set once by the composition root
    addresses.configure(settings.public_url, settings.locale)
    files = mailbox.channel(settings.var / "mail")
    without = files if settings.embedded else _nowhere
    _channel = _for_real_people(email.channel(settings.smtp_url) if settings.smtp_url else without, files)
    _sender = settings.mail_from or f"no-reply@{addresses.host()}"


@registry.handler(TOPIC, retries=PAUSES_S)
def deliver_message(message_id: int, job_id: str) -> None:
    """Send a letter that waits. One that was sent, or that no server will ever take, is left alone.

    Raises: TransportError when trying again may help.
    """
    message = session().get(Message, message_id, with_for_update=True, populate_existing=True)
    if message is None or message.state != WAITING:
        return
    message.attempts = session().get_one(Job, UUID(job_id)).attempts
    try:
        _deliver(message)
    except TransportError as error:
        if not error.is_permanent:
            raise
        _give_up(message, str(error))
    else:
        message.state, message.sent_at, message.error = SENT, clock.now(), None


def compose(message: Message) -> EmailMessage:
    """The mail of a row: the same row always makes the same mail.

    Raises: TransportError, permanent, when the address is none.
    """
    mail = EmailMessage(policy=SMTPUTF8)
    there = city.settings()
    name = there.name_en if message.locale == "en" else there.name_vi
    mail["From"] = Address(display_name=one_line(name), addr_spec=_sender)
    mail["To"] = _address(message.address)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = message.created_at.astimezone(UTC)
    mail["Message-ID"] = f"<{message.created_at:%Y%m%d%H%M%S}.{message.id}@{addresses.host()}>"
    if message.case_id is not None:
        mail["References"] = f"<case.{message.case_id}@{addresses.host()}>"
    if message.stop_url:  # RFC 8058: one press of a mail program's own button is enough
        mail["List-Unsubscribe"] = f"<{message.stop_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    case = session().get(Case, message.case_id) if message.case_id is not None else None
    mail.set_content(with_key(message.body_text, case) if case else message.body_text)
    mail.add_alternative(with_key(message.body_html, case) if case else message.body_html, subtype="html")
    mail["Content-Language"] = message.locale
    if message.file is not None and message.file_name is not None:
        mail.add_attachment(message.file, *XLSX, filename=message.file_name)
    return mail


def _for_real_people(channel: Channel, files: Channel) -> Channel:
    """Letters to names that are reserved for examples, such as the demo's people, never leave the house."""

    def deliver(mail: EmailMessage) -> None:
        if not NOBODYS.search(mail["To"].addresses[0].domain.lower()):
            channel(mail)
            return
        try:
            files(mail)
        except TransportError as error:
            raise TransportError(str(error), is_permanent=True) from error

    return deliver


def _nowhere(_mail: EmailMessage) -> None:
    raise TransportError("no mail server is named: set SMTP_URL and MAIL_FROM", is_permanent=False)


def _deliver(message: Message) -> None:
    if _channel is None:
        raise TransportError("notifications.configure was not called", is_permanent=False)
    _channel(compose(message))


def _address(written: str) -> Address:
    """Raises: TransportError, permanent."""
    try:
        return Address(addr_spec=written)
    except (ValueError, IndexError, MessageError) as error:  # what the parser raises for texts that are no address
        raise TransportError(f"not an address: {error}", is_permanent=True) from error


def _give_up(message: Message, reason: str) -> None:
    message.state, message.error = FAILED, reason[:2000]
    case = session().get(Case, message.case_id) if message.case_id is not None else None
    if case is not None:
        history.record(case, "message_failed", by="system", message_id=message.id, moment=message.moment)
