"""The history of a case in words: one sentence for each event, what was said with it, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

import words
from cases.models import Event
from web.pages.staff import naming

Sentence = Callable[[Mapping[str, Any]], str]

#: Done by the machine: nobody is named beside them.
NOBODY = frozenset({"system", "clock"})
#: What was said to the reporter, or by a unit; shown below the sentence.
SAID = ("question", "message", "reason")


def lines(events: Iterable[Event]) -> list[dict[str, object]]:
    """Events as the timeline shows them, in the order given."""
    events = list(events)
    mentioned = [
        name
        for event in events
        for name in (event.by, event.particulars.get("official"), event.particulars.get("assignee"))
    ]
    names = naming.people(mentioned)
    return [
        {
            "at": event.at,
            "text": sentence(event, names),
            "by": None if event.by in NOBODY else names.get(event.by or ""),
            "detail": _detail(event),
        }
        for event in events
    ]


def sentence(event: Event, names: Mapping[str, str]) -> str:
    """What happened, in one sentence."""
    told = {**event.particulars, "names": names, "public_step": event.public_step}
    said = sentences().get(event.name)
    return said(told) if said else event.name.replace("_", " ").capitalize()


def sentences() -> dict[str, Sentence]:
    """What is said of each kind of event."""
    return {**_of_the_report(), **_of_the_case(), **_of_the_clock(), **_of_more_time(), **_of_tasks(), **_of_letters()}


def _detail(event: Event) -> str:
    told = event.particulars
    code = told.get("reason")
    refusal = refusal_reason(str(code)) if event.name == "case_refused" and code else None
    said = [refusal] if refusal else []
    said += [str(told[key]) for key in SAID if told.get(key) and not (refusal and key == "reason")]
    return "\n".join(said)


def refusal_reason(code: str) -> str:
    """Why a report was not accepted."""
    said = {
        "insufficient": _("Too little information to act on"),
        "not-competent": _("Outside our competence"),
        "already-resolved": _("Already resolved"),
        "legal-complaint": _("A formal complaint or denunciation, to be sent as the law requires"),
        "violation": _("Against the rules"),
    }
    return said.get(code, code)


def outcome(code: str) -> str:
    """How a case ended."""
    said = {
        "closed_satisfied": _("the reporter is satisfied"),
        "closed_partly": _("the reporter is partly satisfied"),
        "closed_unsatisfied": _("the reporter is not satisfied"),
        "closed_silent": _("the reporter gave no feedback"),
        "refused": _("not accepted"),
        "merged": _("merged with another report"),
        "withdrawn": _("withdrawn by the reporter"),
        "cancelled": _("cancelled by the city"),
    }
    return said.get(code, code)


def deadline_kind(kind: object) -> str:
    """Which promise."""
    said = {"accept": _("Acceptance deadline"), "answer": _("Answer deadline")}
    return said.get(str(kind)) or _("Resolution deadline")


def verdict(code: object) -> str:
    """What a reporter thinks of a result."""
    return {"satisfied": _("fixed"), "partly": _("partly fixed"), "not_fixed": _("not fixed")}.get(str(code), str(code))


def _of_the_report() -> dict[str, Sentence]:
    return {
        "report_received": lambda _told: _("Report received"),
        "report_acknowledged": lambda _told: _("Receipt confirmed to the reporter"),
        "report_joined": lambda told: _("%(code)s was merged into this case", code=told.get("joined")),
        "supporter_added": lambda _told: _("One more person has this problem"),
        "question_asked": lambda _told: _("Asked the reporter; the clock stands still"),
        "question_answered": lambda _told: _("The reporter answered"),
        "clock_resumed": lambda told: (
            _("The clock goes on") if told.get("is_answered") else _("No answer in time; the clock goes on")
        ),
        "feedback_given": lambda told: _(
            "The reporter judged the result: %(verdict)s", verdict=verdict(told.get("verdict"))
        ),
        "reporter_viewed": lambda _told: _("Looked at the reporter's name and contact"),
    }


def _of_the_case() -> dict[str, Sentence]:
    return {
        "case_routed": lambda told: _("Routed to %(unit)s", unit=naming.unit(told.get("unit"))),
        "rerouted": lambda told: _(
            "%(asked)s has nobody who takes it on; handed to %(unit)s",
            asked=naming.unit(told.get("asked_for")),
            unit=naming.unit(told.get("unit")),
        ),
        "case_accepted": lambda told: _("Accepted for %(unit)s", unit=naming.unit(told.get("unit"))),
        "case_returned": lambda told: _("%(unit)s returned the case", unit=naming.unit(told.get("unit"))),
        "official_assigned": _assigned,
        "case_refused": lambda _told: _("Not accepted"),
        "case_merged": lambda told: _("Merged into %(code)s", code=told.get("into")),
        "result_published": lambda _told: _("Result published"),
        "result_recorded": lambda _told: _("Result told to the reporter only"),
        "publication_withdrawn": lambda _told: _("Took the published result back"),
        "publication_restored": lambda _told: _("Published the result again"),
        "publication_changed": lambda _told: _("Corrected the published result"),
        "case_reopened": lambda told: _("Reopened (%(times)s)", times=told.get("times")),
        "case_closed": lambda told: _("Closed: %(outcome)s", outcome=outcome(str(told.get("outcome") or ""))),
        "case_withdrawn": lambda _told: _("The reporter took the report back"),
        "case_cancelled": lambda _told: _("Cancelled by the city"),
        "note_written": lambda _told: _("Wrote an internal note"),
        "step_reached": lambda told: _("Status: %(status)s", status=words.status(str(told.get("public_step") or ""))),
    }


def _of_the_clock() -> dict[str, Sentence]:
    return {
        "deadline_reminded": _reminded,
        "deadline_breached": lambda told: _("%(deadline)s has passed", deadline=deadline_kind(told.get("kind"))),
        "case_escalated": lambda told: _(
            "Brought before the leaders, level %(level)s: %(group)s",
            level=told.get("level"),
            group=naming.group(str(told.get("group") or "")),
        ),
        "leader_reminded": lambda told: _(
            "Reminded the leaders: %(group)s", group=naming.group(str(told.get("group") or ""))
        ),
        "direction_given": lambda told: _(
            "Directed what is to be done: %(deadline)s", deadline=deadline_kind(told.get("kind"))
        ),
        "timer_fired": lambda told: _("Time is up: %(step)s", step=_step(told)),
        "message_received": lambda told: _("Message arrived: %(step)s", step=_step(told)),
        "incident_opened": lambda told: _("Stopped by a failure: %(step)s", step=_step(told)),
        "incident_resolved": lambda told: _("Tried again after a failure: %(step)s", step=_step(told)),
    }


def _of_more_time() -> dict[str, Sentence]:
    return {
        "targets_revised": _revised,
        "deadline_redated": _redated,
        "extension_asked": lambda told: _(
            "Asked for %(days)s working days more: %(reason)s", days=told.get("days"), reason=told.get("reason")
        ),
        "extension_granted": lambda told: _(
            "Extended the deadline to %(moment)s", moment=_moment(told.get("moved_to"))
        ),
        "extension_refused": lambda told: _("Refused to extend the deadline: %(reason)s", reason=told.get("reason")),
        "extension_lapsed": lambda _told: _("The deadline had passed before it could be extended"),
        "waiting_began": lambda told: _(
            "Waits for %(body)s; the clock stands still: %(reason)s", body=told.get("body"), reason=told.get("reason")
        ),
        "body_answered": lambda _told: _("The body we waited for has answered"),
    }


def _revised(told: Mapping[str, Any]) -> str:
    urgency = words.urgency(str(told.get("urgency") or ""))
    moved = [
        f"{deadline_kind(one.get('kind'))}: {_moment(one.get('to')) or _('no target')}"
        for one in told.get("moved") or []
    ]
    return "; ".join([_("Urgency: %(urgency)s", urgency=urgency), *moved])


def _redated(told: Mapping[str, Any]) -> str:
    deadline, moved_to = deadline_kind(told.get("kind")), _moment(told.get("moved_to"))
    reason = told.get("reason")
    return _("%(deadline)s moved to %(moment)s: %(reason)s", deadline=deadline, moment=moved_to, reason=reason)


def _of_tasks() -> dict[str, Sentence]:
    return {
        "task_completed": lambda told: _("Completed: %(step)s", step=_step(told)),
        "task_claimed": lambda told: _("Claimed: %(step)s", step=_step(told)),
        "task_released": lambda told: _("Released: %(step)s", step=_step(told)),
        "task_delegated": lambda told: _(
            "Given to %(person)s: %(step)s", person=told["names"].get(told.get("assignee"), ""), step=_step(told)
        ),
        "task_put_off": lambda told: _("Put off: %(step)s", step=_step(told)),
    }


def _of_letters() -> dict[str, Sentence]:
    return {"message_failed": lambda _told: _("A letter could not be delivered")}


def _moment(written: object) -> str:
    return words.moment(datetime.fromisoformat(written)) if isinstance(written, str) else ""


def _reminded(told: Mapping[str, Any]) -> str:
    deadline = deadline_kind(told.get("kind"))
    if told.get("reminder") == "half":
        return _("%(deadline)s: half of the time is over", deadline=deadline)
    return _("%(deadline)s comes near", deadline=deadline)


def _assigned(told: Mapping[str, Any]) -> str:
    official = told.get("official")
    if not official:
        return _("Assigned to the unit")
    return _("Assigned to %(person)s", person=told["names"].get(official, official))


def _step(told: Mapping[str, Any]) -> str:
    return naming.step(str(told.get("element") or ""), str(told.get("element_name") or ""), told.get("name_en"))
