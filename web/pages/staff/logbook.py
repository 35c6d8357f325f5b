"""What operators did and why, and handing in a message as another program would."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from cases import access
from engine import definitions, messages
from engine.base import session
from engine.errors import Invalid, Problem
from engine.ledger import Operation
from engine.models import Definition, Instance
from engine.overview import Line
from engine.spiff import Element
from web.guards import allowed, person
from web.pages.staff import asked, running_words

ROWS = 50
#: Characters of a name or a key.
LONGEST = 200
#: How long a message may be kept for somebody who does not wait yet.
HOURS = {0: timedelta(0), 1: timedelta(hours=1), 24: timedelta(days=1), 168: timedelta(days=7), 720: timedelta(days=30)}

pages = Blueprint("logbook", __name__)


@pages.get("/admin/log")
@allowed(access.may_operate)
def log() -> ResponseReturnValue:
    """What operators did, the newest first."""
    wanted, after = {name: asked.text(name)[:LONGEST] for name in ("kind", "by")}, asked.number("after")
    query = select(Operation).order_by(Operation.id.desc())
    for column, name in ((Operation.kind, "kind"), (Operation.by, "by")):
        query = query.where(column == wanted[name]) if wanted[name] else query
    found = list(session().scalars((query.where(Operation.id < after) if after else query).limit(ROWS + 1)))
    given = {name: value for name, value in wanted.items() if value}
    return render_template(
        "staff/operations.html",
        rows=_rows(found[:ROWS]),
        wanted=wanted,
        kinds=[{"value": code, "label": text} for code, text in running_words.acts().items()],
        next_href=url_for(".log", kind=given.get("kind"), by=given.get("by"), after=found[ROWS - 1].id) if len(found) > ROWS else "",
        first_href=url_for(".log", kind=given.get("kind"), by=given.get("by")) if after else "",
    )  # fmt: skip


@pages.get("/admin/messages")
@allowed(access.may_operate)
def message() -> ResponseReturnValue:
    """A form for what another program would send."""
    return _form()


@pages.post("/admin/messages")
@allowed(access.may_operate)
def send() -> ResponseReturnValue:
    """Hand it to the instance that waits for it, let it start one, or keep it."""
    receipts: list[messages.Receipt] = []

    def done() -> None:
        reading = asked.Reading()
        name, keep_for = reading.take(_name, ""), reading.take(_keep_for, timedelta(0))
        key, message_id = reading.take(lambda: _short("key"), ""), reading.take(lambda: _short("message_id"), "")
        values: dict[str, Any] = reading.take(lambda: asked.json_object("variables"), {})
        reading.check()
        said = {"by": person().username, "message_id": message_id or None}
        receipts.append(_publish(name, key, values, keep_for=keep_for, **said))

    problems, status = asked.attempt(done)
    if problems:
        return _form(problems), status
    flash(_told(receipts[0]), "success")
    return redirect(url_for(".message"), 303)


def _publish(name: str, key: str, values: dict[str, Any], **said: Any) -> messages.Receipt:
    """Raises: Invalid, with problems where the form has their field."""
    try:
        return messages.publish(name, key, values, **said)
    except Invalid as error:
        raise Invalid([Problem("variables", one.code, one.params, one.message) for one in error.problems]) from error


def _told(receipt: messages.Receipt) -> str:
    keys = ", ".join(receipt.business_keys)
    return {
        "taken": _("Taken by %(keys)s.", keys=keys),
        "started": _("It started %(keys)s.", keys=keys),
        "kept": _("Nobody waits for it yet; it is kept."),
        "duplicate": _("It was known already; nothing happened."),
    }[receipt.result]


def _name() -> str:
    """Raises: Invalid."""
    if not asked.text("name"):
        raise Invalid([Problem("name", "required")])
    return _short("name")


def _short(field: str) -> str:
    """Raises: Invalid."""
    if len(asked.text(field)) > LONGEST:
        raise Invalid([Problem(field, "too_long", {"max": LONGEST})])
    return asked.text(field)


def _keep_for() -> timedelta:
    """Raises: Invalid."""
    hours = asked.number("keep") if asked.text("keep") else 0
    if hours not in HOURS:
        raise Invalid([Problem("keep", "not_an_option")])
    return HOURS[hours]


def _form(problems: list[asked.Complaint] | None = None) -> str:
    spans = {0: _("Do not keep it"), 1: _("One hour"), 24: _("One day"), 168: _("A week"), 720: _("30 days")}
    return render_template(
        "staff/message_form.html",
        given={name: asked.text(name) for name in ("name", "key", "variables", "message_id", "keep")},
        spans=[{"value": hours, "label": text} for hours, text in spans.items()],
        problems=problems or [],
        errors=asked.beside(problems or []),
    )


def _rows(found: list[Operation]) -> list[dict[str, Any]]:
    instances = _by_id(Instance, [one.instance_id for one in found])
    processes = _by_id(Definition, [one.definition_id for one in found])
    rows = []
    for one in found:
        instance, definition = instances.get(one.instance_id), processes.get(one.definition_id)
        elements: dict[str, Element] = definitions.process(definition).elements if definition and instance else {}
        line = Line(one.at, one.kind, None, one.by, {"reason": one.reason, **one.particulars})
        (said,) = running_words.history([line], elements)
        rows.append({
            **said,
            "key": instance.business_key if instance else "",
            "href": url_for("running.look", instance_id=one.instance_id) if instance else "",
            "process": f"{definition.name}, v{definition.version}" if definition else "",
        })  # fmt: skip
    return rows


def _by_id(kind: Any, ids: list[int | None]) -> dict[int | None, Any]:
    return {one.id: one for one in session().scalars(select(kind).where(kind.id.in_({*ids} - {None})))}
