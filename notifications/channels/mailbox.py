"""Without a mail server letters become files, one RFC 822 message each, so that one can look at them."""

from __future__ import annotations

import os
import re
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from notifications.channels import Channel, TransportError


def channel(directory: Path) -> Channel:
    """Puts letters into a directory, named after their message id: the same letter again is the same file."""

    def deliver(mail: EmailMessage) -> None:
        name = re.sub(r"[^\w.-]", "_", str(mail["Message-ID"]).strip("<>").partition("@")[0])
        unfinished = directory / f".{name}.{os.getpid()}"
        try:
            directory.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(mail.as_bytes(policy=SMTP))
            unfinished.replace(directory / f"{name}.eml")
        except OSError as error:
            raise TransportError(str(error), is_permanent=False) from error

    return deliver
