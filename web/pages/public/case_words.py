"""How a case is told to the public: its title, steps, log and reasons, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

import words
from cases.history import Step
from cases.public_log import Line
from cases.publications import PublicCase


def title(case: PublicCase) -> str:
    """The published title, until then the category; of a sensitive case neither."""
    if case.publication is not None:
        return case.publication.title
    return words.local_name(case.category) or _("Report that is not public")


def steps(found: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps for the tracker; waiting for somebody is a step aside."""
    return [{"text": words.status(step.code), "state": _state(step), "note": words.moment(step.at)} for step in found]


def _state(step: Step) -> str:
    if step.state == "now" and step.code in ("awaiting_info", "awaiting_other"):
        return "side"
    return "done" if step.state == "now" and step.code == "closed" else step.state.value


def entry(line: Line) -> dict[str, Any]:
    """A line of the public log."""
    return {"at": line.at, "text": _sentence(line), "by": words.local_name(line.unit)}


def refusal_reason(code: str) -> str:
    """Why a report is not accepted."""
    said = {
        "insufficient": _("There is not enough information to find out what or where it is."),
        "not-competent": _("This is not for the city to decide."),
        "already-resolved": _("This has already been resolved."),
        "legal-complaint": _("This is a complaint or denunciation that must be sent as the law prescribes."),
        "violation": _("The content breaks the rules, for example by insulting somebody or being untrue."),
    }
    return said.get(code, "")


def what_now(code: str) -> str:
    """What somebody whose report was refused can do."""
    said = {
        "insufficient": _("You can report it again with a photo and the exact place."),
        "not-competent": _("The answer says which body is competent. You can turn to it."),
        "already-resolved": _("If the problem is still there, report it again with a new photo."),
        "legal-complaint": _("You can hand it in with your name and address at the citizens' reception office."),
        "violation": _("You can report the facts again, without insults."),
    }
    return said.get(code, _("You can object by calling the hotline."))


def _sentence(line: Line) -> str:
    particular = _PARTICULAR.get(line.name)
    if particular is not None:
        return particular(line)
    said = {
        "report_received": _("Report received"),
        "case_routed": _("Sent to the unit responsible"),
        "case_accepted": _("Accepted"),
        "case_returned": _("Returned to the intake desk"),
        "official_assigned": _("Given to an official"),
        "question_asked": _("We asked the reporter something; the clock stands still"),
        "question_answered": _("The reporter answered"),
        "body_answered": _("The body we waited for has answered"),
        "feedback_given": _("The reporter judged the result"),
        "case_reopened": _("Reopened because the reporter was not satisfied"),
        "report_joined": _("Another report of the same problem was joined"),
        "case_refused": _("Not accepted"),
        "case_withdrawn": _("Withdrawn by the reporter"),
        "case_cancelled": _("Cancelled by the city"),
        "case_closed": _("Closed"),
    }
    return said.get(line.name) or _of_the_result().get(line.name, "")


def _of_the_result() -> dict[str, str]:
    return {
        "result_published": _("Result published"),
        "result_recorded": _("Result recorded; it is not public"),
        "publication_withdrawn": _("The published result was taken back"),
        "publication_restored": _("The result was published again"),
        "publication_changed": _("The published result was corrected"),
    }


def _breached(line: Line) -> str:
    if line.kind == "accept":
        return _("The time to accept has passed; the leaders have been told")
    if line.kind == "answer":
        return _("The time to publish the result has passed")
    return _("The deadline has passed; the leaders have been told")


def _resumed(line: Line) -> str:
    return _("The clock goes on") if line.is_answered else _("No answer came; the clock goes on")


def _extended(line: Line) -> str:
    return _("The deadline was extended to %(moment)s: %(reason)s", moment=_moved_to(line), reason=line.reason or "")


def _revised(line: Line) -> str:
    return _("The deadline was counted anew: %(moment)s", moment=_moved_to(line))


def _redated(line: Line) -> str:
    return _("The deadline was moved to %(moment)s: %(reason)s", moment=_moved_to(line), reason=line.reason or "")


def _moved_to(line: Line) -> str:
    return words.moment(datetime.fromisoformat(line.moved_to)) if line.moved_to else ""


def _waiting(line: Line) -> str:
    told = {"body": line.body or "", "reason": line.reason or ""}
    return _("Waiting for %(body)s; the clock stands still: %(reason)s", **told)


def _merged(line: Line) -> str:
    if line.into is None:
        return _("Merged with another report")
    return _("Merged with report %(code)s about the same problem", code=line.into)


#: Events whose sentence tells more than that they happened.
_PARTICULAR: Mapping[str, Callable[[Line], str]] = {
    "deadline_breached": _breached,
    "clock_resumed": _resumed,
    "extension_granted": _extended,
    "targets_revised": _revised,
    "deadline_redated": _redated,
    "waiting_began": _waiting,
    "case_merged": _merged,
}
