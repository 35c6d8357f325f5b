"""Process definitions: uploaded as a bundle of files, checked, kept for ever as immutable versions."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import func, select, text, update

from engine import clock, registry
from engine.base import session
from engine.errors import DefinitionNotFound, DefinitionSuspended, Invalid, InvalidDefinition, Problem
from engine.lint import Finding, Vocabulary, check, normalise
from engine.models import Definition, DefinitionFile, DefinitionState
from engine.spiff import Process, ProcessError, load

#: Parsed definitions kept in memory, the most recently used.
CACHE_SIZE = 64

_processes: OrderedDict[int, Process] = OrderedDict()


def deploy(files: Mapping[str, bytes], *, by: str, note: str = "", activate: bool = True) -> Definition:
    """Store a bundle (`*.bpmn`, `*.dmn`, `*.form` by name) as a new version; the same content again is the same version.

    Folders in names say nothing and are dropped. A version with errors can be kept as a draft (`activate=False`), never
    activated.
    Raises: InvalidDefinition with all findings; Invalid when two files have one name.
    """
    files = _without_folders(files)
    findings = lint(files)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors and activate:
        raise InvalidDefinition(errors)
    stored = {name: _normalised(name, content) for name, content in files.items()}
    key, name = _named(stored, findings)
    session().execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"deploy {key}"})
    definition = _same(key, _checksum(stored)) or _new_version(key, name, stored, findings, by=by, note=note)
    if activate:
        _activate(definition)
    return definition


def activate(definition: Definition) -> Definition:
    """Let new instances start on this version; running ones stay where they are.

    Raises: InvalidDefinition when it was kept with errors, or names what is no longer there.
    """
    errors = [f for f in lint({file.name: file.content for file in definition.files}) if f.severity == "error"]
    if errors:
        raise InvalidDefinition(errors)
    _activate(definition)
    return definition


def lint(files: Mapping[str, bytes]) -> list[Finding]:
    """What is wrong with a bundle, given what is registered here."""
    return check(files, vocabulary())


def vocabulary() -> Vocabulary:
    """The names a diagram may use."""
    return Vocabulary(handlers=registry.topics(), functions=registry.functions())


def active(key: str) -> Definition:
    """The version new instances start on.

    Raises: DefinitionNotFound.
    """
    query = select(Definition).where(Definition.key == key, Definition.state == DefinitionState.ACTIVE)
    definition = session().scalar(query)
    if definition is None:
        raise DefinitionNotFound(key)
    return definition


def startable(key: str) -> Definition:
    """The version new instances start on, locked so that it is not suspended while one starts.

    Raises: DefinitionNotFound, DefinitionSuspended.
    """
    query = select(Definition).where(Definition.key == key, Definition.state == DefinitionState.ACTIVE)
    query = query.with_for_update(read=True, key_share=True).execution_options(populate_existing=True)
    definition = session().scalar(query)
    if definition is None:
        raise DefinitionNotFound(key)
    if definition.is_suspended:
        raise DefinitionSuspended(key)
    return definition


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

    Raises: DefinitionNotFound.
    """
    found = _processes.get(definition_id)
    if found is None:
        files = {file.name: file.content for file in get(definition_id).files}
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
        if bare.setdefault(PurePosixPath(name).name, content) is not content:
            raise Invalid([Problem(name, "duplicate_name", message="another file has this name")])
    return bare


def _normalised(name: str, content: bytes) -> bytes:
    return normalise(content)[0] if name.endswith(".bpmn") else content


def _named(files: Mapping[str, bytes], findings: list[Finding]) -> tuple[str, str]:
    try:
        found = load({name: content for name, content in files.items() if name.endswith(".bpmn")}, registry.functions())
    except Exception as error:
        if findings:
            raise InvalidDefinition(findings) from error
        raise InvalidDefinition([_unparsable(error)]) from error
    return found.key, found.name


def _unparsable(error: Exception) -> Finding:
    said = str(error)
    return Finding(
        file="",
        rule="engine-refuses",
        element_id=None,
        element_name=None,
        severity="error",
        message_vi=f"Bộ máy quy trình không đọc được sơ đồ: {said}",
        message_en=f"The engine cannot read the diagram: {said}",
        remedy_vi="Sửa phần tử được nêu trong thông báo.",
        remedy_en="Mend the element the message names.",
        line=None,
    )


def _checksum(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _same(key: str, checksum: str) -> Definition | None:
    return session().scalar(select(Definition).where(Definition.key == key, Definition.checksum == checksum))


def _new_version(
    key: str, name: str, files: Mapping[str, bytes], findings: list[Finding], *, by: str, note: str
) -> Definition:
    latest = session().scalar(select(func.max(Definition.version)).where(Definition.key == key)) or 0
    definition = Definition(
        key=key,
        version=latest + 1,
        name=name,
        checksum=_checksum(files),
        state=DefinitionState.DRAFT,
        deployed_at=clock.now(),
        deployed_by=by,
        release_note=note,
        findings=[_kept(finding) for finding in findings],
        files=[DefinitionFile(name=file, content=content) for file, content in sorted(files.items())],
    )
    session().add(definition)
    session().flush()
    return definition


def _kept(finding: Finding) -> dict[str, Any]:
    return {"file": finding.file, "rule": finding.rule, "element_id": finding.element_id, "severity": finding.severity}


def _activate(definition: Definition) -> None:
    others = update(Definition).where(Definition.key == definition.key, Definition.state == DefinitionState.ACTIVE)
    session().execute(others.where(Definition.id != definition.id).values(state=DefinitionState.RETIRED))
    definition.state = DefinitionState.ACTIVE
    session().flush()


__all__ = [
    "ProcessError",
    "activate",
    "active",
    "deploy",
    "diagram",
    "forget",
    "get",
    "lint",
    "process",
    "process_of",
    "startable",
    "versions",
    "vocabulary",
]
