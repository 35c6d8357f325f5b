"""Running instances go to another version of their process: looked at before, done in pieces, taken back where possible.

Each instance goes or stays by itself: one that cannot go stops nobody. Deadlines, assignees and drafts stay as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import undefer

from engine import clock, definitions, instances, jobs, operations, projection, registry
from engine.base import session
from engine.errors import CannotMigrate, CasewayError, Conflict, DefinitionNotFound, Invalid, NotFound, Problem
from engine.ledger import Migration, MigrationResult, MigrationState, ResultState
from engine.models import Definition, DefinitionState, Instance, InstanceStatus
from engine.overview import Looking
from engine.spiff import FAILURES

log = logging.getLogger(__name__)

TOPIC = "migrate_instances"
#: Instances of one transaction; they stay locked until its end.
PIECE = 20
#: When everything that is left was being worked on by somebody else.
LATER = timedelta(seconds=2)


class MigrationNotFound(NotFound):
    """There is no such migration."""


class MigrationNotDone(Conflict):
    """This migration is not at rest: wait until it is done, and undo it only once."""


@dataclass(frozen=True)
class Plan:
    """Where instances of `versions` are to go, and how elements are called there."""

    to: Definition
    versions: tuple[Definition, ...]
    from_version: int | None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outlook:
    """What would become of one instance; `after` is missing where it cannot go."""

    instance: Instance
    from_version: int
    before: projection.Waiting
    after: projection.Waiting | None
    goes_on: bool
    problems: list[Problem]


# ------------------------------------------------------------------------------------------------------------ before


def plan(key: str, *, to: int, source: int | None = None, mapping: Mapping[str, str] | None = None) -> Plan:
    """Make a plan from one version, or from all that have running instances.

    Raises: DefinitionNotFound; Invalid for a version nothing may run on, or elements that are not there.
    """
    versions = {one.version: one for one in definitions.versions(key)}
    if to not in versions or (source is not None and source not in versions):
        raise DefinitionNotFound(key)
    if versions[to].state == DefinitionState.DRAFT or to == source:
        raise Invalid([Problem("to_version", "not_an_option")])
    running = select(Instance.definition_id).where(Instance.status == InstanceStatus.RUNNING).distinct()
    of_key = running.join(Definition).where(Definition.key == key, Definition.id != versions[to].id)
    ids = set(session().scalars(of_key))
    chosen = [one for one in versions.values() if (one.version == source if source else one.id in ids)]
    made = Plan(versions[to], tuple(chosen), source, dict(mapping or {}))
    _check_mapping(made)
    return made


def outlook(plan: Plan, *, after: int = 0, limit: int = 50) -> list[Outlook]:
    """What would become of the running instances behind the one with the id `after`. Nothing is changed or locked."""
    query = select(Instance).where(*_moving(plan), Instance.id > after).order_by(Instance.id).limit(limit)
    return [_outlook(plan, instance) for instance in session().scalars(query.options(undefer(Instance.state)))]


def count(plan: Plan) -> int:
    """How many instances would go."""
    return session().scalar(select(func.count()).select_from(Instance).where(*_moving(plan))) or 0


# ------------------------------------------------------------------------------------------------------------ doing


def start(plan: Plan, *, by: str, reason: str, only: Sequence[int] = ()) -> Migration:
    """Begin to migrate all instances of a plan, or `only` some; jobs do it piece by piece."""
    migration = Migration(to_definition_id=plan.to.id, from_version=plan.from_version, mapping=dict(plan.mapping),
                          reason=reason, started_at=clock.now(), started_by=by)  # fmt: skip
    session().add(migration)
    session().flush()
    chosen = select(
        literal(migration.id), Instance.id, Instance.definition_id, literal(ResultState.WAITING.value), literal([], JSONB)
    ).where(*_moving(plan))  # fmt: skip
    chosen = chosen.where(Instance.id.in_(only)) if only else chosen
    columns = ["migration_id", "instance_id", "from_definition_id", "state", "problems"]
    session().execute(insert(MigrationResult).from_select(columns, chosen))
    told: dict[str, Any] = {"migration_id": migration.id, "to_version": plan.to.version, "mapping": dict(plan.mapping)}
    operations.record("migration_started", by=by, reason=reason, definition=plan.to, **told)
    jobs.add(TOPIC, {"migration_id": migration.id})
    return migration


def undo(migration_id: int, *, by: str, reason: str) -> Migration:
    """Begin to take back what a batch did, where nothing has happened since.

    Raises: MigrationNotFound, MigrationNotDone.
    """
    migration = _get(migration_id, with_for_update=True)
    if migration.state != MigrationState.DONE:
        raise MigrationNotDone
    migration.state, migration.ended_at = MigrationState.UNDOING, None
    done = update(MigrationResult).where(MigrationResult.migration_id == migration_id)
    session().execute(done.where(MigrationResult.state == ResultState.MIGRATED).values(state=ResultState.UNDOING))
    operations.record("migration_undone", by=by, reason=reason, definition=migration.to_definition,
                      migration_id=migration_id)  # fmt: skip
    jobs.add(TOPIC, {"migration_id": migration_id})
    return migration


@registry.handler(TOPIC)
def work(migration_id: int) -> None:
    """Do one piece of a batch and see to it that the next one follows. May be repeated and interrupted at will."""
    migration = _get(migration_id)
    is_open = MigrationResult.state.in_([ResultState.WAITING, ResultState.UNDOING])
    mine = select(MigrationResult).where(MigrationResult.migration_id == migration_id, is_open)
    piece = mine.order_by(MigrationResult.id).limit(PIECE).with_for_update(skip_locked=True)
    done = [_work_on(migration, result) for result in session().scalars(piece)]
    session().flush()
    if session().scalar(mine.limit(1)) is not None:
        jobs.add(TOPIC, {"migration_id": migration_id}, run_after=None if any(done) else clock.now() + LATER)
    elif migration.ended_at is None:
        is_undoing = migration.state == MigrationState.UNDOING
        migration.state = MigrationState.UNDONE if is_undoing else MigrationState.DONE
        migration.ended_at = clock.now()


# ------------------------------------------------------------------------------------------------------------ after


def get(migration_id: int) -> Migration:
    """One batch. Raises: MigrationNotFound."""
    return _get(migration_id)


def counts(migration_id: int) -> dict[str, int]:
    """How many instances of a batch are in which state."""
    query = select(MigrationResult.state, func.count().label("number")).where(
        MigrationResult.migration_id == migration_id
    )
    found = {row.state: row.number for row in session().execute(query.group_by(MigrationResult.state))}
    return {state.value: found.get(state, 0) for state in ResultState}


# ---------------------------------------------------------------------------------------------------------- one by one


def _work_on(migration: Migration, result: MigrationResult) -> bool:
    """Whether there was anything to do: an instance somebody is working on is left for later."""
    lock = (
        select(Instance.id).where(Instance.id == result.instance_id).with_for_update(skip_locked=True, key_share=True)
    )
    if session().scalar(lock) is None:
        return False
    act = _put_back if result.state == ResultState.UNDOING else _put_over
    try:
        with session().begin_nested():
            act(migration, result)
    except OperationalError:
        raise  # the database gave way: the whole piece is tried again
    except CannotMigrate as error:
        _refuse(result, error.problems)
    except (*FAILURES, CasewayError) as error:
        _refuse(result, [_told(error)])
    except Exception as error:  # whatever a handler raises must not stop the other instances
        log.exception("migration %s of instance %s", migration.id, result.instance_id)
        _refuse(result, [_told(error)])
    result.ended_at = clock.now()
    return True


def _put_over(migration: Migration, result: MigrationResult) -> None:
    """Raises: CannotMigrate, FAILURES; what a handler raises when the instance can go on at once."""
    try:
        instance = instances.lock(result.instance_id)
    except CasewayError:
        result.state = ResultState.ENDED
        return
    if instance.definition_id != result.from_definition_id:
        result.state = ResultState.ENDED
        return
    previous = instance.state
    old, new = (definitions.process_of(id_) for id_ in (result.from_definition_id, migration.to_definition_id))
    state, goes_on = new.adopt(previous, old, migration.mapping)
    instances.replace(instance, migration.to_definition_id, state, by=migration.started_by)
    result.previous_state, result.revision = previous, instance.revision
    operations.hold(instance)
    if goes_on and not instance.is_held:
        instances.advance(instance.id, instances.nothing, by=migration.started_by)
    result.state = ResultState.MIGRATED
    _record("instance_migrated", migration, result, instance)


def _put_back(migration: Migration, result: MigrationResult) -> None:
    instance = session().get_one(
        Instance, result.instance_id, options=[undefer(Instance.state)], populate_existing=True
    )
    is_untouched = instance.status == InstanceStatus.RUNNING and instance.revision == result.revision
    if not is_untouched or instance.definition_id != migration.to_definition_id or result.previous_state is None:
        result.state = ResultState.MOVED_ON
        return
    instances.replace(instance, result.from_definition_id, result.previous_state, by=migration.started_by)
    operations.hold(instance)
    result.state = ResultState.UNDONE
    _record("instance_migrated_back", migration, result, instance)


def _record(kind: str, migration: Migration, result: MigrationResult, instance: Instance) -> None:
    versions = definitions.get(result.from_definition_id).version, migration.to_definition.version
    before, after = versions if kind == "instance_migrated" else versions[::-1]
    operations.record(kind, by=migration.started_by, reason=migration.reason, instance=instance,
                      migration_id=migration.id, before=before, after=after)  # fmt: skip


def _refuse(result: MigrationResult, problems: Sequence[Problem]) -> None:
    result.state = ResultState.MOVED_ON if result.state == ResultState.UNDOING else ResultState.REFUSED
    result.problems = [{"element_id": one.where, "code": one.code, "message": str(one)} for one in problems]


def _told(error: Exception) -> Problem:
    return Problem("", "cannot_go_on", message=f"{type(error).__name__}: {error}"[:500])


# ------------------------------------------------------------------------------------------------------------- inside


def _moving(plan: Plan) -> tuple[Any, ...]:
    return Instance.definition_id.in_([one.id for one in plan.versions]), Instance.status == InstanceStatus.RUNNING


def _outlook(plan: Plan, instance: Instance) -> Outlook:
    old, new = definitions.process_of(instance.definition_id), definitions.process(plan.to)
    version = next(one.version for one in plan.versions if one.id == instance.definition_id)
    before, after, goes_on, problems = projection.Waiting(), None, False, []
    try:
        before = projection.waiting(old.resume(instance.state, Looking()))
        state, goes_on = new.adopt(instance.state, old, plan.mapping)
        after = projection.waiting(new.resume(state, Looking()))
    except CannotMigrate as error:
        problems = error.problems
    except FAILURES as error:
        problems = [_told(error)]
    return Outlook(instance, version, before, after, goes_on, problems)


def _check_mapping(plan: Plan) -> None:
    here = {element for one in plan.versions for element in definitions.process(one).elements}
    there = definitions.process(plan.to).elements
    problems = [Problem(f"mapping.{old}", "unknown") for old in plan.mapping if old not in here]
    problems += [Problem(f"mapping.{old}", "unknown") for old, new in plan.mapping.items() if new not in there]
    if problems:
        raise Invalid(problems)


def _get(migration_id: int, *, with_for_update: bool = False) -> Migration:
    migration = session().get(Migration, migration_id, with_for_update=with_for_update or None)
    if migration is None:
        raise MigrationNotFound(migration_id)
    return migration
