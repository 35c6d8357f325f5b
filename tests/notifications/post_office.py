"""A small real mail server: speaks SMTP on a socket, keeps what it is given, and refuses what it is told to refuse."""

from __future__ import annotations

import base64
import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default


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
    port: int = 0

    @property
    def url(self) -> str:
        """The address to put into SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def opened(office: PostOffice) -> Iterator[PostOffice]:
    """Have the server listen on some port until the end of the block."""

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            Talk(office, self).go()

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield office
        server.shutdown()
        thread.join()


class Talk:
    """One client's conversation."""

    def __init__(self, office: PostOffice, connection: socketserver.StreamRequestHandler) -> None:
        self.office = office
        self.connection = connection
        self.sender = ""
        self.recipients: list[str] = []

    def go(self) -> None:
        self.say(self.office.answers.get("CONNECT", "220 post office"))
        while line := self.connection.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            usual = getattr(self, f"on_{verb.lower()}", lambda _rest: "502 never heard of it")(rest)
            answer = self.office.answers.get(verb, usual)
            self.say(answer)
            if verb == "QUIT":
                return
            if verb == "DATA" and answer.startswith("354"):
                self.take_letter()

    def say(self, answer: str) -> None:
        self.connection.wfile.write(answer.encode() + b"\r\n")

    def on_ehlo(self, _rest: str) -> str:
        lines = ["post office", *self.office.offers]
        return "\r\n".join(f"250{'-' if number < len(lines) else ' '}{line}" for number, line in enumerate(lines, 1))

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
