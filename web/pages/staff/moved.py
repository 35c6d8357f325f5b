"""Migrations that were begun: how far each is, what became of every instance, and taking it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

import words
from cases import access
from engine import definitions, migration
from engine.base import session
from engine.errors import Problem
from engine.ledger import Migration, MigrationResult, MigrationState, ResultState
from web.guards import allowed, person
from web.pages.staff import asked, moving, naming, running_words

ROWS = 50

pages = Blueprint("moved", __name__)

ONE = f"/admin/migrations/<{asked.ROW}:migration_id>"


@pages.get("/admin/migrations")
@allowed(access.may_migrate)
def find() -> ResponseReturnValue:
    """Every migration, the newest first."""
    after = asked.number("after")
    query = select(Migration).options(joinedload(Migration.to_definition)).order_by(Migration.id.desc())
    found = list(session().scalars((query.where(Migration.id < after) if after else query).limit(ROWS + 1)))
    return render_template(
        "staff/migrations.html",
        migrations=[_shown(one) for one in found[:ROWS]],
        back=moving.home(),
        next_href=url_for(".find", after=found[ROWS - 1].id) if len(found) > ROWS else "",
        first_href=url_for(".find") if after else "",
    )


@pages.get(ONE)
@allowed(access.may_migrate)
def look(migration_id: int) -> ResponseReturnValue:
    """How far it is, and what became of each instance."""
    found, after, state = migration.get(migration_id), asked.number("after"), asked.text("state")
    query = select(MigrationResult).where(MigrationResult.migration_id == migration_id)
    query = query.options(joinedload(MigrationResult.instance)).order_by(MigrationResult.id)
    query = query.where(MigrationResult.state == state) if state in _states() else query
    results = list(session().scalars((query.where(MigrationResult.id > after) if after else query).limit(ROWS + 1)))
    address: dict[str, Any] = {"migration_id": migration_id, **({"state": state} if state in _states() else {})}
    return render_template(
        "staff/migration.html",
        migration=_shown(found),
        results=[_result(one) for one in results[:ROWS]],
        state=state,
        here=url_for(".look", **{**address, **({"after": after} if after else {})}),
        next_href=url_for(".look", **address, after=results[ROWS - 1].id) if len(results) > ROWS else "",
        first_href=url_for(".look", **address) if after else "",
        may_operate=access.may_operate(person()),
    )


@pages.get(f"{ONE}/reversal")
@allowed(access.may_migrate)
def ask_to_undo(migration_id: int) -> ResponseReturnValue:
    """Say what taking back means, ask why."""
    return _reversal(migration.get(migration_id))


@pages.post(f"{ONE}/reversal")
@allowed(access.may_migrate)
def undo(migration_id: int) -> ResponseReturnValue:
    """Take it back where nothing has happened since."""

    def done() -> None:
        migration.undo(migration_id, by=person().username, reason=asked.reason())

    problems, status = asked.attempt(done)
    if problems:
        return _reversal(migration.get(migration_id), problems), status
    flash(_("The migration is being taken back."), "success")
    return redirect(url_for(".look", migration_id=migration_id), 303)


def _reversal(found: Migration, problems: list[asked.Complaint] | None = None) -> str:
    return render_template(
        "staff/migration_undo.html",
        migration=_shown(found),
        reason=asked.text("reason"),
        problems=problems or [],
        errors=asked.beside(problems or []),
    )


def _shown(one: Migration) -> dict[str, Any]:
    counts = migration.counts(one.id)
    total, left = sum(counts.values()), counts[ResultState.WAITING] + counts[ResultState.UNDOING]
    is_undoing = one.state in (MigrationState.UNDOING, MigrationState.UNDONE)
    whole = counts[ResultState.UNDOING] + counts[ResultState.UNDONE] + counts[ResultState.MOVED_ON] if is_undoing else total  # fmt: skip
    return {
        "id": one.id,
        "href": url_for("moved.look", migration_id=one.id),
        "process": one.to_definition.name,
        "from": one.from_version,
        "to": one.to_definition.version,
        "state": _batch_states()[one.state],
        "is_at_rest": one.ended_at is not None,
        "can_be_undone": one.state == MigrationState.DONE and counts[ResultState.MIGRATED] > 0,
        "reason": one.reason,
        "by": naming.person_name(one.started_by),
        "started_at": one.started_at,
        "ended_at": one.ended_at,
        "total": whole,
        "done": whole - left,
        "counts": [{"state": code, "text": text, "number": counts[code]} for code, text in _states().items() if counts[code]],
        "mapping": list(one.mapping.items()),
    }  # fmt: skip


def _batch_states() -> dict[str, str]:
    return {
        MigrationState.RUNNING: _("is being done"),
        MigrationState.DONE: _("done"),
        MigrationState.UNDOING: _("is being taken back"),
        MigrationState.UNDONE: _("taken back"),
    }


def _states() -> dict[str, str]:
    return {
        ResultState.WAITING: _("waits"),
        ResultState.MIGRATED: _("went over"),
        ResultState.REFUSED: _("stayed where it was"),
        ResultState.ENDED: _("had ended, or was there already"),
        ResultState.UNDOING: _("waits to be taken back"),
        ResultState.UNDONE: _("was taken back"),
        ResultState.MOVED_ON: _("not taken back: something has happened since"),
    }


def _result(one: MigrationResult) -> dict[str, Any]:
    elements = definitions.process_of(one.from_definition_id).elements
    tone = {"migrated": "good", "refused": "bad", "moved_on": "wait", "waiting": "plain"}.get(one.state, "plain")
    return {
        "key": one.instance.business_key,
        "href": url_for("running.look", instance_id=one.instance_id),
        "text": _states()[one.state],
        "tone": tone,
        "why": [_why(problem, elements) for problem in one.problems],
    }


def _why(told: dict[str, Any], elements: Any) -> str:
    where = str(told.get("element_id") or "")
    text = words.problem_text(Problem(where, str(told.get("code")), message=str(told.get("message") or "")))
    return f"{running_words.element(elements, where)}: {text}" if where else text
