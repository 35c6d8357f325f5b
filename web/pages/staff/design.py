"""Processes and their versions: what is live, what runs on which version, what a version is made of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import PurePosixPath

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from cases import access
from engine import definitions
from engine.base import session, transaction
from engine.errors import DefinitionNotFound, InvalidDefinition
from engine.lint import Finding
from engine.models import Definition, DefinitionFile, DefinitionState, Instance, InstanceStatus
from web.guards import allowed, person
from web.pages.staff import naming

SEVERITIES = ("error", "warning", "info")

pages = Blueprint("design", __name__)


@pages.get("/design")
@allowed(access.may_deploy)
def processes() -> ResponseReturnValue:
    """Every process with its versions, newest first."""
    running = _running()
    grouped = groupby(definitions.versions(), key=lambda version: version.key)
    found = [_process(key, list(versions), running) for key, versions in grouped]
    return render_template("staff/design.html", processes=found)


@pages.get("/design/<key>/<int:version>")
@allowed(access.may_deploy)
def version(key: str, version: int) -> ResponseReturnValue:
    """One version: its drawing, files and findings."""
    found = find(key, version)
    files = {file.name: file.content for file in found.files}
    return render_template(
        "staff/design_version.html",
        version=_version(found, _running()),
        others=[_version(one, {}) for one in definitions.versions(key)],
        files=[{"name": name, "size": f"{max(len(content) // 1024, 1)} KB"} for name, content in sorted(files.items())],
        findings=findings(definitions.findings(found)),
        steps=_steps(found),
        may_operate=access.may_operate(person()),
    )


@pages.get("/design/<key>/<int:version>/process.bpmn")
@allowed(access.may_deploy)
def diagram(key: str, version: int) -> ResponseReturnValue:
    """The drawing of a version."""
    return Response(definitions.diagram(find(key, version)), mimetype="application/xml")


@pages.get("/design/<key>/<int:version>/files/<path:name>")
@allowed(access.may_deploy)
def file(key: str, version: int, name: str) -> ResponseReturnValue:
    """One file of a version, to keep."""
    found: DefinitionFile | None = next((one for one in find(key, version).files if one.name == name), None)
    if found is None:
        raise DefinitionNotFound(name)
    response = Response(found.content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{_ascii(name)}"'
    return response


@pages.get("/design/<key>/<int:version>/activation")
@allowed(access.may_deploy)
def ask_to_activate(key: str, version: int) -> ResponseReturnValue:
    """Say what happens when another version goes live."""
    return _activation(find(key, version))


@pages.post("/design/<key>/<int:version>/activation")
@allowed(access.may_deploy)
def activate(key: str, version: int) -> ResponseReturnValue:
    """Let new cases start on this version; running ones stay where they are."""
    found = find(key, version)
    try:
        with transaction():
            definitions.activate(found)
    except InvalidDefinition as error:
        return _activation(found, findings(error.findings)), 422
    flash(_("Version %(version)s is live: new cases use it.", version=version), "success")
    return redirect(url_for("design.version", key=key, version=version), 303)


def find(key: str, version: int) -> Definition:
    """One version.

    Raises: DefinitionNotFound.
    """
    query = select(Definition).where(Definition.key == key, Definition.version == version)
    found = session().scalar(query)
    if found is None:
        raise DefinitionNotFound(f"{key} {version}")
    return found


def findings(found: Iterable[object]) -> list[dict[str, object]]:
    """Findings in the reader's language, errors first."""
    said = [_finding(one) for one in found if isinstance(one, Finding)]
    return sorted(said, key=lambda one: SEVERITIES.index(str(one["severity"])))


def _finding(one: Finding) -> dict[str, object]:
    return {
        "file": PurePosixPath(one.file).name if one.file else "",
        "line": one.line,
        "rule": one.rule,
        "element": one.element_name or one.element_id or "",
        "element_id": one.element_id or "",
        "severity": one.severity,
        "is_proposal": one.is_proposal,
        "message": one.message(naming.locale()),
        "remedy": one.remedy(naming.locale()),
    }


def _activation(found: Definition, problems: Iterable[dict[str, object]] = ()) -> str:
    live = next((one for one in definitions.versions(found.key) if one.state == DefinitionState.ACTIVE), None)
    running = _running()
    return render_template(
        "staff/design_activate.html",
        version=_version(found, running),
        live=_version(live, running) if live else None,
        findings=list(problems),
    )


def _process(key: str, versions: list[Definition], running: dict[int, int]) -> dict[str, object]:
    live = next((one for one in versions if one.state == DefinitionState.ACTIVE), None)
    return {
        "key": key,
        "name": (live or versions[0]).name,
        "live": _version(live, running) if live else None,
        "versions": [_version(one, running) for one in versions],
    }


def _version(found: Definition, running: dict[int, int]) -> dict[str, object]:
    state, tone = {
        DefinitionState.ACTIVE: (_("Live"), "good"),
        DefinitionState.RETIRED: (_("Takes no new cases"), "plain"),
    }.get(DefinitionState(found.state), (_("Draft"), "wait"))
    return {
        "key": found.key,
        "number": found.version,
        "name": found.name,
        "state": state,
        "tone": tone,
        "is_live": found.state == DefinitionState.ACTIVE,
        "at": found.deployed_at,
        "by": naming.person_name(found.deployed_by),
        "note": found.release_note,
        "running": running.get(found.id, 0),
        "errors": sum(1 for one in found.findings if one.get("severity") == "error"),
        "warnings": sum(1 for one in found.findings if one.get("severity") == "warning"),
        "checksum": found.checksum[:12],
        "href": url_for("design.version", key=found.key, version=found.version),
    }


def _running() -> dict[int, int]:
    """Running instances by version."""
    query = select(Instance.definition_id, func.count()).where(Instance.status == InstanceStatus.RUNNING)
    return dict(session().execute(query.group_by(Instance.definition_id)).all())


def _steps(found: Definition) -> list[dict[str, object]]:
    """What people do in this process, in the order of the file: the drawing in words. Nothing for a draft that cannot run."""
    try:
        elements = definitions.process(found).elements.values()
    except Exception:  # noqa: BLE001 - a draft may be broken in any way; the findings say how
        return []
    return [
        {
            "element": one.id,
            "text": naming.step(one.id, one.name, one.name_en),
            "advice": one.documentation if naming.locale() == "en" else "",
            "form": one.form_key or "",
        }
        for one in elements
        if one.kind == "userTask"
    ]


def _ascii(name: str) -> str:
    return PurePosixPath(name).name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
