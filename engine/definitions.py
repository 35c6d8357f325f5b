"""Process definitions: uploaded as a bundle of files, checked, kept for ever as immutable versions."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePosixPath

from sqlalchemy import bindparam, func, select, text, update

from engine import clock, entries, registry
from engine.base import session
from engine.errors import DefinitionNotFound, DefinitionSuspended, Invalid, InvalidDefinition, Problem
from engine.lint import Answers, Finding, Inspection, Vocabulary, inspect
from engine.models import Definition, DefinitionFile, DefinitionState
from engine.spiff import Process, ProcessError, load
from engine.statements import Statement

#: Parsed definitions kept in memory, the most recently used.
CACHE_SIZE = 64
#: Characters of a file's name, folders and all.
LONGEST_NAME = 500
NOT_ASKED = Answers()

_processes: OrderedDict[int, Process] = OrderedDict()


def deploy(
    files: Mapping[str, bytes], *, by: str, note: str = "", draft: bool = False, answers: Answers = NOT_ASKED
) -> Definition:
    """Store a bundle (`*.bpmn`, `*.dmn`, `*.form` by name) as a new version; the same content again is the same version.

    Folders in names say nothing and are dropped. What is merely sloppy is put right first; `findings` tells it. A version
    is activated unless it is a draft; only a draft may have errors, and stays one until it has none. `answers` says what is
    meant where the diagram leaves something open.
    Raises: InvalidDefinition with all findings; Invalid when two files have one name.
    """
    found = inspect(_without_folders(files), vocabulary(), answers=answers)
    if not found.key or (found.errors and not draft):
        raise InvalidDefinition(found.errors or [*found.findings], proposals=found.proposals if found.errors else ())
    _lock(found.key)
    definition = _same(found.key, _checksum(found.files)) or _new_version(found, by=by, note=note)
    if not draft:
        _activate(definition, found)
    return definition


def activate(definition: Definition) -> Definition:
    """Let new instances start on this version, be it an older one; running ones stay where they are.

    Raises: InvalidDefinition when it was kept with errors, or names what is no longer there.
    """
    found = inspect({file.name: file.content for file in definition.files}, vocabulary())
    if found.errors:
        raise InvalidDefinition(found.errors)
    _lock(definition.key)
    _activate(definition, found)
    return definition


def findings(definition: Definition) -> list[Finding]:
    """What is to be said about a version: what was put right when it was uploaded, and what the linter finds today."""
    kept = [Finding(**one) for one in definition.findings if one["severity"] == "info" and "message_en" in one]
    told = [one for one in kept if not one.is_proposal]  # those are made again where they still stand
    return [*told, *lint({file.name: file.content for file in definition.files})]


def lint(files: Mapping[str, bytes], answers: Answers = NOT_ASKED) -> list[Finding]:
    """What is wrong with a bundle, given what is registered here."""
    return inspect(files, vocabulary(), answers=answers).findings


def vocabulary() -> Vocabulary:
    """The names a diagram may use."""
    return Vocabulary(handlers=registry.topics(), functions=registry.functions(), groups=registry.groups())


def active(key: str) -> Definition:
    """The version new instances start on.

    Raises: DefinitionNotFound.
    """
    query = select(Definition).where(Definition.key == key, Definition.state == DefinitionState.ACTIVE)
    definition = session().scalar(query)
    if definition is None:
        raise DefinitionNotFound(key)
    return definition


def startable(key: str) -> tuple[int, str]:
    """Id and name of the version new instances start on, locked so that it is not suspended while one starts.

    Raises: DefinitionNotFound, DefinitionSuspended.
    """
    found = _STARTABLE.row({"key": key})
    if found is None:
        raise DefinitionNotFound(key)
    if found.is_suspended:
        raise DefinitionSuspended(key)
    return found.id, found.name


_STARTABLE = Statement(
    select(Definition.id, Definition.name, Definition.is_suspended)
    .where(Definition.key == bindparam("key"), Definition.state == DefinitionState.ACTIVE)
    .with_for_update(read=True, key_share=True)
)


def get(definition_id: int) -> Definition:
    """One version.

    Raises: DefinitionNotFound.
    """
    definition = session().get(Definition, definition_id)
    if definition is None:
        raise DefinitionNotFound(definition_id)
    return definition


def versions(key: str | None = None) -> list[Definition]:
    """All versions (of one key), newest first."""
    query = select(Definition).order_by(Definition.key, Definition.version.desc())
    return list(session().scalars(query.where(Definition.key == key) if key else query))


def process(definition: Definition) -> Process:
    """A definition ready to run."""
    return process_of(definition.id)


def process_of(definition_id: int) -> Process:
    """The definition with this id ready to run, parsed once per process of the operating system.

    Raises: DefinitionNotFound; InvalidDefinition for a draft with errors, which must not come near the engine.
    """
    found = _processes.get(definition_id)
    if found is None:
        definition = get(definition_id)
        if definition.state == DefinitionState.DRAFT and any(one["severity"] == "error" for one in definition.findings):
            raise InvalidDefinition(findings(definition))
        files = {file.name: file.content for file in definition.files}
        found = _processes[definition_id] = load(files, registry.functions())
        while len(_processes) > CACHE_SIZE:
            _processes.popitem(last=False)
    _processes.move_to_end(definition_id)
    return found


def diagram(definition: Definition) -> bytes:
    """The BPMN file of a version."""
    return next(file.content for file in definition.files if file.name.endswith(".bpmn"))


def forget() -> None:
    """Drop what is parsed; a test that starts another database needs it."""
    _processes.clear()


def _without_folders(files: Mapping[str, bytes]) -> dict[str, bytes]:
    bare: dict[str, bytes] = {}
    for name, content in files.items():
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise Invalid([Problem("files", "bad_file_name", message="a file has a name that cannot be kept")])
        if bare.setdefault(PurePosixPath(name).name, content) is not content:
            raise Invalid([Problem(name, "duplicate_name", message="another file has this name")])
    return bare


def _lock(key: str) -> None:
    """Let nobody else change the versions of a process until this transaction ends."""
    session().execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"deploy {key}"})


def _checksum(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _same(key: str, checksum: str) -> Definition | None:
    return session().scalar(select(Definition).where(Definition.key == key, Definition.checksum == checksum))


def _new_version(found: Inspection, *, by: str, note: str) -> Definition:
    latest = session().scalar(select(func.max(Definition.version)).where(Definition.key == found.key)) or 0
    definition = Definition(
        key=found.key,
        version=latest + 1,
        name=found.name,
        checksum=_checksum(found.files),
        state=DefinitionState.DRAFT,
        deployed_at=clock.now(),
        deployed_by=by,
        release_note=note,
        findings=[asdict(one) for one in found.findings],
        files=[DefinitionFile(name=file, content=content) for file, content in sorted(found.files.items())],
    )
    session().add(definition)
    session().flush()
    return definition


def _activate(definition: Definition, found: Inspection) -> None:
    """Called with the lock held: of two versions activated at once, the later one alone stays active."""
    session().flush()
    session().refresh(definition, ["state"])  # as it is now that the lock is held
    objections = registry.objections(definition, process(definition).decisions)
    if any(one.severity == "error" for one in objections):
        raise InvalidDefinition(objections)
    others = update(Definition).where(Definition.key == definition.key, Definition.state == DefinitionState.ACTIVE)
    session().execute(others.where(Definition.id != definition.id).values(state=DefinitionState.RETIRED))
    is_new = definition.state != DefinitionState.ACTIVE
    definition.state = DefinitionState.ACTIVE
    if is_new:
        entries.appoint(definition, process(definition).entries)
    if any(kept["severity"] == "error" for kept in definition.findings):  # it was a draft; what it lacked is there now
        definition.findings = [asdict(one) for one in found.findings]
    session().flush()


__all__ = [
    "ProcessError",
    "activate",
    "active",
    "deploy",
    "diagram",
    "findings",
    "forget",
    "get",
    "lint",
    "process",
    "process_of",
    "startable",
    "versions",
    "vocabulary",
]
