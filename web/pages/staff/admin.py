"""Administration: who works where, and the ways to what operators look after."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

import words
from cases import access
from cases.models import Category, Membership, Person, Unit
from engine import jobs
from engine.base import session
from engine.models import Incident, Job, JobState
from web.guards import allowed
from web.pages.staff import naming

pages = Blueprint("admin", __name__)


@pages.get("/admin")
@allowed(access.may_administer)
def overview() -> ResponseReturnValue:
    """The city at a glance: units, people, what needs somebody."""
    return render_template("staff/admin.html", figures=_figures(), units=_units(), people=_people())


def _figures() -> list[dict[str, object]]:
    open_incidents = (
        session().scalar(select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None))) or 0
    )
    waiting = session().scalar(select(func.count()).select_from(Job).where(Job.state == JobState.WAITING)) or 0
    queue = _("answers") if jobs.is_reachable() else _("does not answer")
    return [
        {
            "term": _("Incidents"),
            "value": open_incidents,
            "href": url_for("stopped.find"),
            "bad": open_incidents > 0,
        },
        {
            "term": _("Jobs waiting"),
            "value": waiting,
            "href": url_for("queue.look"),
            "note": _("The queue %(state)s", state=queue),
        },
        {"term": _("Active people"), "value": _count(Person, Person.is_active)},
        {"term": _("Units"), "value": _count(Unit, Unit.valid_to.is_(None))},
        {"term": _("Categories"), "value": _count(Category, Category.is_active)},
    ]


def _count(kind: type[Person | Unit | Category], condition: object) -> int:
    query = select(func.count()).select_from(kind).where(condition)  # type: ignore[arg-type]  # a condition on that table
    return session().scalar(query) or 0


def _units() -> list[dict[str, object]]:
    """The tree, parts right below what they are part of."""
    members = dict(
        session()
        .execute(select(Membership.unit_id, func.count(Membership.person_id.distinct())).group_by(Membership.unit_id))
        .all()
    )
    found = (
        session()
        .scalars(select(Unit).where(Unit.valid_to.is_(None)).options(selectinload(Unit.parent)).order_by(Unit.id))
        .all()
    )
    lines = [
        {
            "name": words.local_name(unit),
            "code": unit.code,
            "depth": len(path) - 1,
            "people": members.get(unit.id, 0),
            "path": path,
        }
        for unit in found
        for path in [tuple(one.id for one in access.lineage(unit))[::-1]]
    ]
    return sorted(lines, key=lambda line: line["path"])  # type: ignore[arg-type, return-value]  # tuples of numbers


def _people() -> list[dict[str, object]]:
    query = (
        select(Person)
        .options(selectinload(Person.memberships).selectinload(Membership.unit))
        .order_by(Person.sort_key, Person.id)
    )
    return [
        {
            "name": one.full_name,
            "username": one.username,
            "is_active": one.is_active,
            "roles": [
                f"{naming.role(membership.role)}, {words.local_name(membership.unit)}" for membership in one.memberships
            ],
            "signed_in_at": one.signed_in_at,
        }
        for one in session().scalars(query)
    ]
