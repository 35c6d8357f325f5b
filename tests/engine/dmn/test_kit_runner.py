"""The runner of the conformance kit: one line for each folder, and a broken file is a failed case, never a crash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import tck
from tests.engine.dmn.models import decision, given, knowledge, literal, model

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'


def kit(folder: Path, *tests: str, of: str = "m.dmn", file: str = "m-test-01.xml") -> Path:
    """A folder of the kit with these cases."""
    folder.mkdir(exist_ok=True)
    name = f"<modelName>{of}</modelName>" if of else ""
    space = f'xmlns="http://www.omg.org/spec/DMN/20160719/testcase" {XSI}'
    (folder / file).write_text(f"<testCases {space}>{name}{''.join(tests)}</testCases>", "utf-8")
    return folder


def case(key: str, asked: str, expected: str, *inputs: str, extra: str = "", on_result: str = "") -> str:
    """A case that asks for one result."""
    wanted = f"<expected>{expected}</expected>" if expected else ""
    result = f'<resultNode name="{asked}" {on_result}>{wanted}</resultNode>'
    return f'<testCase id="{key}" {extra}>{"".join(inputs)}{result}</testCase>'


def number(value: str) -> str:
    """A number, as the kit writes it."""
    return f'<value xsi:type="xsd:decimal">{value}</value>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "0001-kit"
    found.mkdir()
    drawn = (
        given("n"),
        decision("d", literal("n + 1"), "input:n"),
        decision("c", literal('{a: null, "": [1, null]}')),
        knowledge("f", "x", literal("x * 2")),
        decision("wrong", literal("n +")),
    )
    (found / "m.dmn").write_bytes(model(*drawn))
    return found


def test_cases_that_pass_and_fail_are_told_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = f'<inputNode name="n">{number("1")}</inputNode>'
    kit(folder, case("001", "d", number("2"), one), case("001", "d", number("3"), one))
    assert tck.main([str(folder)]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "folder": "0001-kit",
        "passed": 1,
        "total": 2,
        "failed": ["m-test-01/001: d expected 3 got 2"],
    }


def test_values_lists_contexts_and_nothing_are_read(folder: Path) -> None:
    nothing, no_list = '<value xsi:nil="true"/>', '<list xsi:nil="true"/>'
    listed = f"<list><item>{number('1')}</item><item>{nothing}</item></list>"
    context = f'<component name="a">{{}}</component><component name="">{listed}</component>'
    kit(folder, case("1", "c", context.format(nothing)), case("2", "c", context.format(no_list)))
    assert tck.report(folder)["failed"] == []


def test_an_error_that_is_expected_passes_and_one_that_is_not_fails(folder: Path) -> None:
    kit(folder, case("1", "wrong", "", on_result='errorResult="true"'), case("2", "wrong", number("1")))
    assert tck.report(folder)["failed"] == ["m-test-01/2: wrong expected 1 got null"]


def test_functions_are_called_with_their_inputs(folder: Path) -> None:
    two = f'<inputNode name="x">{number("2")}</inputNode>'
    kit(folder, case("1", "f", number("4"), two, extra='type="bkm" invocableName="f"'))
    assert tck.report(folder)["failed"] == []


@pytest.mark.parametrize("of", ["nowhere.dmn", "broken.dmn", "other.dmn"])
def test_a_model_that_cannot_be_used_fails_its_cases(folder: Path, of: str) -> None:
    (folder / "broken.dmn").write_text("<definitions")
    (folder / "other.dmn").write_text("<html/>")
    kit(folder, case("1", "d", ""), of=of)
    failed = tck.report(folder)["failed"]
    assert isinstance(failed, list)
    assert len(failed) == 1


def test_a_broken_file_of_cases_and_a_broken_value_fail_alone(folder: Path) -> None:
    kit(folder, case("1", "d", number("nonsense")), case("2", "c", "<value/>"), case("3", "d", ""))
    (folder / "m-test-02.xml").write_text("<testCases><testCase>")
    (folder / "notes.xml").write_text("<notes/>")
    line = tck.report(folder)
    assert (line["passed"], line["total"]) == (1, 4)


def test_models_that_import_each_other_fail_and_do_not_go_round(folder: Path) -> None:
    for own, other in (("a", "b"), ("b", "a")):
        xml = model(f'<import namespace="urn:{other}" name="x" importType="dmn"/>', decision("d", literal("1")))
        (folder / f"{own}.dmn").write_bytes(xml.replace(b"urn:test", f"urn:{own}".encode()))
    kit(folder, case("1", "d", number("1")), of="a.dmn")
    assert tck.report(folder)["passed"] == 0


def test_the_only_model_of_a_folder_need_not_be_named(folder: Path) -> None:
    kit(folder, case("1", "d", ""), of="")
    assert tck.report(folder)["passed"] == 1


def test_folders_are_walked_and_places_without_cases_are_said_to_have_none(folder: Path) -> None:
    kit(folder, case("1", "d", ""))
    assert list(tck.folders([folder.parent])) == [folder]
    assert tck.main([str(folder.parent / "nowhere")]) == 2
