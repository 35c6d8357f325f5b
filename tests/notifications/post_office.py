"""A small real mail server: speaks SMTP on a socket, keeps what it is given, and refuses what it is told to refuse."""

from __future__ import annotations

import base64
import email
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import ClassVar


@dataclass(frozen=True)
class Posted:
    """One letter as it came in: the envelope, and what was in it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        """The letter as a mail program reads it."""
        return email.message_from_bytes(self.content, policy=default)


@dataclass
class PostOffice:
    """What the server has seen, and its answers where they are not the usual ones (`{"RCPT": "550 nobody"}`)."""

    answers: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ("8BITMIME", "SMTPUTF8")
    letters: list[Posted] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    #: Every line a client sent before the conversation was encrypted, but for what is in letters.
    said_openly: list[str] = field(default_factory=list)
    port: int = 0
    #: With a certificate it encrypts when asked (STARTTLS), or from the first byte.
    certificate: ssl.SSLContext | None = None
    is_implicit: bool = False

    @property
    def url(self) -> str:
        """The address to put into SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"


class Conversation(socketserver.StreamRequestHandler):
    """One client's connection, encrypted or not (yet)."""

    office: ClassVar[PostOffice]

    def setup(self) -> None:
        if self.office.certificate and self.office.is_implicit:
            self.request = self.office.certificate.wrap_socket(self.request, server_side=True)
        super().setup()

    def encrypt(self, certificate: ssl.SSLContext) -> None:
        self.request = certificate.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        Talk(self.office, self).go()

    def finish(self) -> None:
        super().finish()
        self.request.close()


@contextmanager
def opened(office: PostOffice) -> Iterator[PostOffice]:
    """Have the server listen on some port until the end of the block."""

    class Listening(socketserver.ThreadingTCPServer):
        def handle_error(self, *_unused: object) -> None:
            """A client that hangs up in the middle is part of the tests."""

    Listening.allow_reuse_address = True

    class Here(Conversation):
        pass

    Here.office = office
    with Listening(("127.0.0.1", 0), Here) as server:
        server.daemon_threads = True
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()


class Talk:
    """One client's conversation."""

    def __init__(self, office: PostOffice, connection: Conversation) -> None:
        self.office = office
        self.connection = connection
        self.sender = ""
        self.recipients: list[str] = []
        self.is_encrypted = office.is_implicit

    def go(self) -> None:
        self.say(self.office.answers.get("CONNECT", "220 post office"))
        while line := self.connection.rfile.readline().decode().strip():
            if not self.is_encrypted:
                self.office.said_openly.append(line)
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            usual = getattr(self, f"on_{verb.lower()}", lambda _rest: "502 never heard of it")(rest)
            answer = self.office.answers.get(verb, usual)
            self.say(answer)
            if verb == "QUIT":
                return
            if verb == "STARTTLS" and answer.startswith("220"):
                self.encrypt()
            if verb == "DATA" and answer.startswith("354"):
                self.take_letter()

    def say(self, answer: str) -> None:
        self.connection.wfile.write(answer.encode() + b"\r\n")

    def on_ehlo(self, _rest: str) -> str:
        encrypts = ["STARTTLS"] if self.office.certificate and not self.is_encrypted else []
        lines = ["post office", *self.office.offers, *encrypts]
        return "\r\n".join(f"250{'-' if number < len(lines) else ' '}{line}" for number, line in enumerate(lines, 1))

    def on_starttls(self, _rest: str) -> str:
        return "220 go on in secret" if self.office.certificate else "502 never heard of it"

    def encrypt(self) -> None:
        if self.office.certificate is None:
            return
        self.connection.encrypt(self.office.certificate)
        self.is_encrypted = True

    def on_mail(self, rest: str) -> str:
        self.sender, self.recipients = rest.partition("<")[2].partition(">")[0], []
        return "250 ok"

    def on_rcpt(self, rest: str) -> str:
        self.recipients.append(rest.partition("<")[2].partition(">")[0])
        return "250 ok"

    def on_data(self, _rest: str) -> str:
        return "354 go on"

    def on_auth(self, rest: str) -> str:
        _mechanism, _, credentials = rest.partition(" ")
        self.office.signed_in.append(base64.b64decode(credentials).decode().strip("\0").replace("\0", ":"))
        return "235 welcome"

    def on_rset(self, _rest: str) -> str:
        return "250 ok"

    def on_quit(self, _rest: str) -> str:
        return "221 bye"

    def take_letter(self) -> None:
        lines = []
        while (line := self.connection.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        answer = self.office.answers.get("LETTER", "250 taken")
        if answer.startswith("250"):
            self.office.letters.append(Posted(self.sender, tuple(self.recipients), b"".join(lines)))
        self.say(answer)
