"""Letters by SMTP: `smtp://user:password@host:587`, `smtps://…:465`; `?tls=required` or `?tls=no` beside the default.

By default a connection is encrypted when the server offers it; a password never goes over one that is not, unless
`tls=no` says so.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from notifications.channels import Channel, TransportError

TIMEOUT_S = 20.0
#: SMTP answers from here on say that the server will never take this letter. Source: RFC 5321, 4.2.1.
PERMANENT = 500


@dataclass(frozen=True)
class Server:
    """A mail server as an address names it. `tls` is implicit, required, offered or no."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str

    @staticmethod
    def of(url: str) -> Server:
        """Read an address.

        Raises: ValueError for one that names no server, an odd port or an unknown `tls`.
        """
        parts = urlsplit(url)
        tls = "implicit" if parts.scheme == "smtps" else parse_qs(parts.query).get("tls", ["offered"])[0]
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or tls not in _TLS:
            raise ValueError("not the address of a mail server: smtp://user:password@host:587?tls=required")
        user = unquote(parts.username) if parts.username else None
        usual = 465 if tls == "implicit" else 587 if user else 25
        return Server(parts.hostname, parts.port or usual, tls, user, unquote(parts.password or ""))


_TLS = ("implicit", "required", "offered", "no")


def channel(url: str) -> Channel:
    """Hands letters to a mail server.

    Raises: ValueError for an address that names none.
    """
    server = Server.of(url)

    def deliver(mail: EmailMessage) -> None:
        try:
            with _connected(server) as connection:
                _hand_over(connection, mail)
        except (OSError, smtplib.SMTPException) as error:
            raise TransportError(f"{type(error).__name__}: {error}", is_permanent=False) from error

    return deliver


def _connected(server: Server) -> smtplib.SMTP:
    """A connection, encrypted and signed in as the address says. Whatever fails here is not the letter's fault."""
    context = ssl.create_default_context()
    if server.tls == "implicit":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        connection.ehlo_or_helo_if_needed()
        _encrypt(connection, server, context)
        if server.user is not None:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _encrypt(connection: smtplib.SMTP, server: Server, context: ssl.SSLContext) -> None:
    if server.tls in ("implicit", "no"):
        return
    if connection.has_extn("starttls"):
        connection.starttls(context=context)
        connection.ehlo()
    elif server.tls == "required" or server.user is not None:
        raise smtplib.SMTPNotSupportedError(f"{server.host} offers no encryption; say ?tls=no if that is meant")


def _hand_over(connection: smtplib.SMTP, mail: EmailMessage) -> None:
    """Raises: TransportError, permanent when the server said so about this letter."""
    try:
        connection.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise TransportError(_answer(code, said), is_permanent=code >= PERMANENT) from error
    except smtplib.SMTPResponseException as error:
        is_permanent = error.smtp_code >= PERMANENT
        raise TransportError(_answer(error.smtp_code, error.smtp_error), is_permanent=is_permanent) from error
    except smtplib.SMTPNotSupportedError as error:  # an address in letters this server cannot write
        raise TransportError(str(error), is_permanent=True) from error


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
