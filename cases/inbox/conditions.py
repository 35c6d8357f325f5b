"""What belongs in which view: conditions on `UserTask` joined with its `Case`, each served by an index."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, cast, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.types import Text

from cases import access
from cases.models import Case, Deadline, DeadlinePause, Person, Role
from engine import clock
from engine.models import Definition, Instance, TaskState, UserTask

#: Tasks completed longer ago are found by searching for the case.
DONE_FOR = timedelta(days=7)
#: Words of a search that count.
MOST_WORDS = 8
INTAKE_FORM = "intake_check"
AWAITING_INFO = "awaiting_info"

Condition = ColumnElement[bool]


def in_view(person: Person, view: str) -> Condition:
    """Which tasks are in a view of this person; none for somebody who may not sign in.

    Raises: KeyError for an unknown view.
    """
    condition = VIEWS[view]
    return condition(person) if person.is_active else false()


def matches(text: str) -> list[Condition]:
    """Every word stands in the title, the address or the tracking code, or where there is no case in the name of the process
    or its business key; accents and capitals make no difference.
    """
    words = unicodedata.normalize("NFC", text.replace("\0", " ")).split()[:MOST_WORDS]
    of_case, of_process = (Case.title, Case.address, Case.tracking_code), (Definition.name, Instance.business_key)
    return [or_(*(_contains(column, word) for column in of_case), _runs(word, of_process)) for word in words]


def _runs(word: str, columns: Collection[InstrumentedAttribute[str]]) -> Condition:
    running = select(Instance.id).join(Definition).where(Instance.id == UserTask.instance_id)
    return and_(Case.id.is_(None), running.where(or_(*(_contains(column, word) for column in columns))).exists())


def _mine(person: Person) -> Condition:
    return and_(_open(), UserTask.assignee == person.username, ~_put_off())


def _later(person: Person) -> Condition:
    return and_(_open(), UserTask.assignee == person.username, _put_off())


def _unit(person: Person) -> Condition:
    return and_(_open(), UserTask.assignee.is_(None), _offered_to(access.groups(person)))


def _intake(person: Person) -> Condition:
    free_or_mine = or_(UserTask.assignee.is_(None), UserTask.assignee == person.username)
    return and_(_open(), UserTask.form_key == INTAKE_FORM, free_or_mine, _offered_to(access.groups(person)))


def _soon(person: Person) -> Condition:
    now = clock.now()
    return and_(_watched(person), _has_promise(Deadline.remind_at <= now, Deadline.due_at > now), ~_is_overdue())


def _overdue(person: Person) -> Condition:
    return and_(_watched(person), _is_overdue())


def _waiting(person: Person) -> Condition:
    """Nobody has a task while the reporter is asked; the one that asked stands for the case."""
    units = [membership.unit_id for membership in person.memberships]
    concerns = or_(
        UserTask.ended_by == person.username,
        _offered_to(access.groups(person)),
        Case.unit_id.in_(units),
        _all_city(person),
    )
    later = aliased(UserTask)
    asked_later = select(later.id).where(
        later.instance_id == UserTask.instance_id,
        later.state == TaskState.COMPLETED,
        later.form_key == INTAKE_FORM,
        later.id > UserTask.id,
    )
    return and_(
        Case.status == AWAITING_INFO, UserTask.state == TaskState.COMPLETED, UserTask.form_key == INTAKE_FORM,
        concerns, ~asked_later.exists(),
    )  # fmt: skip


def _done(person: Person) -> Condition:
    since = clock.now() - DONE_FOR
    return and_(UserTask.ended_by == person.username, UserTask.ended_at >= since, UserTask.state == TaskState.COMPLETED)


#: The views in the order of the rail.
VIEWS: dict[str, Callable[[Person], Condition]] = {
    "intake": _intake,
    "mine": _mine,
    "unit": _unit,
    "soon": _soon,
    "overdue": _overdue,
    "waiting": _waiting,
    "later": _later,
    "done": _done,
}


# ------------------------------------------------------------------------------------------------------------ parts


def _open() -> Condition:
    return UserTask.state == TaskState.OPEN


def _put_off() -> Condition:
    return and_(UserTask.follow_up_at.is_not(None), UserTask.follow_up_at > clock.now())


def _offered_to(groups: Collection[str]) -> Condition:
    offered: Condition = UserTask.candidate_groups.overlap(cast(list(groups), ARRAY(Text)))
    return offered


def _watched(person: Person) -> Condition:
    """Open tasks this person answers for: all of the city for a supervisor; never the reporter's own."""
    staff = or_(UserTask.assignee.is_(None), UserTask.assignee != access.REPORTER)
    own = or_(UserTask.assignee == person.username, _offered_to(access.watched_groups(person)), _all_city(person))
    return and_(_open(), staff, own)


def _all_city(person: Person) -> Condition:
    return true() if access.has_role(person, Role.SUPERVISOR) else false()


def _is_overdue() -> Condition:
    now = clock.now()
    return or_(UserTask.due_at <= now, _has_promise(Deadline.due_at <= now))


def _has_promise(*conditions: Condition) -> Condition:
    """The case has an open promise, its clock running, for which this holds."""
    stands_still = select(DeadlinePause.id).where(
        DeadlinePause.deadline_id == Deadline.id, DeadlinePause.ended_at.is_(None)
    )
    promise = select(Deadline.id).where(
        Deadline.case_id == Case.id, Deadline.met_at.is_(None), Deadline.ended_at.is_(None),
        ~stands_still.exists(), *conditions,
    )  # fmt: skip
    return promise.exists()


def _contains(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], word: str) -> Condition:
    literal = re.sub(r"([\\%_])", r"\\\1", word.lower())
    plain: ColumnElement[str] = func.unaccent(func.lower(column), type_=Text)
    return plain.like(func.concat("%", func.unaccent(literal), "%"), escape="\\")
