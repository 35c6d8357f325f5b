"""What is merely sloppy is put right, and every change is told; nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import compile_expression
from engine.lint import Answers, Finding
from engine.lint.juel import feel
from engine.lint.normalising import normalise
from engine.lint.normalising.exhausting import is_exhaustive
from engine.lint.normalising.names import KEY
from engine.lint.xml import BPMN, CAMUNDA, Element, read
from tests.engine import drawing as d
from tests.engine.lint.asking import choice, edge, findings, person, row, rules
from tests.engine.lint.examples import EXAMPLES
from tests.engine.lint.examples.rewrites import SUBSCRIBED

WITHOUT = row(person("a")).replace(b' id="start_a"', b"").replace(b' id="a_end"', b"")
LINK = '<bpmn:linkEventDefinition name="L"/>'
SEEDS = sorted(
    {files for one in EXAMPLES.values() for files in one[:2] if isinstance(files, bytes) and len(files) < 50_000}
)


def changed(content: bytes) -> tuple[bytes, list[Finding]]:
    done = normalise({"demo.bpmn": content})["demo.bpmn"]
    return done.content, done.rewrites


def element(content: bytes, identifier: str) -> Element:
    return next(one for one in read(content).iter(f"{{{BPMN}}}*") if one.get("id") == identifier)


def test_a_diagram_that_lacks_nothing_comes_back_byte_for_byte() -> None:
    diagram = b"<!-- drawn by hand -->\n" + row(person("a"))
    assert changed(diagram) == (diagram, [])


def test_flows_without_an_id_get_one_that_tells_where_they_lead() -> None:
    content, told = changed(WITHOUT)
    assert [one.message_en.partition("“")[2] for one in told] == ["Flow_start_a”.", "Flow_a_end”."]
    assert {one.severity for one in told} == {"info"}
    assert rules(content) == set()


@pytest.mark.parametrize("diagram", SEEDS)
def test_what_was_put_right_once_stays_as_it_is(diagram: bytes) -> None:
    content, _ = changed(diagram)
    assert changed(content) == (content, [])
    assert changed(diagram)[0] == content


def test_an_id_that_is_taken_is_not_given_again() -> None:
    diagram = row(person("a"), '<bpmn:userTask/><bpmn:userTask/><bpmn:textAnnotation id="UserTask"/>')
    content, told = changed(diagram)
    ids = [one.get("id") for one in read(content).iter("{*}userTask")]
    assert ids == ["a", "UserTask_2", "UserTask_3"]
    assert len(told) == 2


def test_comments_and_foreign_elements_stay() -> None:
    diagram = WITHOUT.replace(b"<bpmn:startEvent", b"<!-- here it begins --><bpmn:startEvent")
    assert b"<!-- here it begins -->" in changed(diagram)[0]


def test_a_file_that_cannot_be_read_is_left_alone() -> None:
    assert changed(b"<a") == (b"<a", [])
    assert changed(b"<!DOCTYPE a><a/>") == (b"<!DOCTYPE a><a/>", [])


def test_findings_name_the_lines_of_the_file_as_it_was_sent() -> None:
    lines = b'<?xml version="1.0"?>\n\n<!-- two\nlines -->\n' + WITHOUT.replace(b"<bpmn:", b"\n\n<bpmn:")
    task = lines.replace(b'camunda:candidateGroups="official:roads"', b"\n\n")
    found = {one.rule: one.line for one in reversed(findings(task))}
    at = task[: task.index(b"<bpmn:userTask")].count(b"\n") + 1
    assert found["task-without-people"] in (at, at + 2)  # where the element begins, or where its tag ends
    assert found["missing-id"] == task[: task.index(b"<bpmn:sequenceFlow")].count(b"\n") + 1


# ------------------------------------------------------------------------------------------------ what is to run


@pytest.mark.parametrize("mark", [b"", b'isExecutable="false"', b'isExecutable="0"'])
def test_the_only_process_is_meant_to_run(mark: bytes) -> None:
    assert rules(row(person("a")).replace(b'isExecutable="true"', mark)) >= {"made-executable"}


def test_an_empty_pool_beside_it_does_not_count() -> None:
    drawn = row(person("a")).replace(b' isExecutable="true"', b"")
    pool = drawn.replace(b"</bpmn:definitions>", b'<bpmn:process id="pool"/></bpmn:definitions>')
    assert "made-executable" in rules(pool)


def test_of_two_drawn_processes_nobody_knows_which_is_meant() -> None:
    drawn = row(person("a")).replace(b' isExecutable="true"', b"")
    other = b'<bpmn:process id="p"><bpmn:task id="t"/></bpmn:process></bpmn:definitions>'
    assert "no-executable-process" in rules(drawn.replace(b"</bpmn:definitions>", other))


# -------------------------------------------------------------------------------------------------------- flows


def linked(*catches: str, throws: tuple[str, ...] = ("t",)) -> bytes:
    sources = [f'<bpmn:intermediateThrowEvent id="{name}">{LINK}</bpmn:intermediateThrowEvent>' for name in throws]
    targets = [d.catch(name, LINK) for name in catches]
    ways = d.path("start", "g") + "".join(d.flow("g", t, "" if t == throws[-1] else f'x = "{t}"') for t in throws)
    ends = "".join(d.flow(name, "a") for name in catches)
    gateway = d.exclusive("g", f"g_{throws[-1]}")
    return d.process(d.start(), gateway, *sources, *targets, person("a"), d.end(), ways, ends, d.flow("a", "end"))


def test_links_become_flows() -> None:
    content, told = changed(linked("c", throws=("t", "u")))
    assert [one.rule for one in told] == ["links-joined"] * 2
    assert b"linkEventDefinition" not in content
    assert element(content, "Flow_u_c").get("targetRef") == "c"
    assert rules(content) == set()


def test_a_link_that_two_events_catch_stays_an_error() -> None:
    assert "link-event" in rules(linked("c", "k"))
    assert "link-event" in rules(linked())


def test_what_nothing_follows_gets_an_end_and_a_gateway_does_not() -> None:
    xml = d.process(d.start(), d.parallel("g"), person("a"), person("b"), d.end(),
                    d.path("start", "g", "a", "end"), d.flow("g", "b"))  # fmt: skip
    content, told = changed(xml)
    assert [(one.rule, one.element_id) for one in told] == [("missing-end", "b")]
    assert element(content, "End_b").tag == f"{{{BPMN}}}endEvent"
    assert rules(content) == set()


def test_a_step_that_stands_alone_is_a_mistake_and_no_end() -> None:
    assert rules(row(person("a"), person("lost"))) == {"unreachable", "dead-end"}


def test_flows_that_leave_a_step_together_go_through_a_gateway() -> None:
    two = d.process(d.start(), person("a"), person("b"), person("c"), d.end(),
                    d.path("start", "a", "b", "end"), d.path("a", "c", "end"))  # fmt: skip
    content, told = changed(two)
    assert [one.rule for one in told] == ["split-drawn"]
    assert element(content, "a_b").get("sourceRef") == "Split_a"
    assert element(content, "Split_a").tag == f"{{{BPMN}}}parallelGateway"
    assert rules(content) == set()


def test_an_added_gateway_is_drawn_where_its_step_is() -> None:
    shape = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">'
        '<bpmndi:BPMNPlane bpmnElement="demo"><bpmndi:BPMNShape bpmnElement="a"><dc:Bounds x="100" y="50" width="100" height="80"/>'
        "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
    )
    xml = d.process(d.start(), person("a"), d.end(), d.end("over"), d.path("start", "a", "end"), d.flow("a", "over"))
    content, _ = changed(xml.replace(b"</bpmn:definitions>", shape.encode()))
    (_, drawn) = read(content).iter("{*}BPMNShape")
    assert (drawn.get("bpmnElement"), drawn[0].get("x"), drawn[0].get("y")) == ("Split_a", "187.5", "77.5")


def test_conditions_behind_a_step_make_the_gateway_inclusive_if_one_flow_is_the_default() -> None:
    task = person("a").replace(' id="a"', ' id="a" default="a_end"')
    xml = d.process(d.start(), task, person("b"), d.end(), d.path("start", "a", "end"), d.flow("a", "b", "= x > 1"),
                    d.flow("b", "end"))  # fmt: skip
    content, _ = changed(xml)
    gateway = element(content, "Split_a")
    assert (gateway.tag, gateway.get("default")) == (f"{{{BPMN}}}inclusiveGateway", "a_end")
    assert element(content, "a").get("default") is None
    without = xml.replace(b' default="a_end"', b"")
    assert "implicit-split" in rules(without)


def test_the_one_flow_without_a_condition_is_the_default_flow() -> None:
    content, told = changed(choice(gateway=d.exclusive("g")))
    assert [(one.rule, one.element_id) for one in told] == [("default-chosen", "g_end")]
    assert element(content, "g").get("default") == "g_end"
    assert "default-chosen" not in rules(choice(gateway=d.inclusive("g")))


# -------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("kind", "text"), [("timeDuration", "PT5M"), ("timeDuration", "= PT5M"), ("timeDate", "2027-03-01T08:00:00Z")]
)
def test_a_proper_time_gets_its_quotation_marks(kind: str, text: str) -> None:
    content, told = changed(row(d.catch("a", d.timer(kind, text))))
    assert [one.rule for one in told] == ["timer-not-quoted"]
    assert f'"{text.removeprefix("= ")}"' in [one.text for one in read(content).iter(f"{{{BPMN}}}{kind}")]


@pytest.mark.parametrize("text", ["P2D12H", "R3/PT10M", "2027-03-01"])
def test_an_improper_time_stays_an_error(text: str) -> None:
    assert "timer-value" in rules(row(d.catch("a", d.timer("timeDuration", text))))


def test_expressions_for_another_engine_are_translated_wherever_they_stand() -> None:
    task = person("a", "official:${unit}", dueDate="${due}")
    job = d.service("c", "greet", {"name": "${who}"})
    host = edge(d.boundary("b", "a", d.timer("timeDuration", "${pause}")), host=task + job)
    content, told = changed(host)
    assert [one.rule for one in told] == ["expression-translated"] * 4
    assert b'"= &quot;official:&quot; + string(unit)"' in content
    assert b">= who<" in content
    assert b">= pause<" in content
    assert b"${" not in content


def test_a_condition_in_a_programming_language_is_not_taken_for_an_expression() -> None:
    language = b'xsi:type="bpmn:tFormalExpression" language="groovy"'
    script = choice("${x}").replace(b'xsi:type="bpmn:tFormalExpression"', language, 1)
    assert rules(script) == {"expression-language"}


@pytest.mark.parametrize(
    ("attributes", "topic"),
    [
        ('camunda:delegateExpression="${greet}"', "greet"),
        ('camunda:class="org.example.greet"', "greet"),
        ('camunda:expression="${mail.send(execution)}"', "mail.send"),
    ],
)
def test_the_name_of_the_work_is_taken_from_where_other_engines_have_it(attributes: str, topic: str) -> None:
    content, told = changed(row(f'<bpmn:serviceTask id="a" {attributes}/>'))
    assert [one.rule for one in told] == ["topic-taken"]
    assert element(content, "a").get("{http://camunda.org/schema/1.0/bpmn}topic") == topic


def test_a_collection_is_kept_as_the_standard_has_it() -> None:
    several = (
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${streets}" camunda:elementVariable="street"/>'
    )
    content, told = changed(row(person("a").replace("/>", f">{several}</bpmn:userTask>")))
    assert [one.rule for one in told] == ["collection-taken"]
    assert b"<bpmn:loopDataInputRef>streets<" in content
    assert rules(content) == set()


@pytest.mark.parametrize(
    "conditions",
    [
        ("${ok}", "${!ok}"),
        ("${!empty a.b && a.b}", "${empty a.b || !a.b}"),
        ("${!(!empty a && a)}", "${!empty a && a}"),
        ("${n > 5}", "${!(n > 5)}"),
        ("= a in (1, 2)", "= not(a in (1, 2))"),
        ("= list contains([true], a) and list contains([true], b)", "= not(list contains([true], b))", "${!a}"),
        ('= (k = "x") = true', '= not((k = "x") = true)'),
    ],
)
def test_conditions_that_leave_no_case_out_are_known(conditions: tuple[str, ...]) -> None:
    assert is_exhaustive([feel(one) or one for one in conditions])


@pytest.mark.parametrize(
    "conditions",
    [
        ("= ok", "= not(ok)"),  # neither holds where it is missing
        ("= ok", "= ok != true"),  # nor where it is a text
        ("= n >= 5", "= n < 5"),
        ('= kind = "road"', '= kind != "road"'),
        ("${k == 'a' || !b}", "${k != 'a' && b}"),
        ("= a in (1, 2)", "= not(a in (1, 2, 3))"),
        ("= a in (1, 2)", "= not((a >= 1) = true)", "= a > 2"),  # but between them
        ("= a in (1, 1.5)", "= not(a in (1, 1.5)) and (a <= 1 or a > 2)"),
        ('= a in ("x", "y")', '= not(a in ("x", "y")) and (a < "m" or a > "n")'),
        ("= a * 2 in (7, 8)", "= not(a * 2 in (7, 8))"),
        ("= a in (b, 8)", "= not(a in (b, 8))"),
        ("= deadline(1) in (1, 2)", "= not(deadline(1) in (1, 2))"),
        ("= a in (1, 2)", "= not(a in (1, 2)) and", "= b"),
        ("= a.b in (1, 2)", "= not(a.b in (1, 2)) and not(a in (1, 2))", "= a in (1, 2)"),
        tuple(f"= v{n} in (1, 2) or not(v{n + 1} in (1, 2))" for n in range(20)),  # too many cases to be asked
        ("= a", "= " + "not(" * 900 + "a" + ")" * 900),
        ("=", "="),
    ],
)
def test_where_a_case_may_be_left_out_or_nobody_can_tell_it_is_not_claimed(conditions: tuple[str, ...]) -> None:
    assert not is_exhaustive([feel(one) or one for one in conditions])


def test_the_last_of_conditions_that_leave_no_case_out_becomes_the_default() -> None:
    flows = (d.flow("start", "g"), d.flow("g", "a", "${ok}"), d.flow("g", "end", "${!ok}"), d.flow("a", "end"))
    content, told = changed(d.process(d.start(), d.exclusive("g"), person("a"), d.end(), *flows))
    assert [one.rule for one in told] == ["expression-translated", "expression-translated", "default-closed"]
    assert element(content, "g").get("default") == "g_end"
    assert len(element(content, "g_end")) == 0
    assert rules(content) == set()


def test_the_innermost_lane_says_who_does_a_task_that_names_nobody() -> None:
    inner = '<bpmn:lane id="i" name="Roads, north"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>'
    outer = (
        '<bpmn:lane id="o" name="Outer"><bpmn:flowNodeRef>a</bpmn:flowNodeRef><bpmn:flowNodeRef>u</bpmn:flowNodeRef>'
        f"<bpmn:childLaneSet>{inner}</bpmn:childLaneSet></bpmn:lane>"
    )
    inside = d.subprocess("u", d.start("s"), '<bpmn:task id="b"/>', d.end("e"), d.path("s", "b", "e"))
    parts = ('<bpmn:userTask id="a"/>', inside, d.user("c", "others"), '<bpmn:manualTask id="f"/>')
    content, _ = changed(row(f'<bpmn:laneSet id="ls">{outer}</bpmn:laneSet>', *parts, names=("a", "u", "c", "f")))
    groups = [element(content, one).get(f"{{{CAMUNDA}}}candidateGroups") for one in ("a", "b", "c", "f")]
    assert groups == ["Roads north", "Outer", "others", None]


def test_without_a_start_everything_nothing_leads_to_begins_at_once() -> None:
    content, told = changed(d.process(person("a"), person("b"), d.end(), d.flow("a", "end"), d.flow("b", "end")))
    assert [one.rule for one in told] == ["missing-start-added"]
    assert {flow.get("targetRef") for flow in read(content).iter(f"{{{BPMN}}}sequenceFlow")} >= {"a", "b"}
    assert rules(content) == set()


def test_events_of_one_name_share_a_message_once_the_uploader_says_so() -> None:
    catch = '<bpmn:intermediateCatchEvent id="{}" name="answered"><bpmn:messageEventDefinition/></bpmn:intermediateCatchEvent>'
    drawn = row(catch.format("a"), catch.format("b"), names=("a", "b"))
    content = normalise({"demo.bpmn": drawn}, Answers(accept=True))["demo.bpmn"].content
    assert [one.get("name") for one in read(content).iter(f"{{{BPMN}}}message")] == ["answered"]
    assert rules(content) == set()


def test_a_proposal_changes_nothing_until_the_uploader_says_so() -> None:
    drawn = EXAMPLES["topic-proposed"].wrong
    assert isinstance(drawn, bytes)
    waiting, agreed = (normalise({"demo.bpmn": drawn}, Answers(accept=yes))["demo.bpmn"] for yes in (False, True))
    assert (waiting.content, waiting.rewrites) == (drawn, [])
    assert [one.rule for one in waiting.proposals] == ["topic-proposed"]
    assert ([one.rule for one in agreed.rewrites], agreed.proposals) == (["topic-accepted"], [])
    assert normalise({"demo.bpmn": agreed.content})["demo.bpmn"].proposals == []


def test_a_process_is_meant_to_run_where_one_that_runs_calls_it() -> None:
    call = row('<bpmn:callActivity id="a" calledElement="second"/>')
    second = d.process(d.start("s"), d.end("e"), d.flow("s", "e"), key="second").replace(b' isExecutable="true"', b"")
    third = second.replace(b"second", b"third")
    done = normalise({"a.bpmn": call, "b.bpmn": second, "c.bpmn": third})
    assert {name: [one.rule for one in file.rewrites] for name, file in done.items()} == {
        "a.bpmn": [], "b.bpmn": ["made-executable"], "c.bpmn": []
    }  # fmt: skip


def test_a_process_of_the_same_file_is_meant_to_run_where_it_is_called() -> None:
    inner = f'<bpmn:process id="second">{d.start("s")}{d.end("e")}{d.path("s", "e")}</bpmn:process></bpmn:definitions>'
    call = row('<bpmn:callActivity id="a" calledElement="second"/>').replace(b"</bpmn:definitions>", inner.encode())
    assert [one.rule for one in normalise({"a.bpmn": call})["a.bpmn"].rewrites] == ["made-executable"]
    assert rules(call) == {"made-executable"}


def test_a_drawing_that_calls_what_runs_stays_a_drawing() -> None:
    call = row('<bpmn:callActivity id="a" calledElement="second"/>').replace(b' isExecutable="true"', b"")
    second = d.process(d.start("s"), d.end("e"), d.flow("s", "e"), key="second")
    assert normalise({"a.bpmn": call, "b.bpmn": second})["a.bpmn"].rewrites == []


def test_what_is_thrown_without_a_code_only_reaches_what_catches_all() -> None:
    ends = d.end("e", "<bpmn:errorEventDefinition/>")
    host = d.subprocess("a", d.start("s"), ends, d.path("s", "e"))
    caught = "<bpmn:errorEventDefinition{}/>"
    for reference, expected in (("", set()), (' errorRef="other"', {"uncaught-error"})):
        drawn = edge(
            d.boundary("b", "a", caught.format(reference)),
            host=host,
            outside='<bpmn:error id="other" errorCode="Error_e"/>',
        )
        content, told = changed(drawn)
        assert [one.rule for one in told] == ["code-named"]
        assert rules(content) == expected


def test_two_events_on_one_step_that_ask_for_no_code_are_left_to_the_designer() -> None:
    events = "".join(d.boundary(name, "a", f'<bpmn:errorEventDefinition errorRef="{name}x"/>') for name in ("b", "c"))
    errors = '<bpmn:error id="bx" name="one"/><bpmn:error id="cx" name="other"/>'
    drawn = edge(events, outside=errors)
    assert {one.rule for one in normalise({"demo.bpmn": drawn})["demo.bpmn"].rewrites} == {"missing-end"}
    assert "error-reference" in rules(drawn)


@pytest.mark.parametrize(("order", "ways"), [("exclusive", ["g_end"]), ("inclusive", [])])
def test_the_last_flow_is_proposed_as_the_default_where_that_changes_nothing_but_the_case_without_a_way(
    order: str, ways: list[str]
) -> None:
    gateway = d.exclusive("g") if order == "exclusive" else d.inclusive("g")
    flows = (d.flow("start", "g"), d.flow("g", "a", "= n > 1"), d.flow("g", "end", "= n < 1"), d.flow("a", "end"))
    drawn = d.process(d.start(), gateway, person("a"), d.end(), *flows)
    proposed = normalise({"demo.bpmn": drawn})["demo.bpmn"].proposals
    assert [one.element_id for one in proposed] == ways


@pytest.mark.parametrize(
    ("inside", "attributes", "topic"),
    [
        ('<spiffworkflow:serviceTaskOperator id="http/Get"/>', "", "http.Get"),
        ("", 'implementation="${services.post}"', "services.post"),
    ],
)
def test_work_named_for_other_engines_is_a_topic(inside: str, attributes: str, topic: str) -> None:
    space = 'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    extensions = f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>" if inside else ""
    content, told = changed(row(f'<bpmn:serviceTask id="a" {space} {attributes}>{extensions}</bpmn:serviceTask>'))
    assert [one.rule for one in told] == ["topic-taken"]
    assert element(content, "a").get(f"{{{CAMUNDA}}}topic") == topic


def _conditions() -> st.SearchStrategy[str]:
    """Conditions of the kind the proof is about."""
    path = st.sampled_from(["a", "b.c"])
    literal = st.sampled_from(["1", "2", "2.5", '"x"', '"y"', "true", "null"])
    atoms = st.one_of(
        path,
        path.map("list contains([true], {})".format),
        path.map('list contains([null, "", []], {})'.format),
        st.builds("{} {} {}".format, path, st.sampled_from(["=", "!=", "<", ">="]), literal),
        st.builds("{} in ({}, {})".format, path, literal, literal),
    )
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            inner.map("not({})".format),
            inner.map("({}) = true".format),
            st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner),
        ),
        max_leaves=4,
    )


_MOMENTS = [None, "", "x", "xx", "y", "z", [], [1], ["x"], {}, {"c": 1}, True, False, -1, 0, 1, 1.5, 2, 2.2, 2.5, 3]


@settings(max_examples=300, deadline=None)
@given(st.lists(_conditions(), max_size=2), _conditions(), st.sampled_from(["not({})", "not(({}) = true)"]))
def test_where_no_case_is_said_to_be_left_out_none_is(some: list[str], one: str, opposite: str) -> None:
    conditions = [*some, one, opposite.format(one)]
    if is_exhaustive(conditions):
        asked = [compile_expression(text) for text in conditions]
        for a in _MOMENTS:
            for c in _MOMENTS:
                assert any(ask({"a": a, "b": {"c": c}}) is True for ask in asked)


def test_the_key_of_another_engine_goes_to_everything_that_waits_and_what_says_its_own_keeps_it() -> None:
    message, answered = SUBSCRIBED, d.message("answered")[1]
    parts = d.catch("a", answered), d.catch("b", answered, "= pole"), d.throw("c", answered), d.catch("e", answered)
    content = row(*parts, names=("a", "b", "c", "e"), outside=message)
    normalised = normalise({"x.bpmn": content})["x.bpmn"]
    said = {
        node.get("id"): node.get(KEY) for node in read(normalised.content).iter() if node.get("id") in tuple("abce")
    }
    assert said == {"a": "= lamp", "b": "= pole", "c": None, "e": "= lamp"}
    assert [(one.rule, one.element_id) for one in normalised.rewrites] == [("key-taken", "a"), ("key-taken", "e")]
    assert b"subscription" not in normalised.content
    again = normalise({"x.bpmn": normalised.content})["x.bpmn"]
    assert (again.content, again.rewrites) == (normalised.content, [])
