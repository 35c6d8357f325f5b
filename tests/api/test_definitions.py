"""Processes through the API: looking at them, deploying, activating."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from engine.models import Definition
from settings import ROOT
from tests import town as cast
from tests.api.conftest import Program
from tests.engine.lint import hostile
from tests.engine.lint.asking import bundle as asked

Issue = Callable[[str], Program]

FOLDER = ROOT / "bpmn/report_case"


def bundle(**changes: bytes) -> dict[str, Any]:
    """The files of the shipped process as a form; `report_case=` replaces the diagram."""
    paths = [path for path in sorted(FOLDER.rglob("*")) if path.suffix in {".bpmn", ".dmn", ".form"}]
    files = [(io.BytesIO(changes.get(path.stem, path.read_bytes())), path.name) for path in paths]
    return {"files": files}


def renamed(diagram: bytes) -> bytes:
    """The diagram with a small change that changes nothing."""
    return diagram.replace(b"</bpmn:definitions>", b"<!-- again --></bpmn:definitions>")


@pytest.fixture
def designer(program_of: Issue) -> Program:
    """The program of a designer."""
    return program_of("designer1")


def test_processes_are_listed_with_their_versions(designer: Program) -> None:
    (process,) = designer.get("/api/definitions").json["definitions"]

    assert (process["key"], process["active_version"]) == ("report_case", 1)
    assert designer.get("/api/definitions/report_case").json == process


def test_a_version_and_its_files_are_given(designer: Program) -> None:
    version = designer.get("/api/definitions/report_case/versions/1").json
    names = [file["name"] for file in version["files"]]
    diagram = next(name for name in names if name.endswith(".bpmn"))
    form = next(name for name in names if name.endswith(".form"))

    answer = designer.get(f"/api/definitions/report_case/versions/1/files/{diagram}")
    assert answer.mimetype == "application/xml"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"<?xml")
    assert designer.get(f"/api/definitions/report_case/versions/1/files/{form}").json["components"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nothing", "definition_not_found"),
        ("report_case/versions/9", "definition_not_found"),
        ("report_case/versions/1/files/plan.txt", "file_not_found"),
        ("report_case/versions/1/files/../../etc/passwd", "file_not_found"),
    ],
)
def test_what_is_not_there_is_told_by_its_name(designer: Program, path: str, code: str) -> None:
    answer = designer.get(f"/api/definitions/{path}")

    assert (answer.status_code, answer.json["code"]) == (404, code)


def test_the_same_files_are_the_same_version(designer: Program) -> None:
    first = designer.post("/api/definitions", data=bundle())
    again = designer.post("/api/definitions", data=bundle())

    assert again.status_code == 200
    assert again.json["definition"]["version"] == first.json["definition"]["version"]


@pytest.mark.parametrize("activate", ["true", "false"])
@pytest.mark.parametrize(
    "name", ["billion laughs", "calls itself", "an archive", "half a diagram", "a decision that asks itself"]
)
def test_hostile_files_are_refused_with_findings_or_kept_as_drafts(designer: Program, name: str, activate: str) -> None:
    sent = [(io.BytesIO(content), file) for file, content in asked(hostile.FILES[name][0]).items()]

    answer = designer.post("/api/definitions", data={"files": sent, "activate": activate})

    assert answer.status_code == 422 or (activate == "false" and answer.json["definition"]["state"] == "draft")
    assert {one["rule"] for one in answer.json["findings"]} & {hostile.FILES[name][1], "check-too-long"}


def test_a_proposal_is_told_and_done_when_it_is_accepted(designer: Program) -> None:
    unsaid = (FOLDER / "report_case.bpmn").read_bytes()
    written = (
        'name="Đóng phản ánh" caseway:nameEn="Close the report" camunda:type="external" camunda:topic="close_case"'
    )
    assert written.encode() in unsaid
    unsaid = unsaid.replace(written.encode(), b'name="Close case" caseway:nameEn="Close the report"')

    refused = designer.post("/api/definitions", data=bundle(report_case=unsaid))
    taken = designer.post("/api/definitions", data={**bundle(report_case=unsaid), "accept_proposals": "true"})

    rules = [one["rule"] for one in refused.json["findings"]]
    assert (refused.status_code, rules) == (422, ["service-without-topic", "topic-proposed"])
    assert taken.status_code == 201
    assert "topic-accepted" in [one["rule"] for one in taken.json["findings"]]


def test_a_draft_waits_until_it_is_activated(designer: Program) -> None:
    active = designer.post("/api/definitions", data=bundle()).json["definition"]["version"]
    changed = renamed((FOLDER / "report_case.bpmn").read_bytes())

    draft = designer.post(
        "/api/definitions", data={**bundle(report_case=changed), "activate": "false", "note": "Chú thích"}
    )

    version = draft.json["definition"]["version"]
    assert (draft.status_code, draft.json["definition"]["state"]) == (201, "draft")
    assert draft.headers["Location"] == f"/api/definitions/report_case/versions/{version}"
    assert draft.json["definition"]["release_note"] == "Chú thích"
    assert designer.get("/api/definitions/report_case").json["active_version"] == active

    activated = designer.post(f"{draft.headers['Location']}/activation")

    assert (activated.json["definition"]["version"], activated.json["definition"]["state"]) == (version, "active")
    assert designer.get("/api/definitions/report_case").json["active_version"] == version


def test_a_diagram_that_cannot_run_is_refused_with_its_elements(designer: Program) -> None:
    broken = (FOLDER / "report_case.bpmn").read_bytes().replace(b'"accept_case"', b'"no_such_handler"')

    answer = designer.post("/api/definitions", data=bundle(report_case=broken))

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_definition")
    found = [one for one in answer.json["findings"] if one["element_id"] == "accept"]
    assert found
    assert all(found[0][name] for name in ("message_vi", "message_en", "remedy_vi", "remedy_en"))
    assert f"{found[0]['file']}#accept" in {error["field"] for error in answer.json["errors"]}


def test_a_broken_version_is_kept_as_a_draft_but_never_activated(designer: Program) -> None:
    broken = (FOLDER / "report_case.bpmn").read_bytes().replace(b'"accept_case"', b'"no_such_handler"')

    draft = designer.post("/api/definitions", data={**bundle(report_case=broken), "activate": "false"})
    answer = designer.post(f"{draft.headers['Location']}/activation")

    assert [one["severity"] for one in draft.json["findings"] if one["element_id"] == "accept"] == ["error"]
    assert answer.json["code"] == "invalid_definition"


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        ([], {"files": "required"}),
        ([(io.BytesIO(b"x"), "plan.exe")], {"files[0]": "bad_file_name"}),
        ([(io.BytesIO(b"x"), "a.bpmn"), (io.BytesIO(b"y"), "a.bpmn")], {"files[1]": "bad_file_name"}),
    ],
)
def test_files_have_names(designer: Program, files: list[Any], problems: dict[str, str]) -> None:
    answer = designer.post("/api/definitions", data={"files": files, "note": ""}, content_type="multipart/form-data")

    assert {error["field"]: error["code"] for error in answer.json["errors"]} == problems


def test_a_file_that_is_no_diagram_is_a_finding(designer: Program, town: Definition) -> None:
    answer = designer.post("/api/definitions", data={"files": [(io.BytesIO(b"no xml"), "a.bpmn")]})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_definition")
    assert answer.json["findings"][0]["file"] == "a.bpmn"


def test_whoever_may_not_deploy_may_look(program_of: Issue) -> None:
    official = program_of(cast.OFFICIAL)

    assert official.get("/api/definitions/report_case/versions/1").status_code == 200
    assert official.post("/api/definitions/report_case/versions/1/activation").status_code == 403
