"""What the rules mean in the cases between right and wrong."""

from __future__ import annotations

import pytest

from engine.lint import Vocabulary
from engine.lint.expressions import dollar_rewrite
from engine.lint.timers import is_value
from tests.engine import drawing as d
from tests.engine.lint.asking import choice, edge, findings, greet, person, row, rules, with_form
from tests.engine.lint.examples.events import ANSWERED, ERROR, HOUR, LOST, MESSAGE
from tests.engine.lint.examples.flows import circle, diamonds


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "P2D"),
        ("timeDuration", "P1Y2M3DT4H5M6.5S"),
        ("timeDuration", "P2W"),
        ("timeDate", "2027-03-01"),
        ("timeDate", "2027-03-01T08:00:00+07:00"),
        ("timeCycle", "R3/PT10M"),
        ("timeCycle", "R/P1D"),
        ("timeCycle", "R5/2027-03-01T08:00:00Z/P1D"),
        ("timeCycle", "R/PT90S"),
    ],
)
def test_a_moment_a_duration_and_a_cycle_are_known(kind: str, text: str) -> None:
    assert is_value(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "2 days"),
        ("timeDuration", "P2D12H"),
        ("timeDuration", "P"),
        ("timeDuration", "PT"),
        ("timeDuration", "P1DT"),
        ("timeDuration", "-P1D"),
        ("timeDuration", "P٢D"),
        ("timeDate", "PT1H"),
        ("timeDate", "1 March 2027"),
        ("timeCycle", "PT1H"),
        ("timeCycle", "R3"),
        ("timeCycle", "R/PT0S"),
        ("timeCycle", "R/P0D"),
        ("timeCycle", "R/PT5S"),
        ("timeCycle", "R3/2027-03-01/2027-03-02"),
    ],
)
def test_what_the_library_would_fail_on_months_later_is_no_timer_value(kind: str, text: str) -> None:
    assert not is_value(kind, text)


@pytest.mark.parametrize("text", ["=PT1H", "R3/PT10M", "2027-03-01T08:00:00Z", "-P1D"])
def test_a_time_without_quotation_marks_is_said_to_lack_them(text: str) -> None:
    assert rules(row(d.catch("a", d.timer("timeDate", text)))) & {"timer-not-quoted", "timer-value"}


@pytest.mark.parametrize(
    "text", ["due_at", "= due_at", '= deadline("resolve")', '"2027-03-01"', '= date and time("2027-03-01T00:00:00Z")']
)
def test_a_date_may_be_a_variable_a_function_or_a_text(text: str) -> None:
    assert rules(row(d.catch("a", d.timer("timeDate", text)))) == set()


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("${a.size() == 1}", "= a.size() = 1"),
        ("${a['b'] && c}", '= a["b"] and c'),
        ("${!(a == 'b' + c)}", '= not(a = "b" + c)'),
    ],
)
def test_an_expression_that_cannot_be_translated_comes_with_a_proposal(written: str, proposed: str) -> None:
    assert dollar_rewrite(written) == proposed
    (found,) = findings(choice(written))
    assert (found.rule, found.severity) == ("dollar-expression", "error")
    assert proposed in found.remedy_en
    assert proposed in found.remedy_vi


@pytest.mark.parametrize("attribute", ["candidateGroups", "assignee", "dueDate", "followUpDate", "priority"])
@pytest.mark.parametrize(
    ("text", "rule"),
    [("= a +", "expression-syntax"), ("${a.b()}", "dollar-expression"), ("= f(1)", "unknown-function")],
)
def test_every_attribute_of_a_task_that_may_compute_is_checked(attribute: str, text: str, rule: str) -> None:
    groups = text if attribute == "candidateGroups" else "official:roads"
    others = {} if attribute == "candidateGroups" else {attribute: text}
    (found,) = findings(row(person("a", groups, **others)))
    assert found.rule == rule
    assert f"camunda:{attribute}" in found.message_en


def test_a_function_nobody_registered_brings_the_nearest_known_one() -> None:
    (found,) = findings(choice('= deadlin("resolve") > 1'))
    assert found.rule == "unknown-function"
    assert "deadline" in found.remedy_en


def test_registered_functions_are_checked_for_their_arguments() -> None:
    assert rules(choice("= deadline() > 1")) == {"expression-syntax"}
    names_only = Vocabulary(handlers=(), functions={"deadline"})
    assert rules(choice("= deadline() > 1"), names_only) == set()


def test_groups_and_steps_are_not_checked_where_none_are_given() -> None:
    anything = Vocabulary(handlers=(), functions=())
    assert rules(row(person("a", "official:moon", publicStep="dreaming")), anything) == set()


def test_a_computed_group_is_not_looked_up() -> None:
    assert rules(row(person("a", '= "intake:" + unit'))) == set()


def test_the_way_back_from_a_boundary_event_counts_as_a_wait() -> None:
    parts = [person("a"), d.boundary("b", "a", HOUR), greet("c")]
    diagram = d.process(d.start(), *parts, d.end(), d.path("start", "a", "end"), d.path("b", "c", "a"))
    assert rules(diagram) == set()


def test_a_retry_after_an_error_without_a_pause_runs_in_circles() -> None:
    parts = [d.rule("a", "route"), d.boundary("b", "a", LOST), d.script("c", "x = 1")]
    diagram = d.process(d.start(), *parts, d.end(), d.path("start", "a", "end"), d.path("b", "c", "a"), outside=ERROR)
    assert "loop-without-wait" in rules(diagram)


@pytest.mark.parametrize(
    ("inside", "expected"), [(person("p"), set()), (d.script("p", "x = 1"), {"loop-without-wait"})]
)
def test_a_subprocess_waits_if_something_in_it_waits(inside: str, expected: set[str]) -> None:
    sub = d.subprocess("a", d.start("s"), inside, d.end("e"), d.path("s", "p", "e"))
    assert rules(circle(sub, names=("a",))) == expected


@pytest.mark.parametrize(
    ("inside", "expected"), [(person("p"), set()), (d.script("p", "x = 1"), {"loop-without-wait"})]
)
def test_a_called_process_waits_if_something_in_it_waits(inside: str, expected: set[str]) -> None:
    called = d.process(d.start("s"), inside, d.end("e"), d.path("s", "p", "e"), key="other")
    files = {
        "demo.bpmn": circle('<bpmn:callActivity id="a" calledElement="other"/>', names=("a",)),
        "other.bpmn": called,
    }
    assert rules(files) == expected


def test_a_decision_between_parallel_parts_ends_the_row() -> None:
    parts = diamonds(3) + d.exclusive("x", "x_f3") + diamonds(3, first=3)
    ways = d.path("start", "f0") + d.path("j2", "x", "f3") + d.path("j5", "end") + d.flow("x", "end", "done")
    assert rules(d.process(d.start(), parts, d.end(), ways)) == set()
    straight = d.path("start", "f0") + d.path("j2", "f3") + d.path("j5", "end")
    assert rules(d.process(d.start(), diamonds(3), diamonds(3, first=3), d.end(), straight)) == {"parallel-chain"}


def test_an_error_may_be_caught_further_out() -> None:
    inner = d.subprocess("i", d.start("s2"), d.end("e2", LOST), d.flow("s2", "e2"))
    outer = d.subprocess("a", d.start("s"), inner, d.end("e"), d.path("s", "i", "e"))
    assert rules(edge(d.boundary("b", "a", LOST), host=outer, outside=ERROR)) == set()


def test_an_error_may_be_caught_by_the_caller() -> None:
    called = d.process(d.start("s"), d.end("e", LOST), d.flow("s", "e"), key="second", outside=ERROR)
    call = '<bpmn:callActivity id="a" calledElement="second"/>'
    calling = edge(d.boundary("b", "a", LOST), host=call, outside=ERROR)
    assert rules({"demo.bpmn": calling, "second.bpmn": called}) == set()
    assert rules({"demo.bpmn": called.replace(b"second", b"demo")}) == {"uncaught-error"}


@pytest.mark.parametrize(
    "hidden",
    [
        '<bpmn:sequenceFlow id="x" sourceRef="a" targetRef="end"/>',
        '<bpmn:boundaryEvent id="x" attachedToRef="a"/>',
        "<bpmn:messageEventDefinition/>",
        '<bpmn:process id="x"/>',
    ],
)
@pytest.mark.parametrize("place", ["sequenceFlow", "extensionElements", "startEvent"])
def test_nothing_executable_may_hide_in_another_element(hidden: str, place: str) -> None:
    whole = row(person("a")).decode()
    holders = {
        "sequenceFlow": ('targetRef="end">', f'targetRef="end">{hidden}'),
        "extensionElements": (
            "</bpmn:process>",
            f"<bpmn:extensionElements>{hidden}</bpmn:extensionElements></bpmn:process>",
        ),
        "startEvent": ('<bpmn:startEvent id="start"/>', f'<bpmn:startEvent id="start">{hidden}</bpmn:startEvent>'),
    }
    assert rules(whole.replace(*holders[place], 1).encode()) & {"unknown-element", "message-reference"}


def test_a_pool_that_is_only_drawn_is_not_held_to_the_rules() -> None:
    pool = '<bpmn:process id="citizen" isExecutable="false"><bpmn:task id="t"/><bpmn:dataStoreReference id="r"/></bpmn:process>'
    diagram = row(person("a")).replace(b"</bpmn:definitions>", pool.encode() + b"</bpmn:definitions>")
    assert rules(diagram) == {"process-not-executable"}


def test_where_nothing_is_executable_the_drawing_is_checked_all_the_same() -> None:
    second = b'<bpmn:process id="second"><bpmn:task id="t"/></bpmn:process></bpmn:definitions>'
    drawn = row(d.user("a", groups=""), person("b")).replace(b'isExecutable="true"', b"")
    drawn = drawn.replace(b"</bpmn:definitions>", second)
    assert rules(drawn) >= {"no-executable-process", "task-without-people", "unreachable"}


def test_a_field_of_an_embedded_form_may_not_have_the_id_of_a_step() -> None:
    field = '<bpmn:extensionElements><camunda:formData><camunda:formField id="b"/></camunda:formData></bpmn:extensionElements>'
    task = person("a").replace("/>", f">{field}</bpmn:userTask>")
    assert "duplicate-id" in rules(row(task, person("b"), names=("a", "b")))


def test_steps_of_two_files_need_different_ids() -> None:
    other = d.process(d.start("s"), person("a"), d.end("e"), d.path("s", "a", "e"), key="other")
    files = {
        "demo.bpmn": row('<bpmn:callActivity id="c" calledElement="other"/>', person("a"), names=("c", "a")),
        "other.bpmn": other,
    }
    (found,) = findings(files)
    assert found.rule == "duplicate-id"
    assert "demo.bpmn" in found.message_en


def test_a_message_may_be_thrown_sent_and_received() -> None:
    throw = f'<bpmn:intermediateThrowEvent id="a">{ANSWERED}</bpmn:intermediateThrowEvent>'
    send = '<bpmn:sendTask id="b" messageRef="m_answered"/>'
    assert rules(row(throw, send, d.catch("c", ANSWERED), names=("a", "b", "c"), outside=MESSAGE)) == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [("= a +", "expression-syntax"), ("${a.b()}", "dollar-expression"), ("= f(1)", "unknown-function")],
)
def test_the_key_of_a_message_is_checked(text: str, rule: str) -> None:
    assert rules(row(d.catch("a", ANSWERED, text), outside=MESSAGE)) == {rule}


def test_whatever_sends_or_awaits_a_message_may_name_its_key() -> None:
    kinds = (
        d.throw("a", ANSWERED, "= lamp"),
        d.catch("b", ANSWERED, "L-7"),
        keyed("sendTask", "c"),
        keyed("receiveTask", "e"),
    )
    assert rules(row(*kinds, names=("a", "b", "c", "e"), outside=MESSAGE)) == set()
    beside = d.boundary("b", "a", ANSWERED).replace(' id="b"', ' id="b" caseway:correlationKey="= lamp"')
    assert rules(edge(beside, outside=MESSAGE)) == set()
    told = d.end("end", ANSWERED).replace(' id="end"', ' id="end" caseway:correlationKey="= lamp"')
    assert rules(d.process(d.start(), person("a"), told, d.path("start", "a", "end"), outside=MESSAGE)) == set()


def keyed(kind: str, name: str) -> str:
    return f'<bpmn:{kind} id="{name}" messageRef="m_answered" caseway:correlationKey="= lamp"/>'


@pytest.mark.parametrize("part", [person("a"), d.catch("a", d.timer("timeDuration", '"PT1H"'))])
def test_a_key_where_there_is_no_message_is_said_to_be_ignored(part: str) -> None:
    (found,) = findings(row(part.replace(' id="a"', ' id="a" caseway:correlationKey="= lamp"')))
    assert (found.rule, found.severity) == ("ignored-extension", "warning")
    assert "caseway:correlationKey" in found.message_en


def test_other_vocabularies_are_named_in_the_warning_and_editors_are_left_alone() -> None:
    head = row(person("a")).replace(
        b"<bpmn:definitions",
        b'<bpmn:definitions xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:pen="http://pen.example"',
    )
    (found,) = findings(
        head.replace(
            b'<bpmn:userTask id="a"',
            b'<bpmn:userTask id="a" zeebe:form="x" pen:colour="red" camunda:asyncBefore="true"',
        )
    )
    assert (found.rule, found.severity) == ("ignored-extension", "warning")
    assert "zeebe:form" in found.message_en
    assert "camunda:asyncBefore" in found.message_en
    assert "colour" not in found.message_en


@pytest.mark.parametrize("words", ["class", "delegateExpression", "expression", "asyncBefore"])
def test_code_named_by_a_service_task_is_said_to_be_ignored(words: str) -> None:
    task = greet("a").replace("<bpmn:serviceTask", f'<bpmn:serviceTask camunda:{words}="x"')
    (found,) = findings(row(task))
    assert (found.rule, found.severity) == ("ignored-extension", "warning")
    assert f"camunda:{words}" in found.message_en


def test_the_rule_that_hides_a_field_is_checked_without_registered_functions() -> None:
    def hidden(rule: str) -> set[str]:
        return rules(with_form({"type": "textfield", "key": "x", "conditional": {"hide": rule}}))

    assert hidden("= x +") == {"expression-syntax"}
    assert hidden('= deadline("resolve") = x') == {"unknown-function"}
    assert hidden('= starts with(x, "a")') == set()


@pytest.mark.parametrize("kind", ["group", "taglist", "html", "dynamiclist"])
def test_a_field_no_page_draws_is_refused(kind: str) -> None:
    inner = {"type": "textfield", "key": "x"}
    parts = {"type": kind, "key": "y", "values": [{"value": "a"}], "components": [inner]}
    assert rules(with_form(parts)) == {"form-component-type"}


def test_what_the_form_room_cannot_read_is_said_before_anybody_meets_the_form() -> None:
    assert rules(with_form({"type": "number", "key": "x", "validate": {"max": "ten"}})) == {"form-unreadable"}


def test_a_finding_in_a_form_points_to_the_line_of_its_field() -> None:
    files = {
        "demo.bpmn": row(person("a")),
        "forms/ask.form": b'{"id": "ask", "components": [\n\n{"type": "dial",\n "key": "speed"}]}',
    }
    (found,) = findings(files)
    assert (found.line, found.element_id) == (4, "speed")


def test_an_element_without_a_name_or_id_goes_by_its_kind() -> None:
    told = findings(row(person("a"), '<bpmn:userTask camunda:assignee="mai" caseway:publicStep="received"/>'))
    found = next(one for one in told if one.rule == "missing-id")
    assert "user task" in found.message_en
    assert "việc của người" in found.message_vi
