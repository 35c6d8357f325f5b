"""Elements that need an id get one; nothing else changes."""

from __future__ import annotations

from engine.lint import normalise
from engine.lint.xml import read
from tests.engine import drawing as d
from tests.engine.lint.asking import person, row, rules

WITHOUT = row(person("a")).replace(b' id="start_a"', b"").replace(b' id="a_end"', b"")


def test_a_diagram_that_lacks_nothing_comes_back_byte_for_byte() -> None:
    diagram = b"<!-- drawn by hand -->\n" + row(person("a"))
    assert normalise(diagram) == (diagram, [])


def test_flows_without_an_id_get_one_that_tells_where_they_lead() -> None:
    changed, rewrites = normalise(WITHOUT)
    assert [words.rpartition(" ")[2] for words in rewrites] == ["Flow_start_a", "Flow_a_end"]
    assert rules(changed) == set()


def test_the_same_diagram_always_gets_the_same_ids() -> None:
    assert normalise(WITHOUT) == normalise(WITHOUT)


def test_normalising_twice_changes_nothing_more() -> None:
    changed, _ = normalise(WITHOUT)
    assert normalise(changed) == (changed, [])


def test_an_id_that_is_taken_is_not_given_again() -> None:
    diagram = row(person("a"), '<bpmn:userTask/><bpmn:userTask/><bpmn:textAnnotation id="UserTask"/>')
    changed, rewrites = normalise(diagram)
    ids = [element.get("id") for element in read(changed).iter("{*}userTask")]
    assert ids == ["a", "UserTask_2", "UserTask_3"]
    assert len(rewrites) == 2


def test_comments_and_foreign_elements_stay() -> None:
    diagram = WITHOUT.replace(b"<bpmn:startEvent", b"<!-- here it begins --><bpmn:startEvent")
    assert b"<!-- here it begins -->" in normalise(diagram)[0]


def test_a_file_that_cannot_be_read_is_left_alone() -> None:
    assert normalise(b"<a") == (b"<a", [])
    assert normalise(b"<!DOCTYPE a><a/>") == (b"<!DOCTYPE a><a/>", [])


def test_an_event_without_an_id_is_only_a_warning_because_it_gets_one() -> None:
    diagram = d.process("<bpmn:startEvent/>", d.start(), person("a"), d.end(), d.path("start", "a", "end"))
    assert "missing-id" in rules(diagram)
    assert "missing-id" not in rules(normalise(diagram)[0])
