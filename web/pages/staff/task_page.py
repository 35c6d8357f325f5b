"""What the page of a task shows: the case, what has to be done now, what was done before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import func, select

import words
from cases import access, city, duplicates, extensions, inbox
from cases.inbox.choices import case_of
from cases.models import Case, Person
from engine import clock, tasks
from engine.base import session
from engine.forms import Form
from engine.models import TaskState, UserTask
from web.guards import person
from web.pages.staff import answers, case_parts, naming, rows
from web.pages.staff import inbox as inbox_page

#: Presets for putting a task off: hour of the next working morning.
MORNING = time(7, 30)
SOON = timedelta(hours=2)
#: The form of the task in which more time is granted or refused.
EXTENSION_FORM = "extension"

#: What there is around a task whose process runs for no case.
ALONE: Mapping[str, object] = {
    **dict.fromkeys(["said", "before", "after", "place", "more_time"]),
    **dict.fromkeys(["result_photos", "nearby", "events"], ()),
    "may_see_case": False,
    "unit": "",
}

Problems = Sequence[Mapping[str, str]]


def render(
    task: UserTask, *, sent: answers.Given | None = None, problems: Problems = (), conflict: str = "", status: int = 200
) -> tuple[str, int]:
    """The page of a task; after a refusal with what was typed and why it was refused."""
    reader, case, form = person(), case_of(task), inbox.form(task)
    listing = rows.listing(reader, here=task.id)
    page = render_template(
        "staff/task.html",
        listing=listing,
        rail=rows.rail(reader, listing.view),
        case=case,
        head=_head(task, case),
        badge=case_parts.badge(case) if case else case_parts.task_badge(task, None, is_alone=True),
        task=_described(task, reader),
        form=_form(task, form, reader, sent),
        problems=list(problems),
        errors={problem["where"]: problem["text"] for problem in problems},
        conflict=conflict,
        kept=answers.in_words(form, sent.values) if sent and conflict else [],
        **(_around(task, case, reader) if case else ALONE),
        **_before(task),
        **inbox_page.extras(),
    )
    return page, status


def _described(task: UserTask, reader: Person) -> dict[str, object]:
    """The task in words, and what this reader may do with it."""
    is_open = task.state == TaskState.OPEN
    may_do = access.may_do_task(reader, task)
    return {
        "id": task.id,
        "name": naming.step(task.element_id, task.name, task.name_en),
        "advice": tasks.documentation(task) if naming.locale() == "en" else "",
        "is_open": is_open,
        "state": task.state,
        "ended_at": task.ended_at,
        "ended_by": naming.person_name(task.ended_by),
        "assignee": naming.person_name(task.assignee),
        "is_mine": task.assignee == reader.username,
        "groups": [naming.group(group) for group in task.candidate_groups],
        "may_do": may_do,
        "may_claim": may_do and task.assignee is None,
        "may_release": is_open and task.assignee == reader.username and bool(task.candidate_groups),
        "delegates": _delegates(task) if access.may_delegate(reader, task) else [],
        "follow_up_at": task.follow_up_at if _is_put_off(task) else None,
        "put_off": _put_off(task) if may_do and task.assignee == reader.username else [],
    }


def _around(task: UserTask, case: Case, reader: Person) -> dict[str, object]:
    """What somebody wants to know before they do it."""
    before, after = case_parts.photos(case, "report"), case_parts.photos(case, "result")
    return {
        "said": case_parts.said(case),
        "before": before[0] if before else None,
        "after": after[-1] if after else None,
        "result_photos": after,
        "place": case_parts.place_map(case),
        "nearby": duplicates.of(case),
        "more_time": extensions.pending(case) if task.form_key == EXTENSION_FORM else None,
        "events": case_parts.last_events(case),
        "may_see_case": access.may_see_case(reader, case),
        "unit": words.local_name(case.unit),
    }


def _head(task: UserTask, case: Case | None) -> dict[str, str]:
    """What the page is about: the case, or the process that runs for none."""
    if case:
        return {"title": case.title, "code": case.tracking_code}
    return {"title": task.instance.definition.name, "code": task.instance.business_key}


def _before(task: UserTask) -> dict[str, object]:
    earlier = earlier_answers(task)
    return {"earlier": earlier, "photos": case_parts.photos_by_id(_mentioned(earlier))}


# ------------------------------------------------------------------------------------------------------------ form


def _form(task: UserTask, form: Form, reader: Person, sent: answers.Given | None) -> dict[str, object]:
    drawn = form.drawn if access.may_do_task(reader, task) or sent else {}
    return {
        "drawn": drawn,
        "answers": sent.values if sent else _proposed(task, form),
        "options": options(task, form, reader) if drawn else {},
        "keys_for": next((part.key for part in form.components if part.kind == "radio"), ""),
        "said": answers.in_words(form, task.answers or {}),
    }


def options(task: UserTask, form: Form, reader: Person) -> dict[str, list[dict[str, object]]]:
    """What may be chosen, by `valuesKey`: officials with their open tasks, photos as pictures."""
    if not any(part.values_key for part in form.components):
        return {}
    offered, case = inbox.choices(task, reader), case_of(task)
    busy = _open_tasks(username for username, _name in offered["officials"])
    return {
        "units": [{"value": code, "label": naming.unit(code)} for code, _name in offered["units"]],
        "officials": [
            {"value": username, "label": _("%(person)s – %(n)s open", person=name, n=busy.get(username, 0))}
            for username, name in offered["officials"]
        ],
        "photos_available": [
            {"value": str(one["id"]), "label": one["text"], "photo": one["src"]}
            for one in (case_parts.photos(case) if case else [])
        ],
    }


def _proposed(task: UserTask, form: Form) -> dict[str, object]:
    """Answers to begin with: as drawn, the unit as routed, the result as drafted, and a choice the address makes."""
    case, drafted = case_of(task), _drafted(task)
    known = _known(case, drafted) if case else {}
    drawn = {part.key: part.default for part in form.components if part.default is not None}
    chosen = {part.key: request.args.get(part.key) for part in form.components if part.kind == "radio"}
    sources = (drawn, known, chosen)
    return {key: value for one in sources for key, value in one.items() if value and form.component(key)}


def _known(case: Case, drafted: Mapping[str, object]) -> dict[str, object]:
    return {
        "unit": case.unit.code if case.unit else None,
        "public_title": drafted.get("public_title") or case.title,
        "public_text": drafted.get("public_text") or drafted.get("result_text"),
        "photo_ids": [str(one["id"]) for one in case_parts.photos(case, "result")],
    }


def _drafted(task: UserTask) -> dict[str, object]:
    """What was answered before in this case, later answers in place of earlier ones."""
    drafted: dict[str, object] = {}
    for earlier in reversed(_completed(task)):
        drafted.update(earlier.answers or {})
    return drafted


def _open_tasks(usernames: object) -> dict[str | None, int]:
    query = select(UserTask.assignee, func.count()).where(UserTask.state == TaskState.OPEN)
    query = query.where(UserTask.assignee.in_(list(usernames)))  # type: ignore[call-overload]  # an iterable of texts
    return dict(session().execute(query.group_by(UserTask.assignee)).all())


def _delegates(task: UserTask) -> list[dict[str, object]]:
    people = [one for one in inbox.delegates(task) if one.username != task.assignee]
    busy = _open_tasks(one.username for one in people)
    return [
        {
            "value": one.username,
            "label": _("%(person)s – %(n)s open", person=one.full_name, n=busy.get(one.username, 0)),
        }
        for one in people
    ]


# --------------------------------------------------------------------------------------------------------- earlier


def earlier_answers(task: UserTask) -> list[dict[str, object]]:
    """What was said in the steps before this one, newest first; steps in which something was only chosen are left out."""
    return [said_task(one) for one in _completed(task) if answers.has_substance(inbox.form(one), one.answers)]


def said_task(task: UserTask) -> dict[str, object]:
    """A completed task with its answers in words."""
    return {
        "step": naming.step(task.element_id, task.name, task.name_en),
        "by": naming.person_name(task.ended_by),
        "at": task.ended_at,
        "answers": answers.in_words(inbox.form(task), task.answers or {}),
    }


def _completed(task: UserTask) -> list[UserTask]:
    query = select(UserTask).where(UserTask.instance_id == task.instance_id, UserTask.state == TaskState.COMPLETED)
    query = query.where(UserTask.id != task.id, UserTask.assignee.is_distinct_from(access.REPORTER))
    return list(session().scalars(query.order_by(UserTask.ended_at.desc(), UserTask.id.desc())))


def _mentioned(earlier: Sequence[Mapping[str, object]]) -> list[int]:
    return [photo for one in earlier for said in one["answers"] for photo in said["photos"]]  # type: ignore[attr-defined]  # lists of answers.in_words


# --------------------------------------------------------------------------------------------------------- put off


def _is_put_off(task: UserTask) -> bool:
    return task.follow_up_at is not None and task.follow_up_at > clock.now()


def _put_off(task: UserTask) -> list[dict[str, str]]:
    """Moments to put a task off to, none of them behind its due moment."""
    if request.method != "GET" or task.state != TaskState.OPEN:
        return []
    now = clock.now()
    moments = [now + SOON, next_morning(now)]
    return [
        {"value": one.isoformat(), "text": words.moment(one)}
        for one in moments
        if task.due_at is None or one <= task.due_at
    ]


def next_morning(now: datetime) -> datetime:
    """When the next day's work begins, in the city's time."""
    here = now.astimezone(ZoneInfo(city.settings().time_zone))
    return datetime.combine(here.date() + timedelta(days=1), MORNING, here.tzinfo)
