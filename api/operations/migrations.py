"""Migrations of running instances: looked at before, begun, followed, taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from api import problems
from api.fields import InvalidInput
from api.guards import person
from api.operations.desk import doors, migrator, newest, refused, wrong
from api.shapes.migrations import (
    Migrations,
    MigrationTaken,
    Outlooks,
    OutlookTaken,
    ProgressShape,
    Results,
    ResultsQuery,
)
from api.shapes.operations import Page, WhyTaken
from engine import migration
from engine.base import transaction
from engine.errors import Invalid, Problem
from engine.ledger import Migration, MigrationResult
from engine.projection import Waiting


@doors.door("POST", "/migrations/outlook", guard=migrator, body=OutlookTaken, gives=Outlooks)
def outlook(values: dict[str, Any]) -> dict[str, Any]:
    """What would become of running instances: what each waits for before and after, or why it cannot go."""
    plan = _plan(values)
    found = migration.outlook(plan, after=values["after"] or 0, limit=values["limit"])
    following = found[-1].instance.id if len(found) == values["limit"] else None
    return {"count": migration.count(plan), "instances": [_shown(one) for one in found], "next": following}


@doors.door("POST", "/migrations", guard=migrator, body=MigrationTaken, gives=ProgressShape, status=201)
def start(values: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Begin a migration; it is done in the background, an instance at a time."""
    with transaction():
        plan = _plan(values)
        begun = migration.start(plan, by=person().username, reason=values["reason"], only=values["instances"])
    return _progress(begun), 201, {"Location": f"/api/operations/migrations/{begun.id}"}


@doors.door("GET", "/migrations", guard=migrator, query=Page, gives=Migrations)
def batches(query: dict[str, Any]) -> dict[str, Any]:
    """Migrations, the newest first."""
    wanted = select(Migration).options(joinedload(Migration.to_definition))
    found, following = newest(wanted, Migration.id, after=query["after"], limit=query["limit"])
    return {"migrations": [_progress(one) for one in found], "next": following}


@doors.door("GET", "/migrations/<row:migration_id>", guard=migrator, gives=ProgressShape)
def progress(migration_id: int) -> dict[str, Any]:
    """How far a migration is."""
    return _progress(migration.get(migration_id))


@doors.door("GET", "/migrations/<row:migration_id>/results", guard=migrator, query=ResultsQuery, gives=Results)
def results(query: dict[str, Any], migration_id: int) -> dict[str, Any]:
    """What became of each instance."""
    migration.get(migration_id)
    wanted = select(MigrationResult).where(MigrationResult.migration_id == migration_id)
    wanted = wanted.options(joinedload(MigrationResult.instance))
    wanted = wanted.where(MigrationResult.state == query["state"]) if query["state"] is not None else wanted
    found, following = newest(wanted, MigrationResult.id, after=query["after"], limit=query["limit"])
    return {"results": found, "next": following}


@doors.door("POST", "/migrations/<row:migration_id>/reversal", guard=migrator, body=WhyTaken, gives=ProgressShape)
def undo(values: dict[str, Any], migration_id: int) -> dict[str, Any]:
    """Take a migration back where nothing has happened since."""
    with transaction():
        undone = migration.undo(migration_id, by=person().username, reason=values["reason"])
    return _progress(undone)


def _plan(values: dict[str, Any]) -> migration.Plan:
    """Raises: InvalidInput, DefinitionNotFound."""
    if values["to_version"] is None:
        raise wrong("to_version", "required")
    try:
        versions = {"to": values["to_version"], "source": values["from_version"]}
        return migration.plan(values["key"], **versions, mapping=values["mapping"])
    except InvalidInput:
        raise
    except Invalid as error:
        raise refused(error) from error


def _progress(batch: Migration) -> dict[str, Any]:
    names = (
        "id",
        "to_definition",
        "from_version",
        "mapping",
        "reason",
        "state",
        "started_at",
        "started_by",
        "ended_at",
    )
    return {**{name: getattr(batch, name) for name in names}, "instances": migration.counts(batch.id)}


def _shown(one: migration.Outlook) -> dict[str, Any]:
    return {
        "instance_id": one.instance.id,
        "business_key": one.instance.business_key,
        "from_version": one.from_version,
        "can_go": one.after is not None,
        "goes_on": one.goes_on,
        "obstacles": [_obstacle(problem) for problem in one.problems],
        "before": _waited(one.before),
        "after": _waited(one.after or Waiting()),
    }


def _obstacle(problem: Problem) -> dict[str, str]:
    return {"element_id": problem.where, "code": problem.code, "message": problems.message(problem)}


def _waited(waiting: Waiting) -> list[dict[str, Any]]:
    found: list[tuple[str, Any]] = [("task", one) for one in waiting.tasks.values()]
    found += [("timer", one) for one in waiting.timers.values()]
    found += [("message", one) for one in waiting.messages.values()]
    found += [("job", one) for one in waiting.jobs.values()]
    return [
        {
            "kind": kind,
            "uid": one.uid,
            "element_id": one.element.id,
            "element_name": one.element.name,
            "due_at": getattr(one, "due_at", None),
            "message": getattr(one, "name", None),
        }
        for kind, one in found
    ]
