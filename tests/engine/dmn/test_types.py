"""Values are made to fit the types a model declares, wherever it declares one; what cannot be is null."""

from __future__ import annotations

import pytest

from engine.dmn import read_model
from engine.feel.text import write_value
from tests.engine.dmn.models import decision, literal, model

TYPES = (
    '<itemDefinition name="tTexts" isCollection="true"><typeRef>string</typeRef></itemDefinition>'
    '<itemDefinition name="tLetter"><typeRef>string</typeRef>'
    '<allowedValues><text>"a", "b"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tSome" isCollection="true"><typeRef>number</typeRef>'
    "<typeConstraint><text>count(?) > 1</text></typeConstraint></itemDefinition>"
    '<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>'
)


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("10", "string", "null"),
        ('["a"]', "string", "a"),
        ('"a"', "tTexts", '["a"]'),
        ("[1]", "tTexts", "null"),
        ('["a", 1]', "tTexts", "null"),
        ('date("2020-01-01")', "date and time", "2020-01-01T00:00:00Z"),
        ("1", "feel:string", "null"),
        ("1", "tNowhere", "1"),
        ('"a"', "tLetter", "a"),
        ('"c"', "tLetter", "null"),
        ("[1]", "tSome", "null"),
        ("[1, 2]", "tSome", "[1, 2]"),
        ('{name: "An", age: null, more: 1}', "tPerson", '{name: "An", age: null, more: 1}'),
        ('{name: "An"}', "tPerson", "null"),
        ('{name: "An", age: "x"}', "tPerson", "null"),
    ],
)
def test_a_result_is_made_to_fit_its_variable_and_its_expression(source: str, kind: str, expected: str) -> None:
    for drawn in (
        decision("d", literal(source), kind=kind),
        decision("d", literal(source, typeRef=kind)),
        decision("d", _table(source, kind)),
    ):
        assert _decided(TYPES, drawn) == expected


def test_cells_of_a_relation_fit_their_column() -> None:
    single = literal('["x"]')
    rows = f'<column name="a" typeRef="string"/><row>{literal("1")}</row><row>{single}</row>'
    assert _decided(decision("d", f"<relation>{rows}</relation>")) == '[{a: null}, {a: "x"}]'


def test_the_types_of_a_model_imported_without_a_name_are_known_as_they_are() -> None:
    imported = read_model(model(TYPES), {}, {})
    drawn = '<import namespace="urn:test" name="" importType="dmn"/>' + decision("d", literal("1"), kind="tLetter")
    xml = model(drawn).replace(b'namespace="urn:test">', b'namespace="urn:other">', 1)
    assert read_model(xml, {}, {"urn:test": imported}).decisions["d"].value({}) is None


def _table(source: str, kind: str) -> str:
    cells = (
        f'<output typeRef="{kind}"/><rule><outputEntry><text>{source.replace("<", "&lt;")}</text></outputEntry></rule>'
    )
    return f"<decisionTable>{cells}</decisionTable>"


def _decided(*parts: str) -> str:
    found = read_model(model(*parts), {}, {})
    assert found.problems == []
    return write_value(found.decisions["d"].value({}))
