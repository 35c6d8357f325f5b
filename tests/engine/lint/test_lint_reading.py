"""Whatever the bytes are: findings with a place, in order, never an exception."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.lint import Finding, check, normalise
from engine.lint.findings import MAX_PER_FILE
from tests.engine import drawing as d
from tests.engine.lint.asking import KNOWN, findings, form, person, row, rules
from tests.engine.lint.examples import EXAMPLES
from tests.engine.lint.examples.tasks import DECISION

BRIEF = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = [
    files for example in EXAMPLES.values() for files in example[:2] if isinstance(files, bytes) and len(files) < 9_000
]
FORM = form({"type": "radio", "key": "verdict", "values": [{"value": "yes"}], "conditional": {"hide": "= x"}})
NAMES = st.sampled_from(["a.bpmn", "b.bpmn", "a.dmn", "forms/a.form", "README.md"])
#: Pieces that matter to XML, FEEL, JSON or us, to be put anywhere.
SHARP = [
    b"<", b">", b'"', b"&", b"&x;", b"]]>", b"<!DOCTYPE d>", b"\x00", b"\xff\xfe", b"{", b"}", b"${", b"=", b"(" * 300,
    b"[" * 3000, b"9" * 5000, b"-1", b"xmlns", b"id", b"<a/>" * 50, b"<bpmn:userTask>", b"</bpmn:process>", b"start",
    b'default="g"', b"isExecutable", "\u0661\u202e\ud7ff".encode(), b"&#x1F600;", b"\r\n", b"true", b"null",
]  # fmt: skip


def never_raises(files: dict[str, bytes]) -> list[Finding]:
    found = check(files, KNOWN)
    for one in found:
        assert one.to_dict("vi")["message"]
        assert one.to_dict("en")["remedy"]
    return found


@BRIEF
@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=3))
def test_any_bytes_give_findings(files: dict[str, bytes]) -> None:
    assert any(one.severity == "error" for one in never_raises(files))


@BRIEF
@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(SHARP)), max_size=4)
)
def test_a_damaged_diagram_gives_findings_or_none(seed: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
    never_raises({"a.bpmn": damaged(seed, cuts)})
    normalise({"a.bpmn": damaged(seed, cuts)})


@BRIEF
@given(st.sampled_from(SEEDS), st.data())
def test_a_diagram_with_moved_values_gives_findings_or_none(seed: bytes, data: st.DataObject) -> None:
    """Well-formed, but any attribute may have the value of any other, and any element stand in for any other."""
    parts = seed.decode().split('"')
    places = st.integers(0, len(parts) // 2 - 1)
    for _ in range(data.draw(st.integers(1, 6))):
        parts[2 * data.draw(places) + 1] = parts[2 * data.draw(places) + 1]
    kinds = ["userTask", "startEvent", "endEvent", "boundaryEvent", "exclusiveGateway", "subProcess", "callActivity"]
    text = '"'.join(parts).replace(
        f"bpmn:{data.draw(st.sampled_from(kinds))}", f"bpmn:{data.draw(st.sampled_from(kinds))}"
    )
    never_raises({"a.bpmn": text.encode()})


@BRIEF
@given(
    st.sampled_from([FORM, DECISION]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from(SHARP)), max_size=3),
)
def test_a_damaged_form_or_decision_gives_findings_or_none(seed: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
    never_raises({"a.bpmn": row(person("a")), "a.dmn": damaged(seed, cuts), "forms/a.form": damaged(seed, cuts)})


@BRIEF
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "key", "values", "conditional", "hide", "components", "id"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_any_value_in_a_form_gives_findings_or_none(value: object) -> None:
    never_raises(
        {
            "forms/a.form": form(
                {"type": "select", "key": "x", "values": value, "conditional": value, "components": value}
            )
        }
    )


def damaged(seed: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, piece in cuts:
        at = int(where * len(seed))
        seed = seed[:at] + piece + seed[at + length :]
    return seed


def test_a_broken_file_is_one_finding_with_line_and_column() -> None:
    (found,) = findings(b"<definitions>\n  <process>\n</definitions>")
    assert (found.rule, found.line, found.file) == ("not-xml", 3, "demo.bpmn")
    assert found.column is not None
    assert "column" not in found.message_en


def test_a_broken_form_is_one_finding_with_line_and_column() -> None:
    files = {"demo.bpmn": row(person("a")), "forms/a.form": b'{\n  "components": [\n}'}
    (found,) = findings(files)
    assert (found.rule, found.line, found.file) == ("form-unreadable", 3, "forms/a.form")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_diagram_in_another_unicode_encoding_is_read(encoding: str) -> None:
    text = row(person("a")).decode()
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{text}'
    assert findings(declared.encode(encoding)) == []


def test_a_doctype_hidden_by_its_encoding_is_refused() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE d [<!ENTITY a "b">]>' + row(person("a")).decode()
    assert rules(text.encode("utf-16")) == {"doctype"}


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY f SYSTEM "file:///etc/passwd">',
        '<!ENTITY f SYSTEM "http://127.0.0.1:1/x">',
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f "&b;&b;&b;&b;">',
    ],
)
def test_entities_are_refused_before_anything_is_expanded(entities: str) -> None:
    assert rules(f"<!DOCTYPE d [{entities}]><d>&f;</d>".encode()) == {"doctype"}


def test_elements_nested_without_end_are_a_finding() -> None:
    assert rules(b"<a>" * 100_000) == {"not-xml"}


def test_subprocesses_nested_two_hundred_deep_are_a_finding() -> None:
    opened = "".join(f'<bpmn:subProcess id="s{level}">' for level in range(200))
    assert "nested-too-deep" in rules(d.process(opened, "</bpmn:subProcess>" * 200))


def test_brackets_nested_without_end_are_a_finding() -> None:
    deep = d.process(d.start(), d.script("a", "x = " + "(" * 5_000), d.end(), d.path("start", "a", "end"))
    assert rules(deep) == {"expression-syntax"}


def test_a_form_nested_without_end_is_a_finding() -> None:
    files = {"demo.bpmn": row(person("a")), "forms/a.form": b'{"components":' + b"[" * 100_000}
    assert rules(files) == {"form-unreadable"}


def test_findings_come_by_file_and_line() -> None:
    lines = row(d.user("a"), d.user("b", groups=""), names=("a", "b")).replace(b"<bpmn:", b"\n<bpmn:")
    found = findings({"z.bpmn": lines, "a.form": b"", "b.dmn": b""})
    assert [(one.file, one.line) for one in found] == sorted((one.file, one.line or 0) for one in found)
    assert [one.file for one in found][:2] == ["a.form", "b.dmn"]


def test_the_order_of_the_files_does_not_matter() -> None:
    files = {"z.bpmn": row(d.user("a", groups="")), "a.form": b"", "y.bpmn": row(person("a"))}
    assert findings(files) == findings(dict(reversed(files.items())))


def test_errors_are_kept_when_there_are_too_many_findings() -> None:
    names = tuple(f"n{number}" for number in range(MAX_PER_FILE))
    tasks = [d.user(name) for name in names[:-1]]
    found = findings(
        row(*tasks, d.user(names[-1], groups=""), person("last"), names=(*names, "last"), outside="<bpmn:error/>")
    )
    assert len(found) == MAX_PER_FILE + 1
    assert "task-without-people" in {one.rule for one in found}
    assert found[-1].rule == "too-many-findings"


def test_what_a_file_says_is_shown_shortened_and_on_one_line() -> None:
    (found,) = findings(row(d.service("a", "x\n" * 500)))
    assert found.rule == "unknown-handler"
    assert "\n" not in found.message_en
    assert len(found.message_en) < 200


def test_text_that_looks_like_a_gap_is_left_alone() -> None:
    (found,) = findings(row(d.service("a", "{element}{0}{x.__class__}")))
    assert "{element}{0}{x.__class__}" in found.message_en


def test_a_bundle_without_a_diagram_has_no_process() -> None:
    assert rules({}) == {"no-executable-process"}
    assert rules({"README.md": b"words"}) == {"no-executable-process"}


def test_names_an_unreadable_file_may_define_are_not_missed() -> None:
    files = {
        "demo.bpmn": row(
            d.rule("a", "route"),
            person("b", formKey="ask"),
            '<bpmn:callActivity id="c" calledElement="x"/>',
            names=("a", "b", "c"),
        ),
        "route.dmn": b"<",
        "forms/ask.form": b"{",
        "x.bpmn": b"<",
    }
    assert rules(files) == {"not-xml", "form-unreadable"}
