"""Processes: versions, uploads that are checked, going live."""

from __future__ import annotations

import base64
import io
import re

from engine import definitions
from engine.base import transaction
from engine.models import Definition, DefinitionState
from settings import ROOT
from tests import town as cast
from tests.engine import drawing as d
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Page

FOLDER = ROOT / "bpmn/report_case"
DESIGNER = "designer1"

Upload = tuple[io.BytesIO, str]


def files(**changed: bytes) -> list[Upload]:
    """The shipped process as a browser sends it; `changed` by the first part of a file's name."""
    paths = [path for path in sorted(FOLDER.rglob("*")) if path.suffix in (".bpmn", ".dmn", ".form")]
    return [(io.BytesIO(changed.get(path.stem, path.read_bytes())), path.name) for path in paths]


def diagram(*replaced: tuple[str, str]) -> bytes:
    """The shipped diagram with something replaced."""
    written = (FOLDER / "report_case.bpmn").read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in written
        written = written.replace(old, new)
    return written.encode()


BROKEN = diagram(('camunda:topic="acknowledge_report"', 'camunda:topic="no_such_thing"'))
RENAMED = diagram(('name="Phản ánh hiện trường"', 'name="Phản ánh của người dân"'))


def kept(page: Page) -> list[str]:
    """What the form keeps of an upload."""
    return re.findall(r'name="kept" value="([^"]+)"', page.source)


def test_the_list_says_what_is_live_and_what_runs_on_it(desk: DeskOf) -> None:
    with transaction():
        cast.report()
    page = desk(DESIGNER).get("/design")

    assert "version 1 is live" in page.text
    assert "Version 1 Live 1" in page.text
    assert page.links("/design/report_case/1")


def test_a_version_shows_its_drawing_files_and_findings(desk: DeskOf) -> None:
    page = desk(DESIGNER).get("/design/report_case/1")

    assert 'data-xml-url="/design/report_case/1/process.bpmn"' in page.source
    assert any(href.endswith("/routing.dmn") for href in page.links("/design/report_case/1/files/"))
    assert "Check and decide on acceptance" in page.text


def test_a_file_of_a_version_comes_as_it_was_kept(desk: DeskOf, town: Definition) -> None:
    name = next(file.name for file in town.files if file.name.endswith("routing.dmn"))
    content = next(file.content for file in town.files if file.name == name)

    page = desk(DESIGNER).get(f"/design/report_case/1/files/{name}")

    assert page.response.data == content
    assert "attachment" in page.response.headers["Content-Disposition"]


def test_what_does_not_exist_is_not_found(desk: DeskOf) -> None:
    designer = desk(DESIGNER)

    missing = ["/design/report_case/9", "/design/nothing/1", "/design/report_case/1/files/etc/passwd"]
    assert [designer.get(path).status for path in missing] == [404, 404, 404]


def test_a_good_upload_goes_live(desk: DeskOf) -> None:
    designer = desk(DESIGNER)

    page = designer.follow(
        designer.post("/design/new", files=files(report_case=RENAMED), note="Đổi tên quy trình", activate="true")
    )

    assert page.heading == "Phản ánh của người dân, version 2"
    assert "Version 2 is live: new cases use it." in page.text
    assert "Đổi tên quy trình" in page.text
    assert definitions.active("report_case").version == 2


def test_a_draft_waits_until_it_is_made_live(desk: DeskOf) -> None:
    designer = desk(DESIGNER)
    designer.post("/design/new", files=files(report_case=RENAMED))
    assert definitions.active("report_case").version == 1

    asked = designer.get("/design/report_case/2/activation")
    assert asked.heading == "Make version 2 live?"
    assert "0 running cases stay on version 1." in asked.text
    assert definitions.active("report_case").version == 1

    designer.follow(designer.post("/design/report_case/2/activation"))
    assert [one.state for one in definitions.versions("report_case")] == [
        DefinitionState.ACTIVE,
        DefinitionState.RETIRED,
    ]


def test_an_older_version_can_be_made_live_again(desk: DeskOf) -> None:
    designer = desk(DESIGNER)
    designer.post("/design/new", files=files(report_case=RENAMED), activate="true")

    designer.post("/design/report_case/1/activation")

    assert definitions.active("report_case").version == 1


def test_a_refused_upload_says_where_what_and_how_in_the_readers_language(desk: DeskOf) -> None:
    english, vietnamese = (
        desk(DESIGNER, locale).post("/design/new", files=files(report_case=BROKEN), note="Thử", activate="true")
        for locale in ("en", "vi")
    )

    assert (english.status, vietnamese.status) == (422, 422)
    found = next(one for one in definitions.lint({"report_case.bpmn": BROKEN}) if "no_such_thing" in one.message_en)
    assert found.message_en in english.text
    assert found.remedy_en in english.text
    assert found.message_vi in vietnamese.text
    assert found.rule in english.text
    assert definitions.active("report_case").version == 1


def test_a_refused_upload_keeps_everything_so_that_one_mended_file_is_enough(desk: DeskOf) -> None:
    designer = desk(DESIGNER)
    refused = designer.post("/design/new", files=files(report_case=BROKEN), note="Thử lần đầu", activate="true")
    assert len(kept(refused)) == len(files())
    assert "\nThử lần đầu</textarea>" in refused.source

    mended = [(io.BytesIO(RENAMED), "report_case.bpmn")]
    page = designer.post("/design/new", files=mended, kept=kept(refused), note="Thử lần hai", activate="true")

    assert page.status == 303
    assert definitions.active("report_case").name == "Phản ánh của người dân"


def test_what_the_drawing_leaves_open_is_asked_and_the_answer_is_kept(desk: DeskOf) -> None:
    designer = desk(DESIGNER)
    content = d.process(
        d.start(), '<bpmn:userTask id="a"/>', '<bpmn:serviceTask id="b" name="Close case"/>', d.end(), d.path("start", "a", "b", "end")
    )  # fmt: skip
    first = designer.post("/design/new", files=[(io.BytesIO(content), "demo.bpmn")], activate="true")
    assert (first.status, "Proposal" in first.text, "Accept the proposals" in first.text) == (422, True, True)

    unknown = designer.post("/design/new", kept=kept(first), activate="true", accept="true", people="nobody:here")
    assert (unknown.status, 'value="nobody:here"' in unknown.source) == (422, True)
    assert "unknown-group" in unknown.text

    live = designer.follow(
        designer.post("/design/new", kept=kept(first), activate="true", accept="true", people="official:dien-hong")
    )
    assert "group-given" in live.text
    assert "topic-accepted" in live.text


def test_a_kept_file_can_be_left_out(desk: DeskOf) -> None:
    designer = desk(DESIGNER)
    refused = designer.post("/design/new", files=files(report_case=BROKEN), activate="true")

    page = designer.post("/design/new", kept=kept(refused), drop="targets.dmn", activate="true")

    assert page.status == 422
    assert len(kept(page)) == len(files()) - 1
    assert "targets.dmn</strong>" not in page.source


def test_a_broken_version_can_be_kept_as_a_draft_but_not_go_live(desk: DeskOf) -> None:
    designer = desk(DESIGNER)

    draft = designer.follow(designer.post("/design/new", files=files(report_case=BROKEN)))
    assert "Version 2 is kept as a draft." in draft.text
    assert "no_such_thing" in draft.text

    refused = designer.post("/design/report_case/2/activation")
    assert refused.status == 422
    assert "This version cannot go live" in refused.text
    assert definitions.active("report_case").version == 1


def test_nothing_and_strange_files_are_refused(desk: DeskOf) -> None:
    designer = desk(DESIGNER)

    nothing = designer.post("/design/new")
    strange = designer.post("/design/new", files=[(io.BytesIO(b"MZ"), "run.exe")])

    assert (nothing.status, strange.status) == (422, 422)
    assert "This is needed." in nothing.text
    assert "run.exe: only .bpmn, .dmn and .form files belong here." in strange.text


def test_two_files_of_one_name_are_refused(desk: DeskOf) -> None:
    twice = [*files(), (io.BytesIO(RENAMED), "other/report_case.bpmn")]

    page = desk(DESIGNER).post("/design/new", files=twice, activate="true")

    assert page.status == 422
    assert "report_case.bpmn: Another file has this name." in page.text


def test_what_was_meddled_with_on_the_way_is_dropped(desk: DeskOf) -> None:
    good = "a.form:" + base64.b64encode(b"{}").decode()

    page = desk(DESIGNER).post("/design/new", kept=[good, "b.form:***", ":e30="], activate="true")

    assert page.status == 422
    assert len(kept(page)) == 1
