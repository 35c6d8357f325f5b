"""Writing letters: the words of a moment in the reader's language, as text and as plain HTML made of the same text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from cases import redating_work
from cases.models import Case, Message
from engine import clock, jobs
from engine.base import session
from notifications import rendering
from notifications.moments import Recipient, recipients
from notifications.rendering import Letter

#: Whether letters are held back in this thread: what is lived again from a record must not be written about again.
_is_silent: ContextVar[bool] = ContextVar("is_silent", default=False)

CHANNEL = "email"
TOPIC = "deliver_message"
#: What a letter with a report of performance is called among the moments.
REPORT = "performance_report"


@contextmanager
def silence() -> Iterator[None]:
    """Write nothing to anybody within the block, in this thread."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def send(moment: str, case: Case, **context: object) -> list[Message]:
    """Write to everybody a moment concerns: one row and one job each, in the caller's transaction.

    The words may use: `question` and `answer_until` (question_asked); `reason` (a code) and `message` (case_refused);
    `deadline_kind` accept|resolve and `due_at` (deadline_reminder with `reminder` half|soon; deadline_escalated and
    leader_reminder, which go to `escalation_group`; direction_given with `direction`); `due_at` (case_reopened); `feedback_until` (result_published); `official` (task_assigned).
    Whoever left no address is not written to.
    Raises: KeyError for an unknown moment.
    """
    if _is_silent.get():
        return []
    messages = [_written(moment, case, recipient, context) for recipient in recipients(moment, case, context)]
    session().add_all(messages)
    session().flush()
    for message in messages:
        jobs.add(TOPIC, {"message_id": message.id})
    return messages


def send_report(address: str, locale: str, context: Mapping[str, object], *, file_name: str, file: bytes) -> Message:
    """Write one reader a report of performance with its workbook; one row and one job, in the caller's transaction.

    The words may use what `rendering.render_report` says; `stop_page` also goes where mail programs look for it.
    """
    letter = rendering.render_report(locale, context)
    message = _row(REPORT, address, letter)
    message.file_name, message.file, message.stop_url = file_name, file, str(context["stop_page"])
    session().add(message)
    session().flush()
    jobs.add(TOPIC, {"message_id": message.id})
    return message


@redating_work.on_move
def _tell_of_the_new_date(case: Case, due_at: datetime | None, reason: str) -> None:
    send("deadline_changed", case, due_at=due_at, reason_told=reason)


def _written(moment: str, case: Case, recipient: Recipient, context: dict[str, object]) -> Message:
    message = _row(moment, recipient.address, rendering.render(moment, case, recipient, context))
    message.case_id = recipient.case.id
    return message


def _row(moment: str, address: str, letter: Letter) -> Message:
    return Message(
        moment=moment,
        channel=CHANNEL,
        address=address,
        locale=letter.locale,
        subject=letter.subject,
        body_text=letter.text,
        body_html=letter.html,
        state="waiting",
        attempts=0,
        created_at=clock.now(),
    )
