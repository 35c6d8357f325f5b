"""The process that comes with Caseway, for a city that has not deployed one of its own yet."""

from __future__ import annotations

from pathlib import Path

from engine import definitions
from engine.errors import DefinitionNotFound
from engine.models import Definition

FOLDER = Path(__file__).resolve().parents[1] / "bpmn" / "report_case"
KINDS = (".bpmn", ".dmn", ".form")


def deploy_if_missing(*, by: str) -> Definition:
    """Deploy the shipped process unless a version of it is active already; the active one."""
    try:
        return definitions.active(FOLDER.name)
    except DefinitionNotFound:
        return definitions.deploy(bundle(FOLDER), by=by, note="Bản đầu tiên")


def bundle(folder: Path) -> dict[str, bytes]:
    """The files of a process by their names in its folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in KINDS)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
