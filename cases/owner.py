"""What the holder of a report's secret link may do: answer, judge the result, take the report back.

The tracking code alone opens the public view; everything here asks for the secret first.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cases import attachments, cases, codes, history, new_report, reports
from cases.cases import support
from cases.models import Attachment, Case, Feedback, Report
from cases.new_report import PhotoUpload
from engine import clock, messages, tasks
from engine.base import session
from engine.errors import Conflict, Invalid, Problem, Refused
from engine.models import TaskState, UserTask

REPORTER = "reporter"
VERDICTS = ("satisfied", "partly", "not_fixed")
LONGEST_COMMENT = 2000

__all__ = [
    "answer_question",
    "can_give_feedback",
    "case_for",
    "give_feedback",
    "photo",
    "question",
    "support",
    "withdraw",
]


class NotTheOwner(Refused):
    """This link does not belong to the report."""


class FeedbackNotAwaited(Conflict):
    """Nobody is waiting for feedback on this case now."""


def case_for(tracking_code: str, secret: str) -> Case:
    """The case, for the holder of its secret. Raises: CaseNotFound, NotTheOwner."""
    case = cases.find_by_code(tracking_code)
    if not (codes.matches(secret, case.owner_key_hash) or codes.is_owner_key(secret, case.tracking_code)):
        raise NotTheOwner
    return case


def answer_question(case: Case, text: str, photos: Sequence[PhotoUpload] = ()) -> Report:
    """Answer what the intake desk asked; the case goes on. Raises: Invalid, MessageNotAwaited."""
    text = new_report.tidy_text(text)
    pictures = _pictures(text, photos)
    cases.lock(case)
    answer = _said_later(case, text)
    for picture in pictures:
        attachments.keep(case, picture, kind="report", by=REPORTER, report=answer)
    history.record(case, "question_answered", by=REPORTER)
    messages.deliver("reporter_answered", case.tracking_code, {}, by=REPORTER)
    return answer


def withdraw(case: Case, reason: str = "") -> None:
    """Take the report back; the reason stays with the city. Raises: MessageNotAwaited when the case has ended."""
    reason = new_report.tidy_text(reason)
    cases.lock(case)
    if reason:
        cases.note(case, reason[:LONGEST_COMMENT], by=REPORTER)
    messages.deliver("report_withdrawn", case.tracking_code, {}, by=REPORTER)


def give_feedback(case: Case, verdict: str, stars: int | None = None, comment: str = "") -> Feedback:
    """Say what one thinks of the result; the case closes, or opens again. Raises: Invalid, FeedbackNotAwaited."""
    comment = new_report.tidy_text(comment)
    _check_feedback(verdict, stars, comment)
    cases.lock(case)
    task = _feedback_task(case)
    if task is None:
        raise FeedbackNotAwaited
    given = Feedback(case_id=case.id, verdict=verdict, stars=stars, comment=comment or None, given_at=clock.now())
    session().add(given)
    history.record(case, "feedback_given", by=REPORTER, verdict=verdict, stars=stars)
    answers = {"verdict": verdict, "stars": stars, "comment": comment or None}
    tasks.complete(task.id, {name: answer for name, answer in answers.items() if answer is not None}, by=REPORTER)
    return given


def can_give_feedback(case: Case) -> bool:
    """Whether the result is waiting for the reporter's judgement."""
    return _feedback_task(case) is not None


def question(case: Case) -> str | None:
    """What the reporter is asked now."""
    if case.status != "awaiting_info":
        return None
    asked = [event for event in history.timeline(case) if event.name == "question_asked"]
    return str(asked[-1].particulars.get("question") or "") if asked else None


def photo(case: Case, attachment_id: int) -> Attachment:
    """One of the reporter's own photos. Raises: PhotoNotFound."""
    found = session().get(Attachment, attachment_id)
    if found is None or found.case_id != case.id or found.report_id is None:
        raise attachments.PhotoNotFound(attachment_id)
    return found


def _feedback_task(case: Case) -> UserTask | None:
    query = select(UserTask).where(UserTask.instance_id == case.instance_id, UserTask.state == TaskState.OPEN)
    return session().scalar(query.where(UserTask.assignee == REPORTER).order_by(UserTask.id).limit(1))


def _said_later(case: Case, text: str) -> Report:
    first = case.reports[0]
    report = Report(case=case, text=text, channel=reports.ANSWER, locale=first.locale, received_at=clock.now())
    session().add(report)
    session().flush()
    return report


def _pictures(text: str, photos: Sequence[PhotoUpload]) -> list[attachments.Picture]:
    """Raises: Invalid for an answer that says nothing or too much, and for what is no photo."""
    problems = []
    if not text and not photos:
        problems.append(Problem("text", "required"))
    if len(text) > new_report.LONGEST_TEXT:
        problems.append(Problem("text", "too_long", {"max": new_report.LONGEST_TEXT}))
    pictures = new_report.pictures(photos, problems)
    if problems:
        raise Invalid(problems)
    return list(pictures)


def _check_feedback(verdict: str, stars: int | None, comment: str) -> None:
    problems = []
    if verdict not in VERDICTS:
        problems.append(Problem("verdict", "unknown" if verdict else "required"))
    if stars is not None and stars not in range(1, 6):
        problems.append(Problem("stars", "unknown"))
    if len(comment) > LONGEST_COMMENT:
        problems.append(Problem("comment", "too_long", {"max": LONGEST_COMMENT}))
    if problems:
        raise Invalid(problems)
